/** Waveforms against their definitions. */
import should from 'should'
import { random } from '../../../../src/random/random'
import { waveform } from '../../../../src/sequence-source/tasks/waveform'
import { throwsExpected } from '../../../support/throws'
import { hot } from '../drawn'

/** By other formulas than the task's: of the sine of the phase, and of a rising line. */
const definitions: ((phase: number) => number)[] = [
  (phase) => Math.sin(2 * Math.PI * phase),
  (phase) => (phase === 0 ? 1 : phase === 0.5 ? -1 : Math.sign(Math.sin(2 * Math.PI * phase))),
  (phase) => (2 / Math.PI) * Math.asin(Math.sin(2 * Math.PI * phase)),
  (phase) => -1 + 2 * phase,
]

describe('waveform', () => {
  it('asks for one period of the sine, square, triangle or sawtooth that its one input names', () => {
    const draws = random(3)
    for (const length of [2, 3, 8, 20, 33]) {
      const generator = waveform({ length })
      const counts = new Array(4).fill(0)
      for (let count = 0; count < 400; count++) {
        const { inputs, target } = generator.draw(draws)
        should(inputs).have.length(1)
        const kind = hot(inputs[0])
        counts[kind]++
        should(target).have.length(length)
        target.forEach((value, step) => {
          should(value).be.approximately(definitions[kind](step / length), 1e-12)
        })
      }
      for (const count of counts) should(count).be.within(60, 140)
    }
  })

  it('says that it has one step of inputs and more of targets', () => {
    const { draw: _, ...facts } = waveform({ length: 12 })
    should(facts).eql({
      length: 1,
      targetLength: 12,
      inputSize: 4,
      outputSize: 1,
      targetKind: 'value',
      targetsPer: 'step',
    })
  })

  it('refuses a single step', () => {
    throwsExpected(
      () => waveform({ length: 1 }),
      'expected length to be a whole number from 2 up to 100000, got 1',
    )
  })
})
