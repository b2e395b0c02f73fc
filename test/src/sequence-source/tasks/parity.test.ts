/** Parity against its definition. */
import fc from 'fast-check'
import should from 'should'
import { random } from '../../../../src/random/random'
import { parity } from '../../../../src/sequence-source/tasks/parity'
import { throwsExpected } from '../../../support/throws'
import { seed } from '../drawn'

const length = fc.integer({ min: 1, max: 40 })

describe('parity', () => {
  it('asks at every step whether the ones so far are odd in number', () => {
    fc.assert(
      fc.property(seed, length, (from, steps) => {
        const { inputs, target } = parity({ length: steps, targetsPer: 'step' }).draw(random(from))
        should(inputs).have.length(steps)
        should(inputs.every((row) => row.length === 1 && (row[0] === 0 || row[0] === 1))).be.true()
        const ones = inputs.map((_, step) => inputs.slice(0, step + 1).filter(([bit]) => bit === 1).length)
        should(target).eql(ones.map((count) => count % 2))
      }),
    )
  })

  it('asks once a sequence for the parity of all of it', () => {
    fc.assert(
      fc.property(seed, length, (from, steps) => {
        const [once, each] = (['sequence', 'step'] as const).map((targetsPer) =>
          parity({ length: steps, targetsPer }).draw(random(from)),
        )
        should(once.inputs).eql(each.inputs)
        should(once.target).eql(each.target.slice(-1))
      }),
    )
  })

  it('has as many ones as zeros, and two classes', () => {
    const generator = parity({ length: 5000 })
    const { inputs } = generator.draw(random(3))
    should(inputs.filter(([bit]) => bit === 1).length).be.within(2350, 2650)
    should([generator.inputSize, generator.outputSize, generator.targetKind, generator.targetsPer]).eql([
      1,
      2,
      'class',
      'sequence',
    ])
  })

  it('refuses a target for every batch', () => {
    throwsExpected(
      () => parity({ targetsPer: 'batch' as 'step' }),
      'expected targetsPer to be one of sequence, step, got the text "batch"',
    )
  })
})
