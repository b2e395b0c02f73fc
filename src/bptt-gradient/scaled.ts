/**
 * Numbers times a power of two. A gradient carried over a long span leaves the range of floating point (3³⁰⁰ does in
 * single precision, 3⁷⁰⁰ in double). Scaling by a power of two is exact: inside the range the result is the same, bit
 * for bit, as without.
 */
import { norm } from '../tensor/norm'

export interface Scaled {
  readonly values: Float64Array
  /** what stands for x is x / 2^exponent */
  readonly exponent: number
}

/** In three parts, because 2^exponent itself may be out of range. Beyond 2^±2100 everything is 0 or infinite anyway. */
export function scaleByPowerOfTwo(values: Float64Array, exponent: number): void {
  if (exponent === 0) return
  const bounded = Math.min(Math.max(exponent, -2100), 2100)
  const part = 2 ** Math.trunc(bounded / 3)
  const rest = 2 ** (bounded - 2 * Math.trunc(bounded / 3))
  for (let index = 0; index < values.length; index++) values[index] = values[index] * part * part * rest
}

/** The largest absolute value; NaN if there is one. */
export function largestOf(arrays: readonly Float64Array[]): number {
  let largest = 0
  for (const values of arrays)
    for (let index = 0; index < values.length; index++) largest = Math.max(largest, Math.abs(values[index]))
  return largest
}

/**
 * What to take out of numbers that come near the ends of the range: 0 while they are safe, or where there is nothing to
 * save.
 */
export function excessExponent(arrays: readonly Float64Array[]): number {
  const largest = largestOf(arrays)
  if (largest === 0 || !Number.isFinite(largest) || (largest > 1e-150 && largest < 1e150)) return 0
  return Math.floor(Math.log2(largest))
}

/** Both under one exponent: the larger one, or that of the one that is not all zeros. */
export function sumScaled(a: Scaled, b: Scaled): Scaled {
  if (largestOf([b.values]) === 0) return a
  if (largestOf([a.values]) === 0) return b
  const exponent = Math.max(a.exponent, b.exponent)
  const values = a.values.slice()
  scaleByPowerOfTwo(values, a.exponent - exponent)
  const other = b.values.slice()
  scaleByPowerOfTwo(other, b.exponent - exponent)
  for (let index = 0; index < values.length; index++) values[index] += other[index]
  return { values, exponent }
}

/** log ‖x‖ over several arrays; -Infinity where all are zero. */
export const logNorm = (arrays: readonly Float64Array[], exponent: number): number =>
  Math.log(norm(...arrays)) + exponent * Math.LN2

/** log √(e²ᵃ + e²ᵇ) */
export function logHypot(a: number, b: number): number {
  const high = Math.max(a, b)
  // nothing at all, without bound, or not a number
  if (!Number.isFinite(high)) return high
  return high + Math.log1p(Math.exp(2 * (Math.min(a, b) - high))) / 2
}
