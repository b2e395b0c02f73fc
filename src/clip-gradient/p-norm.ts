/** p-norms that do not overflow on the way, as torch.linalg.vector_norm means them. */
import { norm } from '../tensor/norm'
import type { Floats } from '../tensor/tensor'

/**
 * (Σ |x|ᵖ)^(1/p) over one or several arrays, which is also the p-norm of their p-norms; the largest |x| for
 * p = Infinity. The numbers are divided by the largest first.
 */
export function pNorm(p: number, ...arrays: readonly Floats[]): number {
  if (p === 2) return norm(...arrays)
  let largest = 0
  for (const array of arrays) for (const entry of array) largest = Math.max(largest, Math.abs(entry))
  if (largest === 0 || !Number.isFinite(largest) || p === Number.POSITIVE_INFINITY) return largest
  let sum = 0
  for (const array of arrays) for (const entry of array) sum += (Math.abs(entry) / largest) ** p
  return largest * sum ** (1 / p)
}
