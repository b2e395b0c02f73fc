/** Matrix products, number by number, summed in double precision. */
import type { Products } from '../kernel'
import type { Numbers } from './numbers'

export function plainProducts(numbers: Numbers): Products {
  const { place } = numbers

  /** out[row, column] = start + Σ_i term(row, column, i) */
  const fill = (
    [out, ldOut]: readonly [number, number],
    [m, n, k]: readonly [number, number, number],
    start: (x: ArrayLike<number>, index: number, column: number) => number,
    term: (x: ArrayLike<number>, row: number, column: number, inner: number) => number,
  ) => {
    const x = numbers.all()
    for (let row = 0; row < m; row++)
      for (let column = 0; column < n; column++) {
        const index = place(out) + row * ldOut + column
        let sum = start(x, index, column)
        for (let inner = 0; inner < k; inner++) sum += term(x, row, column, inner)
        x[index] = sum
      }
  }
  const from = (bias: number, accumulate: number) => (x: ArrayLike<number>, index: number, column: number) =>
    accumulate ? x[index] : bias ? x[place(bias) + column] : 0

  return {
    productNT(out, ldOut, a, ldA, b, ldB, m, n, k, bias, accumulate) {
      fill(
        [out, ldOut],
        [m, n, k],
        from(bias, accumulate),
        (x, row, column, i) => x[place(a) + row * ldA + i] * x[place(b) + column * ldB + i],
      )
    },
    productNN(out, ldOut, a, ldA, b, ldB, m, n, k, accumulate) {
      fill(
        [out, ldOut],
        [m, n, k],
        from(0, accumulate),
        (x, row, column, i) => x[place(a) + row * ldA + i] * x[place(b) + i * ldB + column],
      )
    },
    productTN(out, ldOut, a, ldA, b, ldB, m, n, k, accumulate) {
      fill(
        [out, ldOut],
        [m, n, k],
        from(0, accumulate),
        (x, row, column, i) => x[place(a) + i * ldA + row] * x[place(b) + i * ldB + column],
      )
    },
    sumRows(out, a, ldA, m, n, accumulate) {
      fill([out, n], [1, n, m], from(0, accumulate), (x, _, column, i) => x[place(a) + i * ldA + column])
    },
    packNT(packed, b, ldB, n, k) {
      const x = numbers.all()
      for (let inner = 0; inner < k; inner++)
        for (let column = 0; column < n; column++)
          x[place(packed) + inner * n + column] = x[place(b) + column * ldB + inner]
    },
    packNN(packed, b, ldB, n, k) {
      const x = numbers.all()
      for (let inner = 0; inner < k; inner++)
        for (let column = 0; column < n; column++)
          x[place(packed) + inner * n + column] = x[place(b) + inner * ldB + column]
    },
    productPacked(out, ldOut, a, ldA, packed, m, n, k, bias, accumulate) {
      fill(
        [out, ldOut],
        [m, n, k],
        from(bias, accumulate),
        (x, row, column, i) => x[place(a) + row * ldA + i] * x[place(packed) + i * n + column],
      )
    },
  }
}
