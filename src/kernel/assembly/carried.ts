/**
 * A gradient on its way back: numbers times a power of two, and Σ x² of them. Squares of float32 are added up in float32
 * for a short stretch and then in float64, which is exact enough while they are in its range; below, they are taken again
 * in float64.
 */
import { bytes, lanes, loadPart, multiplyAdd, storePart, zeros } from './lanes'

/** Σ x² between these is carried on as it is. */
@inline export function smallest<T>(): f64 {
  return sizeof<T>() == 4 ? 1e-30 : 1e-250
}
@inline export function largest<T>(): f64 {
  return sizeof<T>() == 4 ? 1e30 : 1e250
}

/** numbers whose squares are added up before the sum is put into a float64 */
export const stretch = 256

/** the sum of the numbers in a vector */
@inline export function sumOfLanes<T>(x: v128): f64 {
  if (sizeof<T>() == 8) return f64x2.extract_lane(x, 0) + f64x2.extract_lane(x, 1)
  const halves = v128.add<f64>(
    v128.promote_low<f32>(x),
    v128.promote_low<f32>(v128.shuffle<f64>(x, x, 1, 0)),
  )
  return f64x2.extract_lane(halves, 0) + f64x2.extract_lane(halves, 1)
}

/** Σ (x + y)²; y may be 0 for none */
export function exactSquares<T>(x: usize, y: usize, count: i32): f64 {
  let sum: f64 = 0
  for (let index = 0; index < count; index++) {
    const at = bytes<T>(index)
    const value = <f64>load<T>(x + at) + (y ? <f64>load<T>(y + at) : 0)
    sum += value * value
  }
  return sum
}

@inline function stretchSquares<T>(x: usize, count: i32): f64 {
  let s0 = zeros()
  let s1 = zeros()
  let s2 = zeros()
  let s3 = zeros()
  for (; count >= 4 * lanes<T>(); count -= 4 * lanes<T>(), x += 64) {
    const x0 = v128.load(x)
    const x1 = v128.load(x, 16)
    const x2 = v128.load(x, 32)
    const x3 = v128.load(x, 48)
    s0 = multiplyAdd<T>(x0, x0, s0)
    s1 = multiplyAdd<T>(x1, x1, s1)
    s2 = multiplyAdd<T>(x2, x2, s2)
    s3 = multiplyAdd<T>(x3, x3, s3)
  }
  for (; count >= lanes<T>(); count -= lanes<T>(), x += 16) {
    const x0 = v128.load(x)
    s0 = multiplyAdd<T>(x0, x0, s0)
  }
  if (count > 0) {
    const x0 = loadPart<T>(x, count)
    s1 = multiplyAdd<T>(x0, x0, s1)
  }
  return sumOfLanes<T>(v128.add<T>(v128.add<T>(s0, s1), v128.add<T>(s2, s3)))
}

/** Σ x²; NaN or more than `largest` if it leaves the range */
export function squares<T>(x: usize, count: i32): f64 {
  let sum: f64 = 0
  for (let index = 0; index < count; index += stretch)
    sum += stretchSquares<T>(x + bytes<T>(index), min(count - index, stretch))
  return sizeof<T>() == 4 && sum < smallest<T>() ? exactSquares<T>(x, 0, count) : sum
}

@inline function powerOfTwo<T>(exponent: i32): v128 {
  if (sizeof<T>() == 4) return i32x4.splat((exponent + 127) << 23)
  return i64x2.splat(<i64>(exponent + 1023) << 52)
}

/** x ← x · 2^exponent, in two factors, since one alone may be out of range */
export function scaleByPower<T>(x: usize, count: i32, exponent: i32): void {
  if (exponent == 0) return
  const lowest = sizeof<T>() == 4 ? -252 : -2044
  const bounded = max(exponent, lowest)
  const half = powerOfTwo<T>(bounded >> 1)
  const rest = powerOfTwo<T>(bounded - (bounded >> 1))
  for (; count > 0; count -= lanes<T>(), x += 16)
    storePart<T>(x, v128.mul<T>(v128.mul<T>(loadPart<T>(x, count), half), rest), count)
}

/**
 * Before an external gradient that is not all zero is added to what is carried, that is brought to its true size.
 *
 * @param carriedCell may be 0
 * @param exponent of what is carried, becomes 0
 */
@inline export function meetExternal<T>(
  external: usize, carried: usize, carriedCell: usize, count: i32, exponent: usize,
): void {
  if (external != 0 && load<i32>(exponent) != 0) meet<T>(external, carried, carriedCell, count, exponent)
}

function meet<T>(external: usize, carried: usize, carriedCell: usize, count: i32, exponent: usize): void {
  const power = load<i32>(exponent)
  let isZero = true
  for (let index = 0; index < count && isZero; index++) isZero = load<T>(external + bytes<T>(index)) == 0
  if (isZero) return
  scaleByPower<T>(carried, count, power)
  if (carriedCell) scaleByPower<T>(carriedCell, count, power)
  store<i32>(exponent, 0)
}

/**
 * Scales what is carried up if it has become small, and writes its exponent, one after `exponent`.
 *
 * @param sum of all its squares
 */
@inline export function carryOn<T>(
  carried: usize, carriedCell: usize, count: i32, sum: f64, exponent: usize,
): void {
  if (sum < smallest<T>() && sum > 0) scaleUp<T>(carried, carriedCell, count, sum, exponent)
  else store<i32>(exponent, load<i32>(exponent), 4)
}

function scaleUp<T>(carried: usize, carriedCell: usize, count: i32, sum: f64, exponent: usize): void {
  const up = -((<i32>(reinterpret<i64>(sum) >> 52) - 1023) >> 1)
  scaleByPower<T>(carried, count, up)
  if (carriedCell) scaleByPower<T>(carriedCell, count, up)
  store<i32>(exponent, load<i32>(exponent) - up, 4)
}
