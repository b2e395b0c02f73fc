/** Plain matrices for the tests of the spectrum: products by loops, orthogonal matrices by Gram-Schmidt. */
import { Matrix, SingularValueDecomposition } from 'ml-matrix'
import { random } from '../../../../src/random/random'

export type Rows = number[][]

export const flat = (rows: Rows): Float64Array => Float64Array.from(rows.flat())

export const diagonal = (...values: number[]): Rows =>
  values.map((value, row) => values.map((_, column) => (row === column ? value : 0)))

export const times = (rows: Rows, factor: number): Rows =>
  rows.map((row) => row.map((value) => value * factor))

/** A B */
export const product = (A: Rows, B: Rows): Rows =>
  A.map((row) =>
    B[0].map((_, column) => row.reduce((sum, value, inner) => sum + value * B[inner][column], 0)),
  )

export const transposed = (A: Rows): Rows => A[0].map((_, column) => A.map((row) => row[column]))

/** J_last … J_first */
export const chain = (jacobians: Rows[]): Rows => jacobians.reduce((so, J) => product(J, so))

export const normal = (size: number, seed: number): Rows => {
  const draw = random(seed)
  return Array.from({ length: size }, () => Array.from({ length: size }, () => draw.normal()))
}

export const orthogonal = (size: number, seed: number): Rows => {
  const rows = normal(size, seed)
  rows.forEach((row, index) => {
    for (const before of [...rows.slice(0, index), ...rows.slice(0, index)]) {
      const along = before.reduce((sum, value, k) => sum + value * row[k], 0)
      for (let k = 0; k < size; k++) row[k] -= along * before[k]
    }
    const length = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0))
    for (let k = 0; k < size; k++) row[k] /= length
  })
  return rows
}

/** A matrix with these singular values. */
export const withSingularValues = (values: number[], seed: number): Rows =>
  product(orthogonal(values.length, seed), product(diagonal(...values), orthogonal(values.length, seed + 1)))

/** ln of the largest singular value, by ml-matrix. */
export const logSigma = (rows: Rows): number =>
  Math.log(new SingularValueDecomposition(new Matrix(rows)).norm2)
