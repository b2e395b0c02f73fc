/** Sine waves against their definition. */
import fc from 'fast-check'
import should from 'should'
import { random } from '../../../../src/random/random'
import { sine } from '../../../../src/sequence-source/tasks/sine'
import { deviation, mean, seed } from '../drawn'

const length = fc.integer({ min: 2, max: 61 })

describe('sine', () => {
  /** Of a wave w: w[t+1] = 2 cos(step) w[t] - w[t-1]. */
  const coefficient = (wave: readonly number[]) => (wave[0] + wave[2]) / wave[1]

  it('asks at every step for the next value; without noise the inputs are the wave itself', () => {
    fc.assert(
      fc.property(seed, length, (from, steps) => {
        const { inputs, target } = sine({ length: steps, noise: 0, targetsPer: 'step' }).draw(random(from))
        should(inputs).have.length(steps)
        should(target).have.length(steps)
        should(inputs.slice(1).map(([value]) => value)).eql(target.slice(0, -1))
      }),
    )
  })

  it('is a wave of amplitude 1 and a period between 10 and 40 steps', () => {
    fc.assert(
      fc.property(seed, (from) => {
        const { target } = sine({ length: 80, noise: 0, targetsPer: 'step' }).draw(random(from))
        const steepest = target
          .slice(1, -1)
          .reduce((best, value, at) => (Math.abs(value) > Math.abs(target[best]) ? at + 1 : best), 1)
        const twoCos = coefficient(target.slice(steepest - 1, steepest + 2))
        for (let t = 1; t < 79; t++)
          should(target[t + 1]).be.approximately(twoCos * target[t] - target[t - 1], 1e-9)
        const period = (2 * Math.PI) / Math.acos(twoCos / 2)
        should(period).be.within(10 - 1e-6, 40 + 1e-6)
        const [largest, smallest] = [Math.max(...target), Math.min(...target)]
        should(largest).be.within(Math.cos(Math.PI / 10), 1)
        should(smallest).be.within(-1, -Math.cos(Math.PI / 10))
      }),
    )
  })

  it('asks for the next value without noise, once a sequence: the last of those asked at every step', () => {
    fc.assert(
      fc.property(seed, length, (from, steps) => {
        const [once, each] = (['sequence', 'step'] as const).map((per) =>
          sine({ length: steps, noise: 0.5, targetsPer: per }).draw(random(from)),
        )
        should(once.inputs).eql(each.inputs)
        should(once.target).eql(each.target.slice(-1))
      }),
    )
  })

  it('puts normal noise of the given size on the inputs, none on the targets', () => {
    const [noisy, clean] = [0.3, 0].map((noise) =>
      sine({ length: 5000, noise, targetsPer: 'step' }).draw(random(7)),
    )
    should(noisy.target).eql(clean.target)
    const errors = noisy.inputs.slice(1).map(([value], at) => value - clean.target[at])
    should(mean(errors)).be.approximately(0, 0.02)
    should(deviation(errors)).be.approximately(0.3, 0.015)
  })
})
