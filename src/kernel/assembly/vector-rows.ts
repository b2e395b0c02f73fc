/** A row times the rows of a matrix, which is used once and so not worth being packed. */
import { bytes, lanes, loadPart, multiplyAdd, zeros } from './lanes'

/** Longer sums would round too much. */
export const longestRow = 1024

@inline function sum<T>(x: v128): T {
  if (sizeof<T>() == 8) return <T>(f64x2.extract_lane(x, 0) + f64x2.extract_lane(x, 1))
  const halves = f32x4.add(x, v128.shuffle<f64>(x, x, 1, 0))
  return <T>(f32x4.extract_lane(halves, 0) + f32x4.extract_lane(halves, 1))
}

@inline function put<T>(out: usize, initial: usize, value: v128, index: i32): void {
  const at = bytes<T>(index)
  store<T>(out + at, initial ? load<T>(initial + at) + sum<T>(value) : sum<T>(value))
}

/** out[n] = initial[n] + a[k] · b[n, k]ᵀ; `initial` may be 0 */
export function vectorTimesRows<T>(out: usize, initial: usize, a: usize, b: usize, ldB: i32, n: i32, k: i32): void {
  const step = bytes<T>(ldB)
  for (let row = 0; row < n; row += 4) {
    const left = n - row
    const b1 = left > 1 ? b + step : b
    const b2 = left > 2 ? b + 2 * step : b
    const b3 = left > 3 ? b + 3 * step : b
    let c0 = zeros(), c1 = zeros(), c2 = zeros(), c3 = zeros()
    let index = 0
    for (; index <= k - lanes<T>(); index += lanes<T>()) {
      const at = bytes<T>(index)
      const x = v128.load(a + at)
      c0 = multiplyAdd<T>(x, v128.load(b + at), c0)
      c1 = multiplyAdd<T>(x, v128.load(b1 + at), c1)
      c2 = multiplyAdd<T>(x, v128.load(b2 + at), c2)
      c3 = multiplyAdd<T>(x, v128.load(b3 + at), c3)
    }
    if (index < k) {
      const at = bytes<T>(index)
      const x = loadPart<T>(a + at, k - index)
      c0 = multiplyAdd<T>(x, loadPart<T>(b + at, k - index), c0)
      c1 = multiplyAdd<T>(x, loadPart<T>(b1 + at, k - index), c1)
      c2 = multiplyAdd<T>(x, loadPart<T>(b2 + at, k - index), c2)
      c3 = multiplyAdd<T>(x, loadPart<T>(b3 + at, k - index), c3)
    }
    put<T>(out, initial, c0, row)
    if (left > 1) put<T>(out, initial, c1, row + 1)
    if (left > 2) put<T>(out, initial, c2, row + 2)
    if (left > 3) put<T>(out, initial, c3, row + 3)
    b += 4 * step
  }
}
