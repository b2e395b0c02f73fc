/** Balancing: rows and columns come together by powers of two, and nothing else changes. */
import should from 'should'
import { balanced } from '../../../../src/bptt-gradient/spectrum/balance'
import { eigenvaluesOf } from '../../../../src/bptt-gradient/spectrum/eigenvalues'
import { flat, type Rows } from './matrices'

const balancedRows = (rows: Rows) => [...balanced(flat(rows), rows.length)]

describe('balanced', () => {
  it('brings the norms of a row and its column together, whatever stands on the diagonal', () => {
    for (const diagonal of [0, 2 ** 60]) {
      const rows = [
        [diagonal, 2 ** 40],
        [2 ** -40, -diagonal],
      ]
      should(balancedRows(rows)).eql([diagonal, 1, 1, -diagonal])
    }
  })

  it('leaves what is near enough, and the matrix that it is given', () => {
    const near = flat([
      [3, 2],
      [1, 5],
    ])
    should([...balanced(near, 2)]).eql([...near])
    const far = flat([
      [0, 2 ** 20],
      [1, 0],
    ])
    should([...balanced(far, 2)]).eql([0, 2 ** 10, 2 ** 10, 0])
    should([...far]).eql([0, 2 ** 20, 1, 0])
  })

  it('gives eigenvalues of a matrix of very different scales their digits', () => {
    // D A D⁻¹ with D = diag(1, 2^60, 2^-60): the eigenvalues of A, which are 1, 2 and 4 beside rows of 2^±120
    const A = [
      [2, 1, 1],
      [0, 3, 1],
      [2, -1, 2],
    ]
    const exponents = [0, 60, -60]
    const scaled = A.map((row, i) => row.map((value, j) => value * 2 ** (exponents[i] - exponents[j])))
    const [plain, wide] = [A, scaled].map((rows) => eigenvaluesOf(flat(rows), 3))
    plain.forEach(({ re, im }, index) => {
      should(wide[index].re).be.approximately(re, 1e-13)
      should(wide[index].im).be.approximately(im, 1e-13)
    })
  })
})
