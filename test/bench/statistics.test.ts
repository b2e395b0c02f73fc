/** Medians, paired ratios, exponents. */
import fc from 'fast-check'
import should from 'should'
import { exponent, median, pairedRatio, percentile, rotated, stepsFor } from '../../bench/statistics'

const positive = fc.double({ min: 1e-3, max: 1e3, noNaN: true })

describe('bench statistics', () => {
  it('median: the one in the middle, of an even number the mean of two, by value and not as text', () => {
    should(median([10, 9, 100])).equal(10)
    should(median([4, 1, 3, 2])).equal(2.5)
    should(median([])).be.NaN()
  })

  it('median does not reorder what it is given', () => {
    const values = [3, 1, 2]
    median(values)
    should(values).eql([3, 1, 2])
  })

  it('paired ratio: a drift that hits both sides in a round leaves it as it is', () => {
    fc.assert(
      fc.property(fc.array(positive, { minLength: 1 }), positive, (drift, factor) => {
        const ratio = pairedRatio(
          drift.map((one) => one * factor),
          drift,
        )
        should(ratio).be.approximately(factor, 1e-9 * factor)
      }),
    )
  })

  it('paired ratio: only rounds in which both were measured', () => {
    should(pairedRatio([6, 8, 10], [2, 2])).equal(3.5)
    should(pairedRatio([6, 8], [2, 2, 1000])).equal(3.5)
  })

  it('steps for a span: at least one, at most as said', () => {
    should(stepsFor(60, 7)).equal(9)
    should(stepsFor(60, 1000)).equal(1)
    should(stepsFor(60, 1e-6, 500)).equal(500)
  })

  it('rotated: every round begins with another one, and nobody is left out', () => {
    should(rotated(['a', 'b', 'c'], 0)).eql(['a', 'b', 'c'])
    should(rotated(['a', 'b', 'c'], 4)).eql(['b', 'c', 'a'])
    should(rotated([], 2)).eql([])
  })

  it('exponent: the power of a power law, whatever its factor', () => {
    fc.assert(
      fc.property(fc.double({ min: -3, max: 3, noNaN: true }), positive, (power, factor) => {
        const points = [1, 10, 30, 1000].map((x) => [x, factor * x ** power] as const)
        should(exponent(points)).be.approximately(power, 1e-9)
      }),
    )
  })

  it('percentile: the nearest rank', () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index)
    should(percentile(values, 0.99)).equal(99)
    should(percentile(values, 1)).equal(100)
    should(percentile([5], 0.5)).equal(5)
    should(percentile([3, 1, 2], 0.5)).equal(2)
  })
})
