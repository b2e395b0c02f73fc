/**
 * The GRU over a sequence (src/rnn-cell/gru.ts holds the formulas), in both its forms. With the reset after the product a
 * step is one product for r, z and n and one pass over the rows; before it, one product and pass for r and z and another
 * of each for n. A pass is compiled twice, for tanh and sigmoid with nothing else and for everything there is.
 */
import { gateCode, SIGMOID, TANH } from './activation'
import { bytes, lanes, multiplyAdd } from './lanes'
import { multiplyPacked, packedBytes, packTransposed } from './product'
import { aligned, keepAbsent, phi, put, take } from './rows'

/** r, z, and n from what `products` holds of W h + (0, 0, bn) */
@inline function afterUnits<T>(
  gates: usize, gateBytes: usize, products: usize, bn: usize, inner: usize, before: usize, hidden: usize, code: i32,
  gate: i32, isUsual: bool, limit: v128, count: i32, isWhole: bool,
): void {
  const atZ = gates + gateBytes
  const atN = atZ + gateBytes
  const a = v128.add<T>(take<T>(gates, count, isWhole), take<T>(products, count, isWhole))
  const b = v128.add<T>(take<T>(atZ, count, isWhole), take<T>(products + gateBytes, count, isWhole))
  const r = phi<T>(a, gate, isUsual, limit)
  const z = phi<T>(b, gate, isUsual, limit)
  let m = take<T>(products + 2 * gateBytes, count, isWhole)
  if (bn) m = v128.add<T>(m, take<T>(bn, count, isWhole))
  const c = multiplyAdd<T>(r, m, take<T>(atN, count, isWhole))
  const n = phi<T>(c, code, isUsual, limit)
  put<T>(gates, r, count, isWhole)
  put<T>(atZ, z, count, isWhole)
  put<T>(atN, n, count, isWhole)
  put<T>(inner, m, count, isWhole)
  put<T>(hidden, mixed<T>(z, n, take<T>(before, count, isWhole)), count, isWhole)
}

/** (1 - z) ∘ n + z ∘ h */
@inline function mixed<T>(z: v128, n: v128, h: v128): v128 {
  return multiplyAdd<T>(z, h, v128.mul<T>(v128.sub<T>(v128.splat<T>(1), z), n))
}

/** r and z, and r ∘ h */
@inline function openUnits<T>(
  gates: usize, gateBytes: usize, inner: usize, before: usize, gate: i32, isUsual: bool, limit: v128, count: i32,
  isWhole: bool,
): void {
  const atZ = gates + gateBytes
  const a = take<T>(gates, count, isWhole)
  const b = take<T>(atZ, count, isWhole)
  const r = phi<T>(a, gate, isUsual, limit)
  put<T>(gates, r, count, isWhole)
  put<T>(atZ, phi<T>(b, gate, isUsual, limit), count, isWhole)
  put<T>(inner, v128.mul<T>(r, take<T>(before, count, isWhole)), count, isWhole)
}

/** n and h' */
@inline function closeUnits<T>(
  gates: usize, gateBytes: usize, before: usize, hidden: usize, code: i32, isUsual: bool, limit: v128, count: i32,
  isWhole: bool,
): void {
  const atN = gates + 2 * gateBytes
  const c = take<T>(atN, count, isWhole)
  const n = phi<T>(c, code, isUsual, limit)
  const z = take<T>(gates + gateBytes, count, isWhole)
  put<T>(atN, n, count, isWhole)
  put<T>(hidden, mixed<T>(z, n, take<T>(before, count, isWhole)), count, isWhole)
}

@inline function afterRow<T>(
  gates: usize, size: i32, products: usize, bn: usize, inner: usize, before: usize, hidden: usize, code: i32, gate: i32,
  isUsual: bool, limit: v128,
): void {
  const gateBytes = bytes<T>(size)
  const end = bytes<T>(size & -lanes<T>())
  let at: usize = 0
  for (; at < end; at += 16)
    afterUnits<T>(
      gates + at, gateBytes, products + at, bn ? bn + at : 0, inner + at, before + at, hidden + at, code, gate,
      isUsual, limit, lanes<T>(), true,
    )
  const left = size & (lanes<T>() - 1)
  if (left)
    afterUnits<T>(
      gates + at, gateBytes, products + at, bn ? bn + at : 0, inner + at, before + at, hidden + at, code, gate,
      isUsual, limit, left, false,
    )
}

@inline function openRow<T>(
  gates: usize, size: i32, inner: usize, before: usize, gate: i32, isUsual: bool, limit: v128,
): void {
  const gateBytes = bytes<T>(size)
  const end = bytes<T>(size & -lanes<T>())
  let at: usize = 0
  for (; at < end; at += 16)
    openUnits<T>(gates + at, gateBytes, inner + at, before + at, gate, isUsual, limit, lanes<T>(), true)
  const left = size & (lanes<T>() - 1)
  if (left) openUnits<T>(gates + at, gateBytes, inner + at, before + at, gate, isUsual, limit, left, false)
}

@inline function closeRow<T>(
  gates: usize, size: i32, before: usize, hidden: usize, code: i32, isUsual: bool, limit: v128,
): void {
  const gateBytes = bytes<T>(size)
  const end = bytes<T>(size & -lanes<T>())
  let at: usize = 0
  for (; at < end; at += 16)
    closeUnits<T>(gates + at, gateBytes, before + at, hidden + at, code, isUsual, limit, lanes<T>(), true)
  const left = size & (lanes<T>() - 1)
  if (left) closeUnits<T>(gates + at, gateBytes, before + at, hidden + at, code, isUsual, limit, left, false)
}

export function gruForward<T>(
  steps: i32, batch: i32, size: i32, w: usize, bn: usize, resetAfter: i32, gates: usize, gatesStride: i32, inner: usize,
  innerStride: i32, hidden: usize, hiddenStride: i32, activation: i32, gateActivation: i32, clip: f64, present: usize,
  presentStride: i32, scratch: usize,
): void {
  const gate = gateCode(gateActivation)
  const isUsual = activation == TANH && gate == SIGMOID && clip == Infinity
  const limit = v128.splat<T>(<T>clip)
  const columns = 3 * size
  const rowBytes = bytes<T>(size)
  const open = resetAfter ? columns : 2 * size
  const weights = scratch
  /** the rows of all three products, or the weights of n */
  const rest = aligned(scratch + packedBytes<T>(open, size))
  packTransposed<T>(weights, w, size, open, size)
  if (!resetAfter) packTransposed<T>(rest, w + 2 * rowBytes * <usize>size, size, size, size)
  for (let step = 0; step < steps; step++) {
    const next = hidden + bytes<T>(hiddenStride)
    if (resetAfter) multiplyPacked<T>(rest, columns, 0, columns, hidden, size, weights, batch, columns, size)
    else multiplyPacked<T>(gates, columns, gates, columns, hidden, size, weights, batch, open, size)
    for (let row = 0; row < batch; row++) {
      const at = <usize>row * rowBytes
      const own = gates + 3 * at
      if (resetAfter) {
        if (isUsual)
          afterRow<T>(
            own, size, rest + 3 * at, bn, inner + at, hidden + at, next + at, TANH, SIGMOID, true, limit,
          )
        else
          afterRow<T>(
            own, size, rest + 3 * at, bn, inner + at, hidden + at, next + at, activation, gate, false, limit,
          )
      } else if (isUsual) openRow<T>(own, size, inner + at, hidden + at, SIGMOID, true, limit)
      else openRow<T>(own, size, inner + at, hidden + at, gate, false, limit)
    }
    if (!resetAfter) {
      const third = gates + 2 * rowBytes
      multiplyPacked<T>(third, columns, third, columns, inner, size, rest, batch, size, size)
      for (let row = 0; row < batch; row++) {
        const at = <usize>row * rowBytes
        if (isUsual) closeRow<T>(gates + 3 * at, size, hidden + at, next + at, TANH, true, limit)
        else closeRow<T>(gates + 3 * at, size, hidden + at, next + at, activation, false, limit)
      }
    }
    if (present) {
      keepAbsent<T>(next, hidden, batch, size, present)
      present += presentStride
    }
    gates += bytes<T>(gatesStride)
    inner += bytes<T>(innerStride)
    hidden = next
  }
}
