/**
 * The hot loops in their readable form: matrix products over row-major arrays, added to what is already in
 * `out`. A sum is taken in double precision and rounded to what `out` holds when it is stored: once for each number in
 * `addProductTransposed`, at each addition in the others.
 */
import type { Floats } from '../tensor/tensor'

/** out[m,n] += a[m,k] · b[k,n] */
export function addProduct(out: Floats, a: Floats, b: Floats, m: number, n: number, k: number): void {
  for (let row = 0; row < m; row++) {
    for (let inner = 0; inner < k; inner++) {
      const factor = a[row * k + inner]
      for (let column = 0; column < n; column++) out[row * n + column] += factor * b[inner * n + column]
    }
  }
}

/** out[m,n] += a[m,k] · b[n,k]ᵀ */
export function addProductTransposed(
  out: Floats,
  a: Floats,
  b: Floats,
  m: number,
  n: number,
  k: number,
): void {
  for (let row = 0; row < m; row++) {
    for (let column = 0; column < n; column++) {
      let sum = out[row * n + column]
      for (let inner = 0; inner < k; inner++) sum += a[row * k + inner] * b[column * k + inner]
      out[row * n + column] = sum
    }
  }
}

/** out[m,n] += a[k,m]ᵀ · b[k,n]: the sum over k of outer products */
export function addOuterProducts(out: Floats, a: Floats, b: Floats, m: number, n: number, k: number): void {
  for (let inner = 0; inner < k; inner++) {
    for (let row = 0; row < m; row++) {
      const factor = a[inner * m + row]
      for (let column = 0; column < n; column++) out[row * n + column] += factor * b[inner * n + column]
    }
  }
}

/** out[n] += Σ over the m rows of a[m,n] */
export function addRows(out: Floats, a: Floats, m: number, n: number): void {
  for (let row = 0; row < m; row++)
    for (let column = 0; column < n; column++) out[column] += a[row * n + column]
}

/** every row of out[m,n] = row[n] */
export function fillRows(out: Floats, row: Floats, m: number): void {
  for (let index = 0; index < m; index++) out.set(row, index * row.length)
}
