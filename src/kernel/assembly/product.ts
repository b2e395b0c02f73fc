/** Products with a matrix that lies in panels (panels.ts), k in parts, so that no sum grows long. */
import { bytes } from './lanes'
import { panelStep, panelWidth } from './panels'
import { rowTile } from './tiles'
import { vectorTimesPanels } from './vector-tiles'

export { pack, packedBytes, packTransposed } from './panels'

/** the longest sum that is taken in one go */
export const partLength = 256

/**
 * out[m, n] = initial[m, n] + a[m, k] · b[k, n]. `initial` may be `out`; with ldInitial 0 it is one row for all (a bias),
 * and 0 means zeros.
 */
export function multiplyPacked<T>(
  out: usize, ldOut: i32, initial: usize, ldInitial: i32, a: usize, ldA: i32, packed: usize, m: i32, n: i32, k: i32,
): void {
  const outStep = bytes<T>(ldOut)
  let initialStep = bytes<T>(ldInitial)
  const panel = <usize>k * panelStep
  do {
    const part = min(k, partLength)
    if (m == 1) vectorTimesPanels<T>(out, initial, a, packed, panelStep, panel, n, part)
    else rowsTimesPanels<T>(out, outStep, initial, initialStep, a, bytes<T>(ldA), packed, panel, m, n, part)
    initial = out
    initialStep = outStep
    a += bytes<T>(part)
    packed += <usize>part * panelStep
    k -= part
  } while (k > 0)
}

/** rows that are multiplied with one panel after the other: that part of them stays in the second cache */
const rowsAtOnce = 64

/** A part of a panel stays in the first cache while the rows go by. */
function rowsTimesPanels<T>(
  out: usize, outStep: usize, initial: usize, initialStep: usize, a: usize, aStep: usize, packed: usize, panel: usize,
  m: i32, n: i32, k: i32,
): void {
  for (let row = 0; row < m; row += rowsAtOnce) {
    let b = packed
    for (let column = 0; column < n; column += panelWidth<T>()) {
      const at = bytes<T>(column)
      let to = out + at
      let from = initial ? initial + at : 0
      let rows = a
      for (let left = min(m - row, rowsAtOnce); left > 0; left -= 4) {
        rowTile<T>(left, to, outStep, from, initialStep, rows, aStep, b, panelStep, n - column, k)
        to += 4 * outStep
        if (from) from += 4 * initialStep
        rows += 4 * aStep
      }
      b += panel
    }
    out += <usize>rowsAtOnce * outStep
    if (initial) initial += <usize>rowsAtOnce * initialStep
    a += <usize>rowsAtOnce * aStep
  }
}
