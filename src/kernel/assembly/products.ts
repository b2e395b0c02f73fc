/** The products of kernel.ts: NT and NN with b in panels unless there is one row only, TN in parts of the sum over k. */
import { bytes, lanes, loadPart, storePart, zeros } from './lanes'
import { pack, packedBytes, packTransposed, panelStep, panelWidth } from './panels'
import { multiplyPacked, partLength } from './product'
import { columnTile } from './tiles'
import { longestRow, vectorTimesRows } from './vector-rows'

export function productNT<T>(
  out: usize, ldOut: i32, a: usize, ldA: i32, b: usize, ldB: i32, m: i32, n: i32, k: i32, bias: usize, accumulate: i32,
  scratch: usize,
): void {
  if (m == 1 && k <= longestRow) {
    vectorTimesRows<T>(out, accumulate ? out : bias, a, b, ldB, n, k)
    return
  }
  packTransposed<T>(scratch, b, ldB, n, k)
  multiplyPacked<T>(out, ldOut, accumulate ? out : bias, accumulate ? ldOut : 0, a, ldA, scratch, m, n, k)
}

export function productNN<T>(
  out: usize, ldOut: i32, a: usize, ldA: i32, b: usize, ldB: i32, m: i32, n: i32, k: i32, accumulate: i32,
  scratch: usize,
): void {
  pack<T>(scratch, b, ldB, n, k)
  multiplyPacked<T>(out, ldOut, accumulate ? out : 0, ldOut, a, ldA, scratch, m, n, k)
}

/** Sums over more than that many are taken apart, and those sums added up. */
const longest = 16 * partLength

/** Up to that many rows of b lie close enough together to be read where they are. */
const mostRowsInPlace = 64

export function productTN<T>(
  out: usize, ldOut: i32, a: usize, ldA: i32, b: usize, ldB: i32, m: i32, n: i32, k: i32, accumulate: i32,
  scratch: usize,
): void {
  let initial = accumulate ? out : 0
  if (k <= longest) {
    outerProducts<T>(out, ldOut, initial, a, ldA, b, ldB, m, n, k, scratch)
    return
  }
  const rest = scratch + packedBytes<T>(n, m)
  for (; k > 0; k -= longest) {
    outerProducts<T>(scratch, n, 0, a, ldA, b, ldB, m, n, min(k, longest), rest)
    for (let row = 0; row < m; row++) {
      const at = bytes<T>(row) * ldOut
      addRow<T>(out + at, initial ? initial + at : 0, scratch + bytes<T>(row) * n, n)
    }
    initial = out
    a += bytes<T>(longest) * ldA
    b += bytes<T>(longest) * ldB
  }
}

/** out = initial + row; `initial` may be 0 */
function addRow<T>(out: usize, initial: usize, row: usize, n: i32): void {
  for (; n > 0; n -= lanes<T>()) {
    const sum = loadPart<T>(row, n)
    storePart<T>(out, initial ? v128.add<T>(sum, loadPart<T>(initial, n)) : sum, n)
    out += 16
    row += 16
    if (initial) initial += 16
  }
}

/** out = initial + aᵀ · b in parts of k. A part of b, and four columns of a part of a, are laid side by side. */
function outerProducts<T>(
  out: usize, ldOut: i32, initial: usize, a: usize, ldA: i32, b: usize, ldB: i32, m: i32, n: i32, k: i32,
  scratch: usize,
): void {
  const outStep = bytes<T>(ldOut)
  const width = panelWidth<T>()
  do {
    const part = min(k, partLength)
    const panel = <usize>part * panelStep
    const inPlace = part <= mostRowsInPlace ? n - n % width : 0
    const columnsOfA = scratch + packedBytes<T>(n, part)
    pack<T>(scratch, b + bytes<T>(inPlace), ldB, n - inPlace, part)
    for (let row = 0; row < m; row += 4) {
      let own = a + bytes<T>(row)
      let aStep = bytes<T>(ldA)
      if (m - row >= 4 && inPlace == 0 && n > width) {
        packColumns<T>(columnsOfA, own, aStep, part)
        own = columnsOfA
        aStep = 4 * sizeof<T>()
      }
      let packed = scratch
      for (let column = 0; column < n; column += width) {
        const at = <usize>row * outStep + bytes<T>(column)
        const from = initial ? initial + at : 0
        const isInPlace = column < inPlace
        const ownB = isInPlace ? b + bytes<T>(column) : packed
        const bStep = isInPlace ? bytes<T>(ldB) : panelStep
        columnTile<T>(m - row, out + at, outStep, from, outStep, own, aStep, ownB, bStep, n - column, part)
        if (!isInPlace) packed += panel
      }
    }
    initial = out
    a += bytes<T>(ldA) * part
    b += bytes<T>(ldB) * part
    k -= part
  } while (k > 0)
}

/** Four columns of a side by side. */
function packColumns<T>(packed: usize, a: usize, step: usize, k: i32): void {
  for (; k > 0; k--) {
    v128.store(packed, v128.load(a))
    if (sizeof<T>() == 8) v128.store(packed, v128.load(a, 16), 16)
    packed += 4 * sizeof<T>()
    a += step
  }
}

/** Rows are added up 64 at a time, those sums in groups of 64, and so on. */
export function sumRows<T>(out: usize, a: usize, ldA: i32, m: i32, n: i32, accumulate: i32): void {
  const step = bytes<T>(ldA)
  for (; n > 0; n -= lanes<T>()) {
    const sum = sumColumn<T>(a, step, m, n)
    storePart<T>(out, accumulate ? v128.add<T>(sum, loadPart<T>(out, n)) : sum, n)
    out += 16
    a += 16
  }
}

function sumColumn<T>(a: usize, step: usize, m: i32, columns: i32): v128 {
  let sum = zeros()
  if (m <= 64) {
    if (columns >= lanes<T>())
      for (; m > 0; m--, a += step) sum = v128.add<T>(sum, v128.load(a))
    else
      for (; m > 0; m--, a += step) sum = v128.add<T>(sum, loadPart<T>(a, columns))
    return sum
  }
  let group = 64
  while (group * 64 < m) group *= 64
  for (; m > 0; m -= group, a += <usize>group * step) sum = v128.add<T>(sum, sumColumn<T>(a, step, min(m, group), columns))
  return sum
}
