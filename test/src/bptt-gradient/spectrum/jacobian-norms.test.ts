/** Norms of products of Jacobians, against singular values of products that are multiplied out here. */
import fc from 'fast-check'
import should from 'should'
import { jacobianNorms, jacobianProductNorm } from '../../../../src/bptt-gradient/spectrum/jacobian-norms'
import { throwsExpected } from '../../../support/throws'
import {
  chain,
  diagonal,
  flat,
  logSigma,
  normal,
  orthogonal,
  product,
  type Rows,
  times,
  transposed,
  withSingularValues,
} from './matrices'

const whole = (jacobians: Rows[]) => jacobianProductNorm(jacobians.map(flat), 0, jacobians.length - 1)
const repeated = (count: number, rows: Rows): Rows[] => new Array<Rows>(count).fill(rows)
const close = (actual: number, wanted: number, within = 1e-11) =>
  should(actual).be.approximately(wanted, within)

describe('jacobianProductNorm', () => {
  it('is the largest singular value of the product, in ln', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 24 }),
        fc.integer({ min: 1, max: 12 }),
        fc.nat(),
        (size, count, seed) => {
          const jacobians = Array.from({ length: count }, (_, k) => normal(size, (seed % 1e6) + k))
          close(whole(jacobians), logSigma(chain(jacobians)))
        },
      ),
    )
  })

  it('is right for any part of the factors', () => {
    const jacobians = Array.from({ length: 6 }, (_, k) => normal(5, k + 1))
    for (const [from, to] of [
      [0, 0],
      [2, 4],
      [5, 5],
      [1, 5],
    ])
      close(
        jacobianProductNorm(jacobians.map(flat), from, to),
        logSigma(chain(jacobians.slice(from, to + 1))),
      )
  })

  it('is 0 for no factor at all', () => {
    should(jacobianProductNorm([flat(normal(3, 1))], 0, -1)).equal(0)
    should(jacobianProductNorm([flat(normal(3, 1))], 1, 0)).equal(0)
    should(jacobianProductNorm([], 0, -1)).equal(0)
  })

  it('needs no gap between the singular values: orthogonal factors times 0.8, 1 and 1.2', () => {
    for (const factor of [0.8, 1, 1.2]) {
      const jacobians = Array.from({ length: 60 }, (_, k) => times(orthogonal(12, k + 1), factor))
      close(whole(jacobians), 60 * Math.log(factor))
    }
  })

  it('finds the largest of many that lie close together', () => {
    const evenly = Array.from({ length: 100 }, (_, k) => 1 - k * 1e-3)
    close(whole([withSingularValues(evenly, 1)]), 0)
    close(whole([withSingularValues([1, 1 - 1e-9, 1 - 2e-9, ...new Array(60).fill(0.999)], 3)]), 0)
    const nearlyOne = Array.from({ length: 90 }, (_, k) => 1 - k * 1e-6)
    close(whole([withSingularValues(nearlyOne, 5)]), 0)
  })

  it('finds a single large one among small ones', () => {
    const rankOne = normal(30, 1).map((row, _, all) => row.map((_, column) => row[0] * all[0][column]))
    const nearly = rankOne.map((row, i) => row.map((value, k) => value + 1e-12 * Math.sin(i + 7 * k)))
    close(whole([rankOne]), logSigma(rankOne))
    close(whole([nearly]), logSigma(nearly))
    close(whole([nearly, transposed(nearly), nearly]), logSigma(chain([nearly, transposed(nearly), nearly])))
  })

  it('is -Infinity for a product that is zero', () => {
    const shift = times(
      diagonal(0, 0, 0, 0).map((row, i) => row.map((_, k) => (i === k + 1 ? 1 : 0))),
      5,
    )
    close(whole(repeated(3, shift)), Math.log(125))
    should(whole(repeated(4, shift))).equal(Number.NEGATIVE_INFINITY)
    const dense = [
      [1, -1],
      [1, -1],
    ]
    close(whole([dense]), Math.log(2))
    should(whole([dense, dense])).equal(Number.NEGATIVE_INFINITY)
    should(whole([diagonal(0, 0)])).equal(Number.NEGATIVE_INFINITY)
    should(whole([diagonal(1e300, 0), normal(2, 1), diagonal(0, 0), normal(2, 2)])).equal(
      Number.NEGATIVE_INFINITY,
    )
  })

  it('neither overflows nor underflows: factors times 2^±1000', () => {
    const jacobians = Array.from({ length: 50 }, (_, k) => normal(6, k + 1))
    const plain = logSigma(chain(jacobians))
    for (const power of [1000, -1000]) {
      const scaled = jacobians.map((J) => times(J, 2 ** power))
      close(whole(scaled), plain + 50 * power * Math.LN2, 1e-9)
    }
    const alternating = jacobians.map((J, k) => times(J, 2 ** (k % 2 ? 1000 : -1000)))
    close(whole(alternating), plain)
  })

  it('is right at 1e285, at 1e-285 and beyond', () => {
    for (const exponent of [285, -285, 300, -300])
      close(whole(repeated(1000, diagonal(10 ** exponent, 0))), 1000 * exponent * Math.LN10, 1e-8)
    close(whole(repeated(20_000, times(orthogonal(2, 1), 3))), 20_000 * Math.log(3), 1e-8)
  })

  it('loses no component that is far below the others', () => {
    const decimal = (exponents: number[], jacobians: Rows[]) => {
      for (const exponent of exponents) close(whole(jacobians), exponent * Math.LN10, 1e-10)
    }
    decimal([-400], [...repeated(40, diagonal(1e-10, 1)), ...repeated(60, diagonal(1, 1e-10))])
    decimal([-400], [...repeated(60, diagonal(1e-10, 1)), ...repeated(40, diagonal(1, 1e-10))])
    decimal([-300], [...repeated(400, diagonal(1e300, 1)), diagonal(0, 1e-300)])
    decimal([-300], [diagonal(0, 1e-300), ...repeated(400, diagonal(1e300, 1))])
    const down = repeated(50, diagonal(1e-10, 1))
    const up = repeated(50, diagonal(1e10, 1))
    decimal([10], [...down, ...up, ...up, ...down, diagonal(1e10, 1)])
  })

  it('adds components of different size with their signs', () => {
    const mixed = [
      [1, 1],
      [1, -1],
    ]
    const unequal = diagonal(1e200, 1e-200)
    const back = diagonal(1e-200, 1e200)
    const jacobians = [mixed, unequal, unequal, back, back, mixed]
    close(whole(jacobians), logSigma(product(mixed, mixed)))
  })

  it('is NaN when a factor in it is not finite', () => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const jacobians = [diagonal(1, 2), diagonal(bad, 1), diagonal(3, 1)].map(flat)
      should(jacobianProductNorm(jacobians, 0, 2)).be.NaN()
      close(jacobianProductNorm(jacobians, 2, 2), Math.log(3))
    }
  })

  it('gives the same number each time and leaves the factors as they are', () => {
    const jacobians = [flat(normal(7, 1)), flat(normal(7, 2))]
    const before = jacobians.map((J) => J.slice())
    should(jacobianProductNorm(jacobians, 0, 1)).equal(jacobianProductNorm(jacobians, 0, 1))
    should(jacobians).eql(before)
  })

  it('says what is wrong with an index or a factor', () => {
    const jacobians = [flat(normal(2, 1)), flat(normal(2, 2))]
    throwsExpected(() => jacobianProductNorm(jacobians, -1, 1), /from to be a whole number from 0/)
    throwsExpected(
      () => jacobianProductNorm(jacobians, 0, 2),
      /to to be a whole number from -1 up to 1, got 2/,
    )
    throwsExpected(() => jacobianProductNorm(jacobians, 1, -1), /to to be/)
    throwsExpected(() => jacobianProductNorm([new Float64Array(6)], 0, 0), /square, got one of 6 numbers/)
    throwsExpected(() => jacobianProductNorm([new Float64Array(0)], 0, 0), /square/)
    throwsExpected(
      () => jacobianProductNorm([new Float64Array(4), new Float64Array(9)], 0, 1),
      /of one size, 4 numbers, got one of 9/,
    )
  })
})

describe('jacobianNorms', () => {
  const jacobians = Array.from({ length: 7 }, (_, k) => normal(4, k + 1))

  it('is ln ‖∂h_t/∂h_i‖ for i = 1 … t', () => {
    for (const t of [1, 2, 5, 8]) {
      const norms = jacobianNorms(jacobians.map(flat), t)
      should(norms.length).equal(t)
      for (let i = 1; i < t; i++) close(norms[i - 1], logSigma(chain(jacobians.slice(i - 1, t - 1))))
      should(norms[t - 1]).equal(0)
    }
  })

  it('is NaN up to the last factor that is not finite, and a number after it', () => {
    const broken = jacobians.map(flat)
    broken[2][5] = Number.NaN
    should(jacobianNorms(broken, 6).map(Number.isNaN)).eql([true, true, true, false, false, false])
    should(jacobianNorms(broken, 3).some(Number.isNaN)).be.false()
  })

  it('wants a t that there is', () => {
    throwsExpected(
      () => jacobianNorms(jacobians.map(flat), 0),
      /t to be a whole number from 1 up to 8, got 0/,
    )
    throwsExpected(() => jacobianNorms(jacobians.map(flat), 9), /t to be/)
    should(jacobianNorms([], 1)).eql([0])
  })
})
