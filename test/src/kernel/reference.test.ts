/** The products against loops over nested arrays. Small whole numbers make every sum exact, so they must be equal. */
import fc from 'fast-check'
import should from 'should'
import type { Floats } from '../../../src'
import {
  addOuterProducts,
  addProduct,
  addProductTransposed,
  addRows,
  fillRows,
} from '../../../src/kernel/reference'

type Matrix = number[][]
const rounding = { float32: Float32Array, float64: Float64Array }

const matrix = (rows: number, columns: number): fc.Arbitrary<Matrix> =>
  fc.array(fc.array(fc.integer({ min: -9, max: 9 }), { minLength: columns, maxLength: columns }), {
    minLength: rows,
    maxLength: rows,
  })
const size = fc.integer({ min: 1, max: 6 })

const transpose = (of: Matrix): Matrix => of[0].map((_, column) => of.map((row) => row[column]))
const multiply = (a: Matrix, b: Matrix): Matrix =>
  a.map((row) =>
    b[0].map((_, column) => row.reduce((sum, value, inner) => sum + value * b[inner][column], 0)),
  )
const plus = (a: Matrix, b: Matrix): Matrix => a.map((row, i) => row.map((value, j) => value + b[i][j]))

const products: [
  name: string,
  add: typeof addProduct,
  /** how a [m,k] and b [k,n] lie in memory */
  layout: (a: Matrix, b: Matrix) => [Matrix, Matrix],
][] = [
  ['addProduct adds a · b', addProduct, (a, b) => [a, b]],
  ['addProductTransposed adds a · bᵀ', addProductTransposed, (a, b) => [a, transpose(b)]],
  ['addOuterProducts adds aᵀ · b', addOuterProducts, (a, b) => [transpose(a), b]],
]

for (const [dtype, Floating] of Object.entries(rounding)) {
  describe(`kernel (${dtype})`, () => {
    for (const [name, add, layout] of products) {
      it(`${name} to what is in out, for any shape`, () => {
        const drawn = fc
          .tuple(size, size, size)
          .chain(([m, n, k]) => fc.tuple(matrix(m, n), matrix(m, k), matrix(k, n)))
        fc.assert(
          fc.property(drawn, ([before, a, b]) => {
            const out = Floating.from(before.flat())
            const [left, right] = layout(a, b).map((one) => Floating.from(one.flat()))
            const kept = [...left, ...right]
            add(out, left, right, a.length, b[0].length, b.length)
            should([...out]).eql(plus(before, multiply(a, b)).flat())
            should([...left, ...right]).eql(kept)
          }),
        )
      })

      it(`${name}: NaN and Infinity come through, even where the other factor is 0`, () => {
        const run = (x: number, y: number) => {
          const out = Floating.of(5)
          add(out, Floating.of(x), Floating.of(y), 1, 1, 1)
          return out[0]
        }
        for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
          should(run(0, bad)).be.NaN()
          should(run(bad, 0)).be.NaN()
        }
        should(run(2, Number.POSITIVE_INFINITY)).equal(Number.POSITIVE_INFINITY)
      })
    }

    it('addRows adds the sum over the rows', () => {
      const drawn = fc.tuple(size, size).chain(([m, n]) => fc.tuple(matrix(1, n), matrix(m, n)))
      fc.assert(
        fc.property(drawn, ([[before], a]) => {
          const out = Floating.from(before)
          addRows(out, Floating.from(a.flat()), a.length, before.length)
          should([...out]).eql(
            before.map((value, column) => a.reduce((sum, row) => sum + row[column], value)),
          )
        }),
      )
    })

    it('fillRows writes the row into every row', () => {
      const out: Floats = new Floating(6).fill(7)
      fillRows(out, Floating.of(1, 2, 3), 2)
      should([...out]).eql([1, 2, 3, 1, 2, 3])
    })
  })
}

describe('addProductTransposed', () => {
  it('sums in double precision and rounds once, when it stores', () => {
    const out = new Float32Array(1)
    addProductTransposed(out, Float32Array.of(2 ** 24, 1, 1), Float32Array.of(1, 1, 1), 1, 1, 3)
    should(out[0]).equal(2 ** 24 + 2)
  })
})
