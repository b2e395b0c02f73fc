/**
 * Norms of the terms aᵀ b of a sum over time. Where the rows of a batch nearly cancel, the digits of float32 do not
 * suffice, and what a quick way found is taken again in float64, or in float64 by the product itself.
 */
import { largest, smallest, squares } from './carried'
import { gram, gramWidth, stretch, sumsOfFour, sumsOfTwo } from './gram'
import { bytes, lanes, loadPart, multiplyAdd, storePart, zeros } from './lanes'
import { productTN } from './products'
import { aligned, take } from './rows'
import { squaredNorm } from './updates'

/** the first two numbers of a vector in float64 */
@inline function lowWide<T>(x: v128): v128 {
  return sizeof<T>() == 8 ? x : f64x2.promote_low_f32x4(x)
}

/** the last two; of float64 there are none, which is 0 */
@inline function highWide<T>(x: v128): v128 {
  return sizeof<T>() == 8 ? zeros() : f64x2.promote_low_f32x4(v128.shuffle<f64>(x, x, 1, 1))
}

@inline function sumOfPair(x: v128): f64 {
  return f64x2.extract_lane(x, 0) + f64x2.extract_lane(x, 1)
}

/** x · y in float64 */
function wideDot<T>(x: usize, y: usize, count: i32): f64 {
  let sum = zeros()
  for (; count > 0; count -= lanes<T>()) {
    const a = loadPart<T>(x, count)
    const b = loadPart<T>(y, count)
    sum = f64x2.add(sum, f64x2.mul(lowWide<T>(a), lowWide<T>(b)))
    sum = f64x2.add(sum, f64x2.mul(highWide<T>(a), highWide<T>(b)))
    x += 16
    y += 16
  }
  return sumOfPair(sum)
}

/** Σ over pairs of rows of (a_i · a_j) (b_i · b_j), all in float64 */
function wideNorm<T>(batch: i32, a: usize, ldA: i32, m: i32, b: usize, ldB: i32, n: i32): f64 {
  let sum: f64 = 0
  for (let row = 0; row < batch; row++) {
    const aRow = a + bytes<T>(ldA) * row
    const bRow = b + bytes<T>(ldB) * row
    if (wideDot<T>(aRow, aRow, m) == 0 || wideDot<T>(bRow, bRow, n) == 0) continue
    for (let column = 0; column <= row; column++) {
      const product =
        wideDot<T>(aRow, a + bytes<T>(ldA) * column, m) * wideDot<T>(bRow, b + bytes<T>(ldB) * column, n)
      sum += column == row ? product : 2 * product
    }
  }
  return sum
}

/** The product itself. @param scratch [m, n], and behind it what productTN needs */
function directNorm<T>(
  batch: i32, a: usize, ldA: i32, m: i32, b: usize, ldB: i32, n: i32, scratch: usize,
): f64 {
  const rest = aligned(scratch + bytes<T>(m * n))
  productTN<T>(scratch, n, a, ldA, b, ldB, m, n, batch, 0, rest)
  return squares<T>(scratch, m * n)
}

/** Σ of the norms of a_i b_iᵀ squared: what the rows give each for itself */
function ownNorms<T>(batch: i32, a: usize, ldA: i32, m: i32, b: usize, ldB: i32, n: i32): f64 {
  let sum: f64 = 0
  for (let row = 0; row < batch; row++)
    sum += squares<T>(a + bytes<T>(ldA) * row, m) * squares<T>(b + bytes<T>(ldB) * row, n)
  return sum
}

/** of the last productOfGrams, what the diagonals alone gave */
let diagonal: f64 = 0

/** Σ of the products of two Gram matrices, which are symmetric */
function productOfGrams<T>(x: usize, y: usize, rows: i32): f64 {
  const step = bytes<T>(gramWidth(rows))
  let all = zeros()
  let below: f64 = 0
  let own: f64 = 0
  for (let row = 0; row < rows; row++) {
    let ofRow = zeros()
    let at: usize = 0
    for (const end = bytes<T>(row & -lanes<T>()); at < end; at += 16) {
      ofRow = multiplyAdd<T>(v128.load(x + at), v128.load(y + at), ofRow)
    }
    all = f64x2.add(all, lowWide<T>(ofRow))
    if (sizeof<T>() == 4) all = f64x2.add(all, highWide<T>(ofRow))
    for (const end = bytes<T>(row); at < end; at += sizeof<T>()) below += <f64>load<T>(x + at) * <f64>load<T>(y + at)
    own += <f64>load<T>(x + at) * <f64>load<T>(y + at)
    x += step
    y += step
  }
  diagonal = own
  return own + 2 * (below + sumOfPair(all))
}

export function termNorms<T>(
  out: usize, steps: i32, batch: i32, a: usize, ldA: i32, m: i32, aStride: i32, b: usize, ldB: i32, n: i32,
  bStride: i32, scratch: usize,
): void {
  const isDirect = (<f64>batch + 4) / 2 * (<f64>m + n) > <f64>m * n
  const second = aligned(scratch + bytes<T>(gramWidth(batch) * gramWidth(batch)))
  for (let step = 0; step < steps; step++) {
    let norm: f64
    if (batch == 1) {
      norm = squaredNorm<T>(a, m) * squaredNorm<T>(b, n)
    } else if (isDirect) {
      norm = directNorm<T>(batch, a, ldA, m, b, ldB, n, scratch)
      if (sizeof<T>() == 4 && !(norm > 1e-25 && norm < largest<T>() && norm > ownNorms<T>(batch, a, ldA, m, b, ldB, n) / 64))
        norm = wideNorm<T>(batch, a, ldA, m, b, ldB, n)
    } else {
      gram<T>(scratch, a, ldA, batch, m)
      gram<T>(second, b, ldB, batch, n)
      norm = productOfGrams<T>(scratch, second, batch)
      if (sizeof<T>() == 4) {
        if (!(norm > 1e-25 && norm < largest<T>() && norm > diagonal / 8)) norm = wideNorm<T>(batch, a, ldA, m, b, ldB, n)
      } else if (norm < diagonal / 1024) norm = directNorm<T>(batch, a, ldA, m, b, ldB, n, scratch)
    }
    store<f64>(out, norm)
    out += 8
    a += bytes<T>(aStride)
    b += bytes<T>(bStride)
  }
}

/** `squared`, and the squares of the sums of a few columns */
@inline function addSquaredSums<T>(
  squared: v128, from: usize, rows: i32, step: usize, count: i32, isWhole: bool,
): v128 {
  let low = zeros()
  let high = zeros()
  for (; rows > 0; rows--) {
    const x = take<T>(from, count, isWhole)
    low = f64x2.add(low, lowWide<T>(x))
    if (sizeof<T>() == 4) high = f64x2.add(high, highWide<T>(x))
    from += step
  }
  return f64x2.add(squared, f64x2.add(f64x2.mul(low, low), f64x2.mul(high, high)))
}

export function rowSumNorms<T>(
  out: usize, steps: i32, batch: i32, a: usize, ldA: i32, m: i32, aStride: i32,
): void {
  for (let step = 0; step < steps; step++) {
    let squared = zeros()
    let column = 0
    for (; column <= m - lanes<T>(); column += lanes<T>())
      squared = addSquaredSums<T>(squared, a + bytes<T>(column), batch, bytes<T>(ldA), lanes<T>(), true)
    if (column < m)
      squared = addSquaredSums<T>(squared, a + bytes<T>(column), batch, bytes<T>(ldA), m - column, false)
    store<f64>(out, sumOfPair(squared))
    out += 8
    a += bytes<T>(aStride)
  }
}

/** Σ of the squares of four rows of up to `stretch` numbers, in `to` as float64 */
@inline function normsOfFour<T>(to: usize, x0: usize, step: usize, count: i32): void {
  const x1 = x0 + step
  const x2 = x1 + step
  const x3 = x2 + step
  let a = zeros()
  let b = zeros()
  let c = zeros()
  let d = zeros()
  let at: usize = 0
  for (const end = bytes<T>(count & -lanes<T>()); at < end; at += 16) {
    const p = v128.load(x0 + at)
    const q = v128.load(x1 + at)
    const r = v128.load(x2 + at)
    const s = v128.load(x3 + at)
    a = multiplyAdd<T>(p, p, a)
    b = multiplyAdd<T>(q, q, b)
    c = multiplyAdd<T>(r, r, c)
    d = multiplyAdd<T>(s, s, d)
  }
  const left = count & (lanes<T>() - 1)
  if (left) {
    const p = loadPart<T>(x0 + at, left)
    const q = loadPart<T>(x1 + at, left)
    const r = loadPart<T>(x2 + at, left)
    const s = loadPart<T>(x3 + at, left)
    a = multiplyAdd<T>(p, p, a)
    b = multiplyAdd<T>(q, q, b)
    c = multiplyAdd<T>(r, r, c)
    d = multiplyAdd<T>(s, s, d)
  }
  if (sizeof<T>() == 4) {
    const sums = sumsOfFour(a, b, c, d)
    v128.store(to, lowWide<T>(sums))
    v128.store(to, highWide<T>(sums), 16)
  } else {
    v128.store(to, sumsOfTwo(a, b))
    v128.store(to, sumsOfTwo(c, d), 16)
  }
}

export function rowNorms<T>(
  out: usize, steps: i32, batch: i32, a: usize, ldA: i32, m: i32, aStride: i32,
): void {
  for (let step = 0; step < steps; step++) {
    let from = a
    let row = 0
    for (; m <= stretch && row <= batch - 4; row += 4) {
      normsOfFour<T>(out, from, bytes<T>(ldA), m)
      for (let index = 0; index < 4; index++) {
        const sum = load<f64>(out)
        if (!(sum > smallest<T>() && sum < largest<T>())) store<f64>(out, squaredNorm<T>(from, m))
        from += bytes<T>(ldA)
        out += 8
      }
    }
    for (; row < batch; row++) {
      store<f64>(out, squaredNorm<T>(from, m))
      from += bytes<T>(ldA)
      out += 8
    }
    a += bytes<T>(aStride)
  }
}

/** x · factor, at most 1; what becomes smaller than any normal number becomes 0 */
function shrink<T>(x: usize, count: i32, factor: T): void {
  const all = v128.splat<T>(factor)
  const least = v128.splat<T>(<T>(sizeof<T>() == 4 ? 1.1754943508222875e-38 : 2.2250738585072014e-308))
  for (; count > 0; count -= lanes<T>(), x += 16) {
    const value = v128.mul<T>(loadPart<T>(x, count), all)
    storePart<T>(x, v128.andnot(value, v128.lt<T>(v128.abs<T>(value), least)), count)
  }
}

export function scaleSteps<T>(x: usize, steps: i32, count: i32, stride: i32, exponents: usize): void {
  const lowest = sizeof<T>() == 4 ? -126 : -1022
  for (let step = 0; step < steps; step++) {
    let power = load<i32>(exponents)
    // three times that is more than the whole range
    for (let times = 0; power < 0 && times < 3; times++) {
      const part = max(power, lowest)
      shrink<T>(x, count, <T>reinterpret<f64>((<i64>(part + 1023)) << 52))
      power -= part
    }
    exponents += 4
    x += bytes<T>(stride)
  }
}
