/**
 * φ of the numbers in a vector, and its derivative written with h = φ(a), as src/rnn-cell/activation.ts defines them.
 * NaN goes through. tanh x is m / (m + 2) with m = e^2x - 1, which keeps its digits near 0 and never leaves [-1, 1]. A
 * sigmoid below the smallest normal number is 0.
 */
import { powerOfTwo, reducedExpMinusOne, shiftedExponent } from './exp'
import { bytes, lanes, loadPart, multiplyAdd, storePart, zeros } from './lanes'

export const LINEAR: i32 = 0
export const TANH: i32 = 1
export const RELU: i32 = 2
export const SIGMOID: i32 = 3
/** kernel.ts counts the gates' activations for themselves; here all have one numbering */
export const HARD_SIGMOID: i32 = 4

@inline export function gateCode(gateActivation: i32): i32 {
  return gateActivation == 0 ? SIGMOID : HARD_SIGMOID
}

/** the bits of the sign, by size of a number */
const signs = memory.data<u64>([0x8000000080000000, 0x8000000000000000], 16)

/** 1, 0.2, 0.5, where tanh and e^-x end, 2 */
const singleNumbers = memory.data<f32>([1.0, 0.2, 0.5, 20.0, -88.0, 2.0], 16)
const doubleNumbers = memory.data<f64>([1.0, 0.2, 0.5, 40.0, -709.09, 2.0], 16)
const ONE: usize = 0
const FIFTH: usize = 1
const HALF: usize = 2
const END_OF_TANH: usize = 3
const END_OF_EXP: usize = 4
const TWO: usize = 5

@inline function number<T>(index: usize): v128 {
  if (sizeof<T>() == 4) return v128.load32_splat(singleNumbers + (index << 2))
  return v128.load64_splat(doubleNumbers + (index << 3))
}

@inline function sign<T>(): v128 {
  return v128.load64_splat(sizeof<T>() == 4 ? signs : signs + 8)
}

@inline function tanh<T>(a: v128): v128 {
  // in this order pmin and pmax give back a NaN of their first argument
  const magnitude = v128.pmin<T>(v128.abs<T>(v128.add<T>(a, a)), number<T>(END_OF_TANH))
  const shifted = shiftedExponent<T>(magnitude)
  const power = powerOfTwo<T>(shifted)
  const rest = v128.sub<T>(power, number<T>(ONE))
  const m = multiplyAdd<T>(power, reducedExpMinusOne<T>(magnitude, shifted), rest)
  const positive = v128.div<T>(m, v128.add<T>(m, number<T>(TWO)))
  return v128.or(positive, v128.and(a, sign<T>()))
}

/** With e = e^-|a|, 1 / (1 + e), or e / (1 + e) where a is negative. */
@inline function sigmoid<T>(a: v128): v128 {
  const magnitude = v128.pmax<T>(v128.or(a, sign<T>()), number<T>(END_OF_EXP))
  const shifted = shiftedExponent<T>(magnitude)
  const power = powerOfTwo<T>(shifted)
  const e = multiplyAdd<T>(power, reducedExpMinusOne<T>(magnitude, shifted), power)
  const one = number<T>(ONE)
  const numerator = v128.bitselect(e, one, v128.lt<T>(a, zeros()))
  return v128.div<T>(numerator, v128.add<T>(one, e))
}

@inline function hardSigmoid<T>(a: v128): v128 {
  const line = multiplyAdd<T>(a, number<T>(FIFTH), number<T>(HALF))
  return v128.pmin<T>(v128.pmax<T>(line, zeros()), number<T>(ONE))
}

/** φ(a) */
@inline export function activated<T>(a: v128, code: i32): v128 {
  if (code == TANH) return tanh<T>(a)
  if (code == SIGMOID) return sigmoid<T>(a)
  if (code == RELU) return v128.andnot(a, v128.le<T>(a, zeros()))
  if (code == HARD_SIGMOID) return hardSigmoid<T>(a)
  return a
}

/** φ'(a), h being φ(a) */
@inline export function derivative<T>(h: v128, code: i32): v128 {
  const one = number<T>(ONE)
  if (code == TANH) return v128.sub<T>(one, v128.mul<T>(h, h))
  if (code == SIGMOID) return v128.mul<T>(h, v128.sub<T>(one, h))
  if (code == RELU) return v128.and(v128.gt<T>(h, zeros()), one)
  if (code == HARD_SIGMOID)
    return v128.and(
      v128.and(v128.gt<T>(h, zeros()), v128.lt<T>(h, one)),
      number<T>(FIFTH),
    )
  return one
}

/** φ(min(max(a, -clip), clip)) */
@inline export function limitedActivated<T>(a: v128, code: i32, clip: v128): v128 {
  return activated<T>(v128.pmax<T>(v128.pmin<T>(a, clip), v128.neg<T>(clip)), code)
}

/** Its derivative: 0 where h has come to φ(clip) or φ(-clip). */
@inline export function limitedDerivative<T>(h: v128, code: i32, lowest: v128, highest: v128): v128 {
  const isLimited = v128.or(v128.ge<T>(h, highest), v128.le<T>(h, lowest))
  return v128.andnot(derivative<T>(h, code), isLimited)
}

@inline function activateWith<T>(x: usize, count: i32, code: i32, clip: v128): void {
  let index = 0
  for (; index <= count - lanes<T>(); index += lanes<T>()) {
    const at = x + bytes<T>(index)
    v128.store(at, limitedActivated<T>(v128.load(at), code, clip))
  }
  if (index == count) return
  const at = x + bytes<T>(index)
  storePart<T>(at, limitedActivated<T>(loadPart<T>(at, count - index), code, clip), count - index)
}

/** x ← φ(min(max(x, -clip), clip)) */
export function activateArray<T>(x: usize, count: i32, code: i32, clip: T): void {
  const limit = v128.splat<T>(clip)
  if (code == TANH) activateWith<T>(x, count, TANH, limit)
  else if (code == SIGMOID) activateWith<T>(x, count, SIGMOID, limit)
  else if (code == RELU) activateWith<T>(x, count, RELU, limit)
  else if (code == HARD_SIGMOID) activateWith<T>(x, count, HARD_SIGMOID, limit)
  else activateWith<T>(x, count, LINEAR, limit)
}
