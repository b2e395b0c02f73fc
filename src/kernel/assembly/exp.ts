/**
 * e^x, as e^r · 2^n with x = n · ln 2 + r and |r| <= ln 2 / 2. n is found by adding a number so large that its last bit
 * counts ones, and that leaves behind the exponent of 2^n as it is stored; ln 2 is taken off in two parts, the first of
 * few digits, so that r stays exact (Cephes). For e^r - 1 = r + r² q(r) float32 has a minimax polynomial and float64 its
 * Taylor series. The constants lie in memory: V8 would build a vector written in the code anew each time it is used.
 */
import { multiplyAdd } from './lanes'

/** log₂ e, 1.5 · 2^23 + 127, the two parts of -ln 2, and q */
const single = memory.data<f32>(
  [
    1.4426950408889634, 12583039.0, -0.693359375, 2.12194440054690583e-4, 0.4999999701976776,
    0.1666654348373413, 0.04166720062494278, 0.008366580121219158, 0.0013882509665563703,
  ],
  16,
)

/** log₂ e, 1.5 · 2^52 + 1023, the two parts of -ln 2, and 1/2!, 1/3!, … 1/13! */
const double = memory.data<f64>(
  [
    1.4426950408889634, 6755399441056767.0, -6.93145751953125e-1, -1.42860682030941723212e-6, 0.5,
    0.16666666666666666, 0.041666666666666664, 0.008333333333333333, 0.001388888888888889, 1.984126984126984e-4,
    2.48015873015873e-5, 2.7557319223985893e-6, 2.755731922398589e-7, 2.505210838544172e-8, 2.08767569878681e-9,
    1.6059043836821613e-10,
  ],
  16,
)

@inline function constant<T>(index: usize): v128 {
  if (sizeof<T>() == 4) return v128.load32_splat(single + (index << 2))
  return v128.load64_splat(double + (index << 3))
}

/** n, being x / ln 2 rounded, added to that large number */
@inline export function shiftedExponent<T>(x: v128): v128 {
  return multiplyAdd<T>(x, constant<T>(0), constant<T>(1))
}

/** 2^n; 0 for the n one below that of the smallest normal number */
@inline export function powerOfTwo<T>(shifted: v128): v128 {
  return sizeof<T>() == 4 ? i32x4.shl(shifted, 23) : i64x2.shl(shifted, 52)
}

/** e^r - 1 */
@inline export function reducedExpMinusOne<T>(x: v128, shifted: v128): v128 {
  const n = v128.sub<T>(shifted, constant<T>(1))
  const r = multiplyAdd<T>(n, constant<T>(3), multiplyAdd<T>(n, constant<T>(2), x))
  const square = v128.mul<T>(r, r)
  let even: v128
  let odd: v128
  if (sizeof<T>() == 4) {
    even = multiplyAdd<T>(multiplyAdd<T>(constant<T>(8), square, constant<T>(6)), square, constant<T>(4))
    odd = multiplyAdd<T>(constant<T>(7), square, constant<T>(5))
  } else {
    even = multiplyAdd<T>(constant<T>(14), square, constant<T>(12))
    odd = multiplyAdd<T>(constant<T>(15), square, constant<T>(13))
    even = multiplyAdd<T>(even, square, constant<T>(10))
    odd = multiplyAdd<T>(odd, square, constant<T>(11))
    even = multiplyAdd<T>(even, square, constant<T>(8))
    odd = multiplyAdd<T>(odd, square, constant<T>(9))
    even = multiplyAdd<T>(even, square, constant<T>(6))
    odd = multiplyAdd<T>(odd, square, constant<T>(7))
    even = multiplyAdd<T>(even, square, constant<T>(4))
    odd = multiplyAdd<T>(odd, square, constant<T>(5))
  }
  return multiplyAdd<T>(multiplyAdd<T>(odd, r, even), square, r)
}
