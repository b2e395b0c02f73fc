/** The p-norm by itself: what a gradient that is not finite, or all zeros, does not reach through the rules. */
import should from 'should'
import { pNorm } from '../../../src/clip-gradient/p-norm'
import { close } from './gradients'

const { NaN: nan, POSITIVE_INFINITY: infinity } = Number
const row = (...numbers: number[]) => Float64Array.from(numbers)

describe('pNorm', () => {
  it('is the sum for p = 1, the root of the sum of squares for 2, the largest for infinity', () => {
    should(pNorm(1, row(1, -2), row(4))).equal(7)
    should(pNorm(2, row(3, -4), row(12))).equal(13)
    should(pNorm(infinity, row(1, -9), row(4))).equal(9)
    close(pNorm(3, row(3, -4), row(5)), 6)
  })

  it('is 0 of zeros', () => {
    for (const p of [0.5, 1, 2, 3, infinity]) should(pNorm(p, row(0, -0), row(0))).equal(0)
  })

  it('is infinite where an entry is, and NaN where one is', () => {
    for (const p of [0.5, 1, 2, 3, infinity]) {
      should(pNorm(p, row(1, -infinity), row(2))).equal(infinity)
      should(pNorm(p, row(1, nan), row(2))).be.NaN()
    }
  })

  it('reaches numbers whose cubes overflow or vanish', () => {
    for (const size of [1e-200, 1e200]) close(pNorm(3, row(3 * size, 4 * size, 5 * size)), 6 * size)
  })
})
