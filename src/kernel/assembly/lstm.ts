/**
 * The LSTM over a sequence (src/rnn-cell/lstm.ts holds the formulas): each step is one product for all four gates and one
 * pass over the rows. A pass is compiled twice, for tanh and sigmoid with nothing else and for everything there is.
 */
import { gateCode, SIGMOID, TANH } from './activation'
import { bytes, lanes, multiplyAdd } from './lanes'
import { multiplyPacked, packTransposed } from './product'
import { keepAbsent, phi, put, take } from './rows'

@inline function forwardUnits<T>(
  gates: usize, gateBytes: usize, cell: usize, nextCell: usize, hidden: usize, squashed: usize, p: usize, code: i32,
  gate: i32, isUsual: bool, limit: v128, count: i32, isWhole: bool,
): void {
  const atF = gates + gateBytes
  const atG = atF + gateBytes
  const atO = atG + gateBytes
  let i = take<T>(gates, count, isWhole)
  let f = take<T>(atF, count, isWhole)
  let g = take<T>(atG, count, isWhole)
  let o = take<T>(atO, count, isWhole)
  const c = take<T>(cell, count, isWhole)
  if (p) {
    i = multiplyAdd<T>(take<T>(p, count, isWhole), c, i)
    f = multiplyAdd<T>(take<T>(p + gateBytes, count, isWhole), c, f)
  }
  i = phi<T>(i, gate, isUsual, limit)
  f = phi<T>(f, gate, isUsual, limit)
  g = phi<T>(g, code, isUsual, limit)
  const next = multiplyAdd<T>(f, c, v128.mul<T>(i, g))
  if (p) o = multiplyAdd<T>(take<T>(p + 2 * gateBytes, count, isWhole), next, o)
  o = phi<T>(o, gate, isUsual, limit)
  const u = phi<T>(next, code, isUsual, v128.splat<T>(<T>Infinity))
  put<T>(gates, i, count, isWhole)
  put<T>(atF, f, count, isWhole)
  put<T>(atG, g, count, isWhole)
  put<T>(atO, o, count, isWhole)
  put<T>(nextCell, next, count, isWhole)
  put<T>(squashed, u, count, isWhole)
  put<T>(hidden, v128.mul<T>(o, u), count, isWhole)
}

@inline function forwardRow<T>(
  gates: usize, size: i32, cell: usize, nextCell: usize, hidden: usize, squashed: usize, p: usize, code: i32, gate: i32,
  isUsual: bool, limit: v128,
): void {
  const gateBytes = bytes<T>(size)
  const end = gates + bytes<T>(size & -lanes<T>())
  for (; gates < end; gates += 16) {
    forwardUnits<T>(
      gates, gateBytes, cell, nextCell, hidden, squashed, p, code, gate, isUsual, limit, lanes<T>(), true,
    )
    cell += 16
    nextCell += 16
    hidden += 16
    squashed += 16
    if (p) p += 16
  }
  const left = size & (lanes<T>() - 1)
  if (left)
    forwardUnits<T>(
      gates, gateBytes, cell, nextCell, hidden, squashed, p, code, gate, isUsual, limit, left, false,
    )
}

export function lstmForward<T>(
  steps: i32, batch: i32, size: i32, w: usize, p: usize, gates: usize, gatesStride: i32, hidden: usize,
  hiddenStride: i32, cellState: usize, cellStateStride: i32, squashed: usize, squashedStride: i32, activation: i32,
  gateActivation: i32, clip: f64, present: usize, presentStride: i32, scratch: usize,
): void {
  const gate = gateCode(gateActivation)
  const isUsual = activation == TANH && gate == SIGMOID && clip == Infinity && p == 0
  const limit = v128.splat<T>(<T>clip)
  const columns = 4 * size
  const rowBytes = bytes<T>(size)
  packTransposed<T>(scratch, w, size, columns, size)
  for (let step = 0; step < steps; step++) {
    multiplyPacked<T>(gates, columns, gates, columns, hidden, size, scratch, batch, columns, size)
    const nextHidden = hidden + bytes<T>(hiddenStride)
    const nextCell = cellState + bytes<T>(cellStateStride)
    for (let row = 0; row < batch; row++) {
      const at = <usize>row * rowBytes
      if (isUsual) {
        forwardRow<T>(
          gates + 4 * at, size, cellState + at, nextCell + at, nextHidden + at, squashed + at, 0, TANH, SIGMOID, true,
          limit,
        )
      } else {
        forwardRow<T>(
          gates + 4 * at, size, cellState + at, nextCell + at, nextHidden + at, squashed + at, p, activation, gate,
          false, limit,
        )
      }
    }
    if (present) {
      keepAbsent<T>(nextHidden, hidden, batch, size, present)
      keepAbsent<T>(nextCell, cellState, batch, size, present)
      present += presentStride
    }
    gates += bytes<T>(gatesStride)
    hidden = nextHidden
    cellState = nextCell
    squashed += bytes<T>(squashedStride)
  }
}
