/**
 * The same eigenvalues in a matrix without any pattern. The QR iteration of ml-matrix 6.15 has no end on some matrices
 * that have one: a zero in the last place of the diagonal, or a diagonal of equal numbers, as any skew-symmetric matrix
 * keeps it under every rotation.
 */
import { Matrix } from 'ml-matrix'
import { random } from '../../random/random'

/** H D⁻¹ A D H, D being a diagonal of numbers from 1 to 2 and H a reflection, so that little precision is lost. */
export function scrambled(matrix: Matrix): Matrix {
  const size = matrix.rows
  const draw = random(1)
  const factors = Array.from({ length: size }, () => draw.uniform(1, 2))
  const normal = Array.from({ length: size }, () => draw.uniform(0.5, 1))
  const square = normal.reduce((sum, value) => sum + value * value, 0)
  const scaled = new Matrix(size, size)
  const reflection = new Matrix(size, size)
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      scaled.set(row, column, (matrix.get(row, column) * factors[column]) / factors[row])
      reflection.set(row, column, Number(row === column) - (2 * normal[row] * normal[column]) / square)
    }
  }
  return reflection.mmul(scaled).mmul(reflection)
}
