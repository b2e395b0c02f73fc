/**
 * Balancing (Osborne 1960; Parlett & Reinsch 1969): a similarity by a diagonal of powers of two that brings
 * the norms of each row and its column together. The eigenvalues stay, exactly; the QR iteration finds them
 * with more digits. Norms are Euclidean, as in LAPACK's gebal since James, Langou & Lowery 2014.
 */
import { norm } from '../../tensor/norm'

/** A row and column are scaled when that makes the sum of their norms smaller than this part of it. */
const worthwhile = 0.95

/** @param matrix [size, size], row major, irreducible */
export function balanced(matrix: Float64Array, size: number): Float64Array {
  const result = matrix.slice()
  for (let changed = true; changed; ) {
    changed = false
    for (let index = 0; index < size; index++) {
      const others = Array.from({ length: size }, (_, other) => other).filter((other) => other !== index)
      const row = norm(Float64Array.from(others, (other) => result[index * size + other]))
      const column = norm(Float64Array.from(others, (other) => result[other * size + index]))
      if (row === 0 || column === 0) continue
      const scale = 2 ** Math.round((Math.log2(row) - Math.log2(column)) / 2)
      const better = column * scale + row / scale < worthwhile * (column + row)
      if (!better) continue
      changed = true
      for (const other of others) {
        result[other * size + index] *= scale
        result[index * size + other] /= scale
      }
    }
  }
  return result
}
