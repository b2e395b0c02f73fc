/** Euclidean norms at both ends of floating point. */
import fc from 'fast-check'
import should from 'should'
import { norm } from '../../../src/tensor/norm'

const close = (actual: number, wanted: number) =>
  should(Math.abs(actual - wanted)).be.belowOrEqual(1e-14 * wanted)

describe('norm', () => {
  it('is the root of the sum of squares, over several arrays together', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.array(
            fc.double({ min: -1e3, max: 1e3, noNaN: true }).filter((x) => x === 0 || Math.abs(x) > 1e-3),
          ),
          { minLength: 1 },
        ),
        (arrays) => {
          const wanted = Math.sqrt(arrays.flat().reduce((sum, value) => sum + value ** 2, 0))
          close(norm(...arrays.map((array) => Float64Array.from(array))), wanted)
        },
      ),
    )
  })

  it('scales with its numbers by any power of two, out to where squares overflow and underflow', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.5, max: 2, noNaN: true }), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: -1000, max: 1000 }),
        (values, exponent) => {
          const plain = Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0))
          close(norm(Float64Array.from(values, (value) => value * 2 ** exponent)), plain * 2 ** exponent)
        },
      ),
      { numRuns: 500 },
    )
  })

  it('does not overflow at 1e200 nor underflow at 1e-200', () => {
    close(norm(Float64Array.of(3e200, -4e200)), 5e200)
    close(norm(Float64Array.of(3e-200), Float64Array.of(4e-200)), 5e-200)
    should(norm(Float64Array.of(5e-324))).equal(5e-324)
    close(norm(Float64Array.of(1e308, 1e308)), Math.SQRT2 * 1e308)
  })

  it('works on the largest and smallest float32 numbers', () => {
    const largest = 3.4028234663852886e38
    close(norm(new Float32Array(4).fill(largest)), 2 * largest)
    close(norm(new Float32Array(4).fill(2 ** -149)), 2 ** -148)
  })

  it('keeps a large number beside a small one', () => {
    close(norm(Float64Array.of(1e-200, 1e200)), 1e200)
  })

  it('is 0 for zeros and for nothing', () => {
    should(norm(new Float64Array(3))).equal(0)
    should(norm()).equal(0)
    should(norm(new Float32Array(0), new Float64Array(0))).equal(0)
  })

  it('is NaN as soon as there is one, even beside Infinity', () => {
    should(norm(Float64Array.of(1, Number.NaN))).be.NaN()
    should(norm(Float64Array.of(Number.NaN, Number.POSITIVE_INFINITY))).be.NaN()
    should(norm(Float64Array.of(Number.POSITIVE_INFINITY), Float64Array.of(Number.NaN))).be.NaN()
  })

  it('is Infinity where a number is infinite', () => {
    should(norm(Float64Array.of(1, Number.NEGATIVE_INFINITY))).equal(Number.POSITIVE_INFINITY)
  })
})
