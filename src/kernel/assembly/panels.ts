/**
 * A matrix b[k, n] in panels: `panelWidth` columns side by side, row after row, so that a product reads it from front to
 * back. What stands in the columns past the last is not stored anywhere.
 */
import { bytes, lanes, loadPart } from './lanes'

/** columns of a panel: two vectors */
@inline export function panelWidth<T>(): i32 {
  return 2 * lanes<T>()
}

/** bytes of a row of a panel */
export const panelStep: usize = 32

/** bytes of all panels of b[k, n] */
@inline export function packedBytes<T>(n: i32, k: i32): usize {
  return <usize>((n + panelWidth<T>() - 1) / panelWidth<T>()) * <usize>k * panelStep
}

/** From b[k, n]. */
export function pack<T>(packed: usize, b: usize, ldB: i32, n: i32, k: i32): void {
  const step = bytes<T>(ldB)
  for (let column = 0; column < n; column += panelWidth<T>()) {
    const columns = n - column
    let from = b + bytes<T>(column)
    const end = packed + <usize>k * panelStep
    if (columns >= panelWidth<T>()) {
      for (; packed < end; packed += panelStep) {
        v128.store(packed, v128.load(from))
        v128.store(packed, v128.load(from, 16), 16)
        from += step
      }
    } else {
      packPart<T>(packed, from, step, columns, k)
    }
  }
}

/** The last panel, if it is not full: with what follows in a row, but not past the last row. */
function packPart<T>(packed: usize, from: usize, step: usize, columns: i32, k: i32): void {
  const end = from + <usize>(k - 1) * step + bytes<T>(columns)
  for (; k > 0 && from + panelStep <= end; k--) {
    v128.store(packed, v128.load(from))
    v128.store(packed, v128.load(from, 16), 16)
    packed += panelStep
    from += step
  }
  for (; k > 0; k--) {
    v128.store(packed, loadPart<T>(from, columns))
    v128.store(packed, loadPart<T>(from + 16, columns - lanes<T>()), 16)
    packed += panelStep
    from += step
  }
}

/** From b[n, k]. */
export function packTransposed<T>(packed: usize, b: usize, ldB: i32, n: i32, k: i32): void {
  const step = bytes<T>(ldB)
  for (let column = 0; column < n; column += lanes<T>()) {
    const panel = packed + <usize>(column / panelWidth<T>()) * <usize>k * panelStep
    const to = panel + (column % panelWidth<T>() ? 16 : 0)
    transposeRows<T>(to, b + <usize>column * step, step, n - column, k)
  }
}

/** `lanes` rows of b to columns of a panel; rows that are not there become 0. */
function transposeRows<T>(to: usize, from: usize, step: usize, rows: i32, k: i32): void {
  let index = 0
  if (rows >= lanes<T>()) {
    if (sizeof<T>() == 4) {
      for (; index + 4 <= k; index += 4, from += 16, to += 4 * panelStep) {
        const r0 = v128.load(from)
        const r1 = v128.load(from + step)
        const r2 = v128.load(from + 2 * step)
        const r3 = v128.load(from + 3 * step)
        const low01 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5)
        const low23 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5)
        const high01 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7)
        const high23 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7)
        v128.store(to, v128.shuffle<f64>(low01, low23, 0, 2))
        v128.store(to, v128.shuffle<f64>(low01, low23, 1, 3), 32)
        v128.store(to, v128.shuffle<f64>(high01, high23, 0, 2), 64)
        v128.store(to, v128.shuffle<f64>(high01, high23, 1, 3), 96)
      }
    } else {
      for (; index + 2 <= k; index += 2, from += 16, to += 2 * panelStep) {
        const r0 = v128.load(from)
        const r1 = v128.load(from + step)
        v128.store(to, v128.shuffle<f64>(r0, r1, 0, 2))
        v128.store(to, v128.shuffle<f64>(r0, r1, 1, 3), 32)
      }
    }
  }
  for (; index < k; index++, from += sizeof<T>(), to += panelStep) {
    for (let lane = 0; lane < lanes<T>(); lane++) {
      const value: T = lane < rows ? load<T>(from + <usize>lane * step) : <T>0
      store<T>(to + bytes<T>(lane), value)
    }
  }
}
