/** Euclidean norms that neither overflow nor underflow on the way. */
import type { Floats } from './tensor'

/**
 * √(Σ x²) over one or several arrays. The plain sum is used where it is safe; beyond that the numbers are
 * divided by the largest first (as LAPACK's nrm2 does).
 */
export function norm(...arrays: readonly Floats[]): number {
  let sum = 0
  for (const array of arrays)
    for (let index = 0; index < array.length; index++) sum += array[index] * array[index]
  if (sum > 1e-280 && sum < 1e300) return Math.sqrt(sum)
  let largest = 0
  for (const array of arrays) {
    for (let index = 0; index < array.length; index++) {
      const size = Math.abs(array[index])
      if (Number.isNaN(size)) return Number.NaN
      if (size > largest) largest = size
    }
  }
  if (largest === 0 || largest === Number.POSITIVE_INFINITY) return largest
  sum = 0
  for (const array of arrays)
    for (let index = 0; index < array.length; index++) sum += (array[index] / largest) ** 2
  return largest * Math.sqrt(sum)
}
