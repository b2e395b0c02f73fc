/**
 * Eigenvalues and singular values of matrices where they are known, and sums of powers where they are not.
 */
import fc from 'fast-check'
import should from 'should'
import { eigenvaluesOf, modulus, sigmaMaxOf } from '../../../../src/bptt-gradient/spectrum/eigenvalues'
import { diagonal, flat, normal, orthogonal, product, type Rows, times, transposed } from './matrices'

const eigenvalues = (rows: Rows) => eigenvaluesOf(flat(rows), rows.length)
const close = (actual: number, wanted: number, within: number) =>
  should(actual).be.approximately(wanted, within)
const permuted = (rows: Rows, order: number[]): Rows => order.map((i) => order.map((k) => rows[i][k]))
const filled = (size: number, entry: (row: number, column: number) => number): Rows =>
  Array.from({ length: size }, (_, row) => Array.from({ length: size }, (_, column) => entry(row, column)))

describe('eigenvaluesOf', () => {
  it('gives all of them, largest modulus first, of a pair the one above the real axis first', () => {
    const rotated = [
      [0.5, 0, 0],
      [0, 3, -4],
      [0, 4, 3],
    ]
    const [first, second, third] = eigenvalues(rotated)
    close(first.re, 3, 1e-14)
    close(first.im, 4, 1e-14)
    close(second.re, 3, 1e-14)
    close(second.im, -4, 1e-14)
    should(third).eql({ re: 0.5, im: 0 })
  })

  it('finds the roots of a polynomial in its companion matrix', () => {
    const companion = [
      [10, -35, 50, -24],
      [1, 0, 0, 0],
      [0, 1, 0, 0],
      [0, 0, 1, 0],
    ]
    eigenvalues(companion).forEach(({ re, im }, index) => {
      close(re, 4 - index, 1e-11)
      close(im, 0, 1e-11)
    })
  })

  it('finds the roots of 1 in a cyclic shift', () => {
    for (const size of [3, 8, 17]) {
      const found = eigenvalues(filled(size, (row, column) => (row === (column + 1) % size ? 1 : 0)))
      const angles = found.map(({ re, im }) => Math.atan2(im, re)).sort((a, b) => a - b)
      angles.forEach((angle, index) => {
        close(modulus(found[index]), 1, 1e-12)
        if (index > 0) close(angle - angles[index - 1], (2 * Math.PI) / size, 1e-12)
      })
    }
  })

  it('is on the unit circle for an orthogonal matrix', () => {
    for (const value of eigenvalues(orthogonal(20, 1))) close(modulus(value), 1, 1e-12)
  })

  it('is real for a symmetric matrix', () => {
    const Q = orthogonal(6, 1)
    const symmetric = product(transposed(Q), product(diagonal(-6, 5, 4, 3, 2, 1), Q))
    const exact = symmetric.map((row, i) => row.map((value, k) => (value + symmetric[k][i]) / 2))
    eigenvalues(exact).forEach(({ re, im }, index) => {
      close(re, index === 0 ? -6 : 6 - index, 1e-13)
      should(im).equal(0)
    })
  })

  it('is exactly 0 for a matrix that is nilpotent by its pattern, however its rows are ordered', () => {
    const lower = normal(9, 1).map((row, i) => row.map((value, k) => (k < i ? 5 * value : 0)))
    for (const order of [
      [0, 1, 2, 3, 4, 5, 6, 7, 8],
      [4, 7, 0, 8, 1, 5, 2, 6, 3],
    ])
      should(eigenvalues(permuted(lower, order)).every(({ re, im }) => re === 0 && im === 0)).be.true()
    should(eigenvalues(diagonal(0, 0, 0)).every((value) => modulus(value) === 0)).be.true()
  })

  it('is the diagonal, exactly, for a triangular matrix', () => {
    const lower = normal(5, 1).map((row, i) => row.map((value, k) => (k < i ? value : k === i ? 5 - i : 0)))
    should(eigenvalues(lower).map(({ re }) => re)).eql([5, 4, 3, 2, 1])
  })

  it('keeps its digits from 1e-300 to 1e300, and where rows and columns are of very different size', () => {
    const plain = eigenvalues(normal(6, 1))
    for (const power of [950, -950, 1020, -1020])
      eigenvalues(times(normal(6, 1), 2 ** power)).forEach((value, index) => {
        close(value.re / 2 ** power, plain[index].re, 1e-12)
        close(value.im / 2 ** power, plain[index].im, 1e-12)
      })
    const [one, other] = eigenvalues([
      [0, 1e200],
      [1e-200, 0],
    ])
    close(one.re, 1, 1e-14)
    close(other.re, -1, 1e-14)
    const [largest] = eigenvalues(filled(5, (_, column) => (column % 2 ? -1e307 : 1.5e307)))
    close(largest.re / 1e307, 2.5, 1e-13)
    should(eigenvalues(filled(9, (row, column) => ((row * column) % 4 ? -1e308 : 1.5e308))).length).equal(9)
    const scales = [1, 2 ** 300, 2 ** -250, 2 ** 40, 2 ** -20, 2 ** 200]
    const graded = normal(6, 1).map((row, i) => row.map((value, k) => (value * scales[i]) / scales[k]))
    eigenvalues(graded).forEach((value, index) => {
      close(value.re, plain[index].re, 1e-11)
      close(value.im, plain[index].im, 1e-11)
    })
  })

  it('ends for a matrix on which the QR iteration of ml-matrix does not', () => {
    const [first] = eigenvalues([
      [0, 0, 0, 0, 0],
      [0, 0, 0, 0, 1],
      [0, 0, 0, 1, 0],
      [1, 1, 0, 0, 1],
      [1, 0, 1, 0, 1],
    ])
    close(first.re, (1 + Math.sqrt(5)) / 2, 1e-13)
  })

  it('ends for every matrix of three rows of -1, 0 and 1, skew-symmetric ones among them', () => {
    const entries = (code: number) =>
      Array.from({ length: 9 }, (_, place) => (Math.trunc(code / 3 ** place) % 3) - 1)
    for (let code = 0; code < 3 ** 9; code++) {
      const matrix = Float64Array.from(entries(code))
      const trace = matrix[0] + matrix[4] + matrix[8]
      const sum = eigenvaluesOf(matrix, 3).reduce((total, { re }) => total + re, 0)
      if (Math.abs(sum - trace) > 1e-9) close(sum, trace, 1e-9)
    }
    const [first, second, third] = eigenvalues([
      [0, 1, 0],
      [-1, 0, 1],
      [0, -1, 0],
    ])
    close(first.im, Math.SQRT2, 1e-14)
    close(second.im, -Math.SQRT2, 1e-14)
    close(modulus(third), 0, 1e-14)
  })

  it('has the traces of the powers of W as sums of powers', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.nat(1e6), fc.boolean(), (size, seed, sparse) => {
        const rows = normal(size, seed).map((row) =>
          row.map((value) => (sparse ? Math.sign(Math.round(value * 0.7)) : value)),
        )
        const found = eigenvalues(rows)
        should(found.length).equal(size)
        let power = rows
        let sums = found
        for (let exponent = 1; exponent <= 3; exponent++) {
          const trace = power.reduce((sum, row, index) => sum + row[index], 0)
          const scale = 1 + modulus(found[0]) ** exponent
          const norm = Math.hypot(...rows.flat()) ** exponent
          close(
            sums.reduce((sum, { re }) => sum + re, 0),
            trace,
            1e-9 * (scale + norm),
          )
          close(
            sums.reduce((sum, { im }) => sum + im, 0),
            0,
            1e-9 * (scale + norm),
          )
          power = product(rows, power)
          sums = sums.map(({ re, im }, k) => ({
            re: re * found[k].re - im * found[k].im,
            im: re * found[k].im + im * found[k].re,
          }))
        }
      }),
    )
  })
})

describe('sigmaMaxOf', () => {
  const sigma = (rows: Rows) => sigmaMaxOf(flat(rows), rows.length)

  it('is √(largest eigenvalue of WᵀW)', () => {
    const [[a, b], [c, d]] = [
      [1, 2],
      [-3, 0.5],
    ]
    const half = (a * a + b * b + c * c + d * d) / 2
    const wanted = Math.sqrt(half + Math.sqrt(half * half - (a * d - b * c) ** 2))
    close(
      sigma([
        [a, b],
        [c, d],
      ]),
      wanted,
      1e-14,
    )
    const W = normal(12, 1)
    close(sigma(W), Math.sqrt(eigenvalues(product(transposed(W), W))[0].re), 1e-12)
  })

  it('keeps its digits from the smallest double to the largest', () => {
    const plain = sigma(normal(5, 1))
    for (const power of [1000, -1000])
      close(sigma(times(normal(5, 1), 2 ** power)) / 2 ** power, plain, 1e-13)
    should(sigma(diagonal(5e-324, 0))).equal(5e-324)
    close(sigma(diagonal(1.7e308, 1)) / 1.7e308, 1, 1e-15)
    should(sigma(diagonal(0, 0))).equal(0)
  })
})
