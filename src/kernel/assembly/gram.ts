/**
 * Gram matrices of rows, x xᵀ: with them Σ over the squares of aᵀ b is Σ of the products of the numbers of a aᵀ and
 * b bᵀ, at the same places.
 */
import { bytes, lanes, loadPart, multiplyAdd, zeros } from './lanes'

/** numbers of a row whose products are added up in one go */
export const stretch: i32 = 512

/** rows of a Gram matrix are a multiple of 4 apart */
@inline export function gramWidth(rows: i32): i32 {
  return (rows + 3) & ~3
}

/** the sums of the lanes of four vectors of float32 */
@inline export function sumsOfFour(a: v128, b: v128, c: v128, d: v128): v128 {
  const first = f32x4.add(v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.shuffle<f32>(a, b, 2, 6, 3, 7))
  const second = f32x4.add(v128.shuffle<f32>(c, d, 0, 4, 1, 5), v128.shuffle<f32>(c, d, 2, 6, 3, 7))
  return f32x4.add(v128.shuffle<f32>(first, second, 0, 1, 4, 5), v128.shuffle<f32>(first, second, 2, 3, 6, 7))
}

/** those of two of float64 */
@inline export function sumsOfTwo(a: v128, b: v128): v128 {
  return f64x2.add(v128.shuffle<f64>(a, b, 0, 2), v128.shuffle<f64>(a, b, 1, 3))
}

/** Puts four sums at `to`, or adds them to what is there. */
@inline function putSums<T>(to: usize, a: v128, b: v128, c: v128, d: v128, isFirst: bool): void {
  if (sizeof<T>() == 4) {
    const sums = sumsOfFour(a, b, c, d)
    v128.store(to, isFirst ? sums : f32x4.add(sums, v128.load(to)))
  } else {
    const low = sumsOfTwo(a, b)
    const high = sumsOfTwo(c, d)
    v128.store(to, isFirst ? low : f64x2.add(low, v128.load(to)))
    v128.store(to, isFirst ? high : f64x2.add(high, v128.load(to, 16)), 16)
  }
}

/** The products of four rows (x0 to x3) with two (y0, y1), in two rows of four numbers. */
function tile<T>(
  to: usize, toStep: usize, x0: usize, x1: usize, x2: usize, x3: usize, y0: usize, y1: usize, count: i32,
): void {
  for (let done = 0; done < count; done += stretch) {
    let a0 = zeros()
    let a1 = zeros()
    let a2 = zeros()
    let a3 = zeros()
    let b0 = zeros()
    let b1 = zeros()
    let b2 = zeros()
    let b3 = zeros()
    let left = min(count - done, stretch)
    let at = bytes<T>(done)
    for (; left >= lanes<T>(); left -= lanes<T>(), at += 16) {
      const p = v128.load(y0 + at)
      const q = v128.load(y1 + at)
      const r0 = v128.load(x0 + at)
      a0 = multiplyAdd<T>(r0, p, a0)
      b0 = multiplyAdd<T>(r0, q, b0)
      const r1 = v128.load(x1 + at)
      a1 = multiplyAdd<T>(r1, p, a1)
      b1 = multiplyAdd<T>(r1, q, b1)
      const r2 = v128.load(x2 + at)
      a2 = multiplyAdd<T>(r2, p, a2)
      b2 = multiplyAdd<T>(r2, q, b2)
      const r3 = v128.load(x3 + at)
      a3 = multiplyAdd<T>(r3, p, a3)
      b3 = multiplyAdd<T>(r3, q, b3)
    }
    if (left > 0) {
      const p = loadPart<T>(y0 + at, left)
      const q = loadPart<T>(y1 + at, left)
      const r0 = loadPart<T>(x0 + at, left)
      a0 = multiplyAdd<T>(r0, p, a0)
      b0 = multiplyAdd<T>(r0, q, b0)
      const r1 = loadPart<T>(x1 + at, left)
      a1 = multiplyAdd<T>(r1, p, a1)
      b1 = multiplyAdd<T>(r1, q, b1)
      const r2 = loadPart<T>(x2 + at, left)
      a2 = multiplyAdd<T>(r2, p, a2)
      b2 = multiplyAdd<T>(r2, q, b2)
      const r3 = loadPart<T>(x3 + at, left)
      a3 = multiplyAdd<T>(r3, p, a3)
      b3 = multiplyAdd<T>(r3, q, b3)
    }
    putSums<T>(to, a0, a1, a2, a3, done == 0)
    putSums<T>(to + toStep, b0, b1, b2, b3, done == 0)
  }
}

/**
 * out[row, column] = x[row] · x[column] for column <= row, and for some columns after it. Its rows are gramWidth apart,
 * and there is an even number of them.
 */
export function gram<T>(out: usize, x: usize, ld: i32, rows: i32, count: i32): void {
  const step = bytes<T>(ld)
  const last = x + <usize>(rows - 1) * step
  const outStep = bytes<T>(gramWidth(rows))
  for (let row = 0; row < rows; row += 2) {
    const y0 = x + <usize>row * step
    const y1 = min(y0 + step, last)
    for (let column = 0; column <= row + 1 && column < rows; column += 4) {
      const x0 = x + <usize>column * step
      tile<T>(
        out + <usize>row * outStep + bytes<T>(column), outStep, x0, min(x0 + step, last), min(x0 + 2 * step, last),
        min(x0 + 3 * step, last), y0, y1, count,
      )
    }
  }
}
