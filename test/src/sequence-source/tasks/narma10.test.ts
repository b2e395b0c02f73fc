/** NARMA10 against its recursion, written out sum by sum. */
import fc from 'fast-check'
import should from 'should'
import { random } from '../../../../src/random/random'
import { narma10 } from '../../../../src/sequence-source/tasks/narma10'
import { deviation, mean, seed } from '../drawn'

/** y[t + 1] for u[0 … t], everything before being 0. */
const recursion = (u: readonly number[]): number[] => {
  const y = new Map<number, number>([[0, 0]])
  const past = (of: (t: number) => number | undefined) => (t: number) => (t < 0 ? 0 : (of(t) as number))
  const [yAt, uAt] = [past((t) => y.get(t)), past((t) => u[t])]
  for (let t = 0; t < u.length; t++) {
    let sum = 0
    for (let i = 0; i <= 9; i++) sum += yAt(t - i)
    y.set(t + 1, 0.3 * yAt(t) + 0.05 * yAt(t) * sum + 1.5 * uAt(t - 9) * uAt(t) + 0.1)
  }
  return u.map((_, t) => yAt(t + 1))
}

describe('NARMA10', () => {
  it('asks at every step for the next y of the recursion, from rest', () => {
    fc.assert(
      fc.property(seed, fc.integer({ min: 1, max: 80 }), (from, length) => {
        const { inputs, target } = narma10({ length, targetsPer: 'step' }).draw(random(from))
        should(inputs).have.length(length)
        should(inputs.every((row) => row.length === 1 && row[0] >= 0 && row[0] < 0.5)).be.true()
        const wanted = recursion(inputs.map(([u]) => u))
        should(target).have.length(length)
        target.forEach((y, t) => {
          should(y).be.approximately(wanted[t], 1e-12)
        })
      }),
    )
  })

  it('asks once a sequence for the last y', () => {
    const [once, each] = (['sequence', 'step'] as const).map((targetsPer) =>
      narma10({ length: 30, targetsPer }).draw(random(8)),
    )
    should(once.inputs).eql(each.inputs)
    should(once.target).eql(each.target.slice(-1))
  })

  it('draws its inputs evenly from 0 to 0.5', () => {
    const inputs = narma10({ length: 5000 })
      .draw(random(1))
      .inputs.map(([u]) => u)
    should(mean(inputs)).be.approximately(0.25, 0.01)
    should(deviation(inputs)).be.approximately(0.5 / Math.sqrt(12), 0.005)
  })

  it('draws a sequence that runs away again', () => {
    // about one in a hundred of this length does
    const draws = random(1)
    const generator = narma10({ length: 1000, targetsPer: 'step' })
    for (let count = 0; count < 300; count++)
      should(Math.max(...generator.draw(draws).target)).be.belowOrEqual(1)
    const plain = random(1)
    const runaway = Array.from({ length: 300 }, () =>
      recursion(Array.from({ length: 1000 }, () => plain.uniform(0, 0.5))),
    ).filter((y) => !y.every((value) => value <= 1))
    should(runaway.length).be.above(0)
  })
})
