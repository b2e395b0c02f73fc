/**
 * Eigenvalues and the largest singular value of a square matrix, by ml-matrix. What is done to the matrix
 * before is what LAPACK's geev does and ml-matrix does not: split, balance, scale.
 */
import { EigenvalueDecomposition, Matrix, SingularValueDecomposition } from 'ml-matrix'
import { balanced } from './balance'
import { irreducibleBlocks } from './irreducible'
import { scrambled } from './scrambled'

export interface Eigenvalue {
  readonly re: number
  readonly im: number
}

/** |λ| */
export const modulus = ({ re, im }: Eigenvalue): number => Math.hypot(re, im)

/**
 * All eigenvalues, largest modulus first. Right to about 1e-15 of the norm of their irreducible block; n
 * equal ones with a single eigenvector only to the n-th root of that, as in any library. Costs some 25 size³
 * multiplications.
 *
 * @param matrix finite numbers [size, size], row major
 */
export function eigenvaluesOf(matrix: Float64Array, size: number): Eigenvalue[] {
  return irreducibleBlocks(matrix, size)
    .flatMap((rows) => {
      if (rows.length === 1) return [{ re: matrix[rows[0] * (size + 1)], im: 0 }]
      const block = Float64Array.from(
        rows.flatMap((row) => rows.map((column) => matrix[row * size + column])),
      )
      return irreducibleEigenvalues(balanced(block, rows.length), rows.length)
    })
    .sort((a, b) => modulus(b) - modulus(a) || b.re - a.re || b.im - a.im)
}

function irreducibleEigenvalues(block: Float64Array, size: number): Eigenvalue[] {
  const { matrix, scale } = scaled(block, size)
  const decomposition = new EigenvalueDecomposition(matrix.isSymmetric() ? matrix : scrambled(matrix))
  const imaginary = decomposition.imaginaryEigenvalues
  return decomposition.realEigenvalues.map((re, index) => ({ re: re * scale, im: imaginary[index] * scale }))
}

/**
 * σ_max, to about 1e-15 of it. Costs some 3 size³ multiplications.
 *
 * @param matrix finite numbers [size, size], row major
 */
export function sigmaMaxOf(values: Float64Array, size: number): number {
  const { matrix, scale } = scaled(values, size)
  const noVectors = { computeLeftSingularVectors: false, computeRightSingularVectors: false }
  return new SingularValueDecomposition(matrix, noVectors).norm2 * scale
}

/** The matrix divided by the power of two that brings its largest entry near to 1. */
function scaled(values: Float64Array, size: number): { matrix: Matrix; scale: number } {
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  const scale = largest === 0 ? 1 : 2 ** Math.max(-1022, Math.floor(Math.log2(largest)))
  const rows = Array.from({ length: size }, (_, row) =>
    [...values.subarray(row * size, (row + 1) * size)].map((value) => value / scale),
  )
  return { matrix: new Matrix(rows), scale }
}
