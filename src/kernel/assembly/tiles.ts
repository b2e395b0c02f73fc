/**
 * The innermost products: a tile of up to 4 rows × one panel, whose sums stay in registers while k runs. Eight sums at
 * once hide the time one multiplication and addition takes.
 */
import { lanes, loadPart, multiplyAdd, storePart, zeros } from './lanes'
import { panelWidth } from './panels'

/**
 * Stores a row of sums, added to `columns` numbers at `initial` unless that is 0. They are added last: what a sum starts
 * with would make all that follow round more.
 */
@inline export function finish<T>(to: usize, initial: usize, low: v128, high: v128, columns: i32): void {
  if (columns >= panelWidth<T>()) {
    if (initial) {
      low = v128.add<T>(low, v128.load(initial))
      high = v128.add<T>(high, v128.load(initial, 16))
    }
    v128.store(to, low)
    v128.store(to, high, 16)
  } else {
    finishPart<T>(to, initial, low, high, columns)
  }
}

function finishPart<T>(to: usize, initial: usize, low: v128, high: v128, columns: i32): void {
  if (initial) {
    low = v128.add<T>(low, loadPart<T>(initial, columns))
    high = v128.add<T>(high, loadPart<T>(initial + 16, columns - lanes<T>()))
  }
  storePart<T>(to, low, columns)
  storePart<T>(to + 16, high, columns - lanes<T>())
}

/**
 * `rows` (1 to 4) rows × one panel, all steps in bytes. `rows` and `areAside` are constants, so that the branches on them
 * are gone in what is compiled.
 *
 * @param areAside a[k, rows]: the rows are side by side, and k runs by aStep; otherwise a[rows, k], the other way round
 */
@inline function tile<T>(
  rows: i32, areAside: bool, out: usize, outStep: usize, initial: usize, initialStep: usize,
  a: usize, aStep: usize, b: usize, bStep: usize, columns: i32, k: i32,
): void {
  let c00 = zeros(), c01 = zeros(), c10 = zeros(), c11 = zeros()
  let c20 = zeros(), c21 = zeros(), c30 = zeros(), c31 = zeros()
  let a1 = a + aStep
  let a2 = a1 + aStep
  let a3 = a2 + aStep
  for (; k > 0; k--) {
    const low = v128.load(b)
    const high = v128.load(b, 16)
    b += bStep
    const x0 = v128.load_splat<T>(a)
    c00 = multiplyAdd<T>(x0, low, c00)
    c01 = multiplyAdd<T>(x0, high, c01)
    if (rows > 1) {
      const x1 = areAside ? v128.load_splat<T>(a, sizeof<T>()) : v128.load_splat<T>(a1)
      c10 = multiplyAdd<T>(x1, low, c10)
      c11 = multiplyAdd<T>(x1, high, c11)
    }
    if (rows > 2) {
      const x2 = areAside ? v128.load_splat<T>(a, 2 * sizeof<T>()) : v128.load_splat<T>(a2)
      c20 = multiplyAdd<T>(x2, low, c20)
      c21 = multiplyAdd<T>(x2, high, c21)
    }
    if (rows > 3) {
      const x3 = areAside ? v128.load_splat<T>(a, 3 * sizeof<T>()) : v128.load_splat<T>(a3)
      c30 = multiplyAdd<T>(x3, low, c30)
      c31 = multiplyAdd<T>(x3, high, c31)
    }
    if (areAside) {
      a += aStep
    } else {
      a += sizeof<T>()
      a1 += sizeof<T>()
      a2 += sizeof<T>()
      a3 += sizeof<T>()
    }
  }
  if (initial == 0) initialStep = 0
  finish<T>(out, initial, c00, c01, columns)
  if (rows > 1) finish<T>(out + outStep, initial + initialStep, c10, c11, columns)
  if (rows > 2) finish<T>(out + 2 * outStep, initial + 2 * initialStep, c20, c21, columns)
  if (rows > 3) finish<T>(out + 3 * outStep, initial + 3 * initialStep, c30, c31, columns)
}

/** a[rows, k] · panel, k side by side in a row of a. Of more rows than 4 the first 4. */
export function rowTile<T>(
  rows: i32, out: usize, outStep: usize, initial: usize, initialStep: usize,
  a: usize, aStep: usize, b: usize, bStep: usize, columns: i32, k: i32,
): void {
  if (rows >= 4) tile<T>(4, false, out, outStep, initial, initialStep, a, aStep, b, bStep, columns, k)
  else if (rows == 3) tile<T>(3, false, out, outStep, initial, initialStep, a, aStep, b, bStep, columns, k)
  else if (rows == 2) tile<T>(2, false, out, outStep, initial, initialStep, a, aStep, b, bStep, columns, k)
  else tile<T>(1, false, out, outStep, initial, initialStep, a, aStep, b, bStep, columns, k)
}

/** a[k, rows]ᵀ · panel, the rows side by side in a row of a. Of more rows than 4 the first 4. */
export function columnTile<T>(
  rows: i32, out: usize, outStep: usize, initial: usize, initialStep: usize,
  a: usize, aStep: usize, b: usize, bStep: usize, columns: i32, k: i32,
): void {
  if (rows >= 4) tile<T>(4, true, out, outStep, initial, initialStep, a, aStep, b, bStep, columns, k)
  else if (rows == 3) tile<T>(3, true, out, outStep, initial, initialStep, a, aStep, b, bStep, columns, k)
  else if (rows == 2) tile<T>(2, true, out, outStep, initial, initialStep, a, aStep, b, bStep, columns, k)
  else tile<T>(1, true, out, outStep, initial, initialStep, a, aStep, b, bStep, columns, k)
}
