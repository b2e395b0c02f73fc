/** Sums of sines against their definition. */
import fc from 'fast-check'
import should from 'should'
import { random } from '../../../../src/random/random'
import { sineMixture } from '../../../../src/sequence-source/tasks/sine-mixture'
import { throwsExpected } from '../../../support/throws'
import { deviation, seed } from '../drawn'

/** Rows of a Hankel matrix of a signal: a sum of K sines makes its rank 2K. */
const rankOf = (signal: readonly number[], size: number): number => {
  const rows = Array.from({ length: size }, (_, row) => signal.slice(row, row + size))
  let rank = 0
  for (let column = 0; column < size; column++) {
    let pivot = rank
    for (let row = rank; row < size; row++)
      if (Math.abs(rows[row][column]) > Math.abs(rows[pivot][column])) pivot = row
    if (pivot >= size || Math.abs(rows[pivot][column]) < 1e-9) continue
    ;[rows[rank], rows[pivot]] = [rows[pivot], rows[rank]]
    for (let row = rank + 1; row < size; row++) {
      const factor = rows[row][column] / rows[rank][column]
      rows[row] = rows[row].map((value, at) => value - factor * rows[rank][at])
    }
    rank++
  }
  return rank
}
const values = (length: number, components: number, from: number) =>
  sineMixture({ length, components, targetsPer: 'step' })
    .draw(random(from))
    .inputs.map(([value]) => value)

describe('sine mixture', () => {
  it('is a sum of so many sines', () => {
    for (const components of [1, 2, 3])
      should(rankOf(values(60, components, 4 + components), 2 * components + 2)).equal(2 * components)
    should(sineMixture({}).draw(random(4))).eql(sineMixture({ components: 3 }).draw(random(4)))
  })

  it('has periods between 10 and 40 steps, and stays in [-1, 1]', () => {
    fc.assert(
      fc.property(seed, fc.integer({ min: 1, max: 5 }), (from, components) => {
        const signal = values(2000, components, from)
        should(Math.max(...signal.map(Math.abs))).be.belowOrEqual(1 + 1e-12)
        should(deviation(signal)).be.above(0.2)
        // the power outside of the band, from a Fourier transform with Hann's window, is next to nothing
        const power = (period: number) => {
          let [cosine, sine] = [0, 0]
          signal.forEach((value, t) => {
            const weight = 1 - Math.cos((2 * Math.PI * t) / signal.length)
            cosine += weight * value * Math.cos((2 * Math.PI * t) / period)
            sine += weight * value * Math.sin((2 * Math.PI * t) / period)
          })
          return Math.hypot(cosine, sine) / signal.length
        }
        for (const period of [3, 5, 8, 9.5, 45, 60, 100, 300]) should(power(period)).be.below(0.01)
      }),
      { numRuns: 20 },
    )
  })

  it('of one sine has amplitude 1', () => {
    for (const from of [1, 2, 3])
      should(Math.max(...values(500, 1, from).map(Math.abs))).be.within(Math.cos(Math.PI / 10), 1)
  })

  it('asks for the value so many steps ahead, after every step or after the last', () => {
    fc.assert(
      fc.property(seed, fc.integer({ min: 0, max: 9 }), (from, horizon) => {
        const draw = (length: number, options: object) =>
          sineMixture({ length, ...options }).draw(random(from))
        const long = draw(40, {}).inputs.map(([value]) => value)
        const each = draw(20, { horizon, targetsPer: 'step' })
        should(each.inputs.map(([value]) => value)).eql(long.slice(0, 20))
        should(each.target).eql(long.slice(horizon, 20 + horizon))
        should(draw(20, { horizon }).target).eql([long[19 + horizon]])
        should(draw(20, {}).target).eql([long[20]])
      }),
    )
  })

  it('refuses no sines, and looking back', () => {
    throwsExpected(
      () => sineMixture({ components: 0 }),
      'expected components to be a whole number from 1 up to 100, got 0',
    )
    throwsExpected(
      () => sineMixture({ horizon: -1 }),
      'expected horizon to be a whole number from 0 up to 10000, got -1',
    )
  })
})
