/** Numbers times a power of two: exact in range, and right beyond it. */
import fc from 'fast-check'
import should from 'should'
import {
  excessExponent,
  logHypot,
  logNorm,
  scaleByPowerOfTwo,
  sumScaled,
} from '../../../src/bptt-gradient/scaled'

const scaled = (value: number, exponent: number) => {
  const values = Float64Array.of(value)
  scaleByPowerOfTwo(values, exponent)
  return values[0]
}

describe('scaleByPowerOfTwo', () => {
  it('is exact, there and back again, as long as the numbers stay in range', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-100, max: 1e100, noNaN: true }),
        fc.integer({ min: -600, max: 600 }),
        (value, exponent) => {
          should(scaled(value, exponent)).equal(value * 2 ** exponent)
          should(scaled(scaled(value, exponent), -exponent)).equal(value)
        },
      ),
    )
  })

  it('is exact where the power itself is out of range', () => {
    should(scaled(2 ** -1070, 2000)).equal(2 ** 930)
    should(scaled(-(2 ** 1000), -2000)).equal(-(2 ** -1000))
    should(scaled(2 ** 1023, -2097)).equal(2 ** -1074)
  })

  it('ends in infinity or 0 beyond the range, and leaves 0, infinity and NaN as they are', () => {
    for (const exponent of [1100, 3000, 100_000]) {
      should(scaled(1, exponent)).equal(Number.POSITIVE_INFINITY)
      should(scaled(-1, exponent)).equal(Number.NEGATIVE_INFINITY)
      should(scaled(1, -exponent)).equal(0)
      for (const sign of [1, -1]) {
        should(scaled(0, sign * exponent)).equal(0)
        should(scaled(Number.NaN, sign * exponent)).be.NaN()
        should(scaled(Number.POSITIVE_INFINITY, sign * exponent)).equal(Number.POSITIVE_INFINITY)
      }
    }
  })
})

describe('excessExponent', () => {
  it('takes out nothing while numbers are safe, or where there is nothing to save', () => {
    for (const value of [0, 1, 1e149, 1e-149, Number.NaN, Number.POSITIVE_INFINITY])
      should(excessExponent([Float64Array.of(value)])).equal(0)
  })

  it('brings the largest number near 1 otherwise', () => {
    for (const value of [1e151, -1e300, 1e-151, 5e-324]) {
      const values = Float64Array.of(0, value)
      scaleByPowerOfTwo(values, -excessExponent([values]))
      should(Math.abs(values[1])).be.within(1, 2)
    }
  })
})

describe('sumScaled', () => {
  const of = (value: number, exponent: number) => ({ values: Float64Array.of(value), exponent })

  it('adds what both stand for', () => {
    const sum = sumScaled(of(3, 2000), of(5, 1999))
    should(scaled(sum.values[0], sum.exponent - 2000)).equal(5.5)
  })

  it('keeps the larger exponent, whichever it is, so that nothing overflows', () => {
    for (const [a, b] of [
      [0, 3000],
      [3000, 0],
    ])
      should(sumScaled(of(1, a), of(1, b))).eql(of(1, 3000))
  })

  it('is the other one where one is zero, whatever its exponent', () => {
    should(sumScaled(of(0, 5000), of(3, -5000))).eql(of(3, -5000))
    should(sumScaled(of(3, -5000), of(0, 5000))).eql(of(3, -5000))
  })

  it('changes neither', () => {
    const [a, b] = [of(1, 4), of(1, 0)]
    sumScaled(a, b)
    should([a, b]).eql([of(1, 4), of(1, 0)])
  })
})

describe('logNorm', () => {
  it('is right far beyond the range, and -Infinity for zero', () => {
    should(logNorm([Float64Array.of(3), Float64Array.of(4)], 3000)).be.approximately(
      Math.log(5) + 3000 * Math.LN2,
      1e-12,
    )
    should(logNorm([Float64Array.of(0)], 3000)).equal(Number.NEGATIVE_INFINITY)
  })
})

describe('logHypot', () => {
  it('is log √(e²ᵃ + e²ᵇ), in either order', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -300, max: 300, noNaN: true }),
        fc.double({ min: -300, max: 300, noNaN: true }),
        (a, b) => {
          should(logHypot(a, b)).be.approximately(Math.log(Math.hypot(Math.exp(a), Math.exp(b))), 1e-12)
        },
      ),
    )
  })

  it('is the larger one where the other is nothing beside it, or nothing at all', () => {
    const none = Number.NEGATIVE_INFINITY
    for (const [a, b, log] of [
      [5000, 0, 5000],
      [-5000, 3, 3],
      [none, 7, 7],
      [none, none, none],
    ]) {
      should(logHypot(a, b)).equal(log)
      should(logHypot(b, a)).equal(log)
    }
  })

  it('is not a number if one of the two is not', () => {
    should(logHypot(Number.NaN, 1)).be.NaN()
    should(logHypot(1, Number.NaN)).be.NaN()
  })
})
