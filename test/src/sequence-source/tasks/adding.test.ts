/** The adding problem against its definition. */
import fc from 'fast-check'
import should from 'should'
import { random } from '../../../../src/random/random'
import { adding } from '../../../../src/sequence-source/tasks/adding'
import { seed } from '../drawn'

const length = fc.integer({ min: 2, max: 61 })

describe('adding problem', () => {
  it('marks two steps, one in each half, and asks for the sum of their numbers', () => {
    fc.assert(
      fc.property(seed, length, (from, steps) => {
        const { inputs, target } = adding({ length: steps }).draw(random(from))
        should(inputs).have.length(steps)
        should(inputs.every((row) => row.length === 2 && row[0] >= 0 && row[0] < 1)).be.true()
        const marked = inputs.flatMap(([, mark], step) => (mark === 1 ? [step] : []))
        should(inputs.filter(([, mark]) => mark !== 0)).have.length(2)
        should(marked).have.length(2)
        should(marked[0]).be.below(Math.floor(steps / 2))
        should(marked[1]).be.aboveOrEqual(Math.floor(steps / 2))
        should(target).eql([inputs[marked[0]][0] + inputs[marked[1]][0]])
      }),
    )
  })

  it('marks every step of a half about equally often', () => {
    const draws = random(4)
    const counts = new Array(5).fill(0)
    for (let count = 0; count < 3000; count++)
      adding({ length: 5 })
        .draw(draws)
        .inputs.forEach(([, mark], step) => {
          counts[step] += mark
        })
    for (const count of counts.slice(0, 2)) should(count).be.within(1400, 1600)
    for (const count of counts.slice(2)) should(count).be.within(880, 1120)
  })

  it('has a mean squared error of about 1/6 if the answer is always 1', () => {
    const draws = random(1)
    const generator = adding({ length: 9 })
    let sum = 0
    for (let count = 0; count < 20000; count++) sum += (generator.draw(draws).target[0] - 1) ** 2
    should(sum / 20000).be.approximately(1 / 6, 0.005)
  })
})
