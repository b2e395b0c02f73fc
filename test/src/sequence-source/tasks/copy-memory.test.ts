/** Copy memory against its definition. */
import fc from 'fast-check'
import should from 'should'
import { random } from '../../../../src/random/random'
import { copyMemory } from '../../../../src/sequence-source/tasks/copy-memory'
import { hot, seed } from '../drawn'

describe('copy memory', () => {
  const [blank, cue] = [8, 9]

  it('is symbols, blanks, a cue, blanks; and asks for blanks, then the symbols', () => {
    fc.assert(
      fc.property(
        seed,
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 40 }),
        (from, remember, delay) => {
          const generator = copyMemory({ remember, length: delay })
          const { inputs, target } = generator.draw(random(from))
          const steps = inputs.map(hot)
          should(generator.length).equal(2 * remember + delay)
          should(steps).have.length(generator.length)
          should(inputs.every((row) => row.length === 10)).be.true()
          const symbols = steps.slice(0, remember)
          should(symbols.every((symbol) => symbol >= 0 && symbol < 8)).be.true()
          should(steps.slice(remember, remember + delay - 1).every((symbol) => symbol === blank)).be.true()
          should(steps[remember + delay - 1]).equal(cue)
          should(steps.slice(remember + delay).every((symbol) => symbol === blank)).be.true()
          should(target).have.length(generator.length)
          should(target.slice(0, remember + delay).every((symbol) => symbol === blank)).be.true()
          should(target.slice(remember + delay)).eql(symbols)
          should([generator.inputSize, generator.outputSize]).eql([10, 9])
        },
      ),
    )
  })

  it('draws all eight symbols', () => {
    const { inputs } = copyMemory({ remember: 400, length: 1 }).draw(random(1))
    const counts = new Array(8).fill(0)
    for (const row of inputs.slice(0, 400)) counts[row.indexOf(1)]++
    for (const count of counts) should(count).be.within(25, 75)
  })
})
