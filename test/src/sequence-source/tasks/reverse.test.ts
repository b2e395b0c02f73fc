/** Reversal against its definition. */
import fc from 'fast-check'
import should from 'should'
import { random } from '../../../../src/random/random'
import { reverse } from '../../../../src/sequence-source/tasks/reverse'
import { throwsExpected } from '../../../support/throws'
import { hot, seed } from '../drawn'

describe('reverse', () => {
  it('asks for the symbols backwards', () => {
    fc.assert(
      fc.property(
        seed,
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 2, max: 15 }),
        (from, length, symbols) => {
          const generator = reverse({ length, symbols })
          const { inputs, target } = generator.draw(random(from))
          should(inputs.every((row) => row.length === symbols)).be.true()
          const sequence = inputs.map(hot)
          should(sequence).have.length(length)
          should(target).have.length(length)
          for (let step = 0; step < length; step++) should(target[step]).equal(sequence[length - 1 - step])
          should([generator.inputSize, generator.outputSize, generator.targetKind]).eql([
            symbols,
            symbols,
            'class',
          ])
        },
      ),
    )
  })

  it('draws eight of ten symbols if nothing else is asked, each about equally often', () => {
    const draws = random(1)
    const counts = new Array(10).fill(0)
    for (let count = 0; count < 1000; count++) {
      const { inputs } = reverse({}).draw(draws)
      should(inputs).have.length(8)
      for (const row of inputs) counts[hot(row)]++
    }
    for (const count of counts) should(count).be.within(700, 900)
  })

  it('refuses a single symbol', () => {
    throwsExpected(
      () => reverse({ symbols: 1 }),
      'expected symbols to be a whole number from 2 up to 1000, got 1',
    )
  })
})
