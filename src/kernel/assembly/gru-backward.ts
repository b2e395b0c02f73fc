/** The GRU backwards, in both its forms: the derivative of each line of the way forward. */
import { gateCode, limitedDerivative, SIGMOID, TANH } from './activation'
import { carryOn, exactSquares, largest, meetExternal, smallest, squares, sumOfLanes } from './carried'
import { bytes, lanes, multiplyAdd, zeros } from './lanes'
import { multiplyPacked, pack, packedBytes } from './product'
import { aligned, isAbsent, limitOf, put, slope, sumRow, take } from './rows'

/**
 * Through h' = (1 - z) ∘ n + z ∘ h, and where the reset comes after the product through n.
 *
 * @param through ∂L/∂(W h), or 0 where the reset comes before
 * @param past what goes past the gates
 * @returns (carried + external)² added to `sum`
 */
@inline function mixUnits<T>(
  gates: usize, delta: usize, gateBytes: usize, inner: usize, innerDelta: usize, through: usize, past: usize,
  before: usize, carried: usize, external: usize, code: i32, gate: i32, isUsual: bool, lowestPhi: v128,
  highestPhi: v128, lowestGate: v128, highestGate: v128, sum: v128, count: i32, isWhole: bool,
): v128 {
  const z = take<T>(gates + gateBytes, count, isWhole)
  const n = take<T>(gates + 2 * gateBytes, count, isWhole)
  const h = take<T>(before, count, isWhole)
  let dh = take<T>(carried, count, isWhole)
  if (external) dh = v128.add<T>(dh, take<T>(external, count, isWhole))
  const derZ = slope<T>(z, gate, isUsual, lowestGate, highestGate)
  const derN = slope<T>(n, code, isUsual, lowestPhi, highestPhi)
  const deltaZ = v128.mul<T>(v128.mul<T>(derZ, dh), v128.sub<T>(h, n))
  const deltaN = v128.mul<T>(v128.mul<T>(derN, dh), v128.sub<T>(v128.splat<T>(1), z))
  put<T>(delta + gateBytes, deltaZ, count, isWhole)
  put<T>(delta + 2 * gateBytes, deltaN, count, isWhole)
  put<T>(past, v128.mul<T>(dh, z), count, isWhole)
  if (through) {
    const r = take<T>(gates, count, isWhole)
    const derR = slope<T>(r, gate, isUsual, lowestGate, highestGate)
    const deltaR = v128.mul<T>(v128.mul<T>(derR, deltaN), take<T>(inner, count, isWhole))
    const deltaM = v128.mul<T>(deltaN, r)
    put<T>(delta, deltaR, count, isWhole)
    put<T>(innerDelta, deltaM, count, isWhole)
    put<T>(through, deltaR, count, isWhole)
    put<T>(through + gateBytes, deltaZ, count, isWhole)
    put<T>(through + 2 * gateBytes, deltaM, count, isWhole)
  }
  return multiplyAdd<T>(dh, dh, sum)
}

/** @returns Σ (carried + external)² */
@inline function mixRow<T>(
  gates: usize, delta: usize, size: i32, inner: usize, innerDelta: usize, through: usize, past: usize, before: usize,
  carried: usize, external: usize, code: i32, gate: i32, isUsual: bool, lowestPhi: v128, highestPhi: v128,
  lowestGate: v128, highestGate: v128,
): f64 {
  const gateBytes = bytes<T>(size)
  const end = bytes<T>(size & -lanes<T>())
  let sum = zeros()
  let at: usize = 0
  for (; at < end; at += 16)
    sum = mixUnits<T>(
      gates + at, delta + at, gateBytes, inner + at, innerDelta + at, through ? through + at : 0, past + at,
      before + at, carried + at, external ? external + at : 0, code, gate, isUsual, lowestPhi, highestPhi, lowestGate,
      highestGate, sum, lanes<T>(), true,
    )
  const left = size & (lanes<T>() - 1)
  if (left)
    sum = mixUnits<T>(
      gates + at, delta + at, gateBytes, inner + at, innerDelta + at, through ? through + at : 0, past + at,
      before + at, carried + at, external ? external + at : 0, code, gate, isUsual, lowestPhi, highestPhi, lowestGate,
      highestGate, sum, left, false,
    )
  return sumOfLanes<T>(sum)
}

/** Through r ∘ h. @param product ∂L/∂(r ∘ h) */
@inline function resetUnits<T>(
  gates: usize, delta: usize, product: usize, past: usize, before: usize, gate: i32, lowest: v128, highest: v128,
  count: i32, isWhole: bool,
): void {
  const r = take<T>(gates, count, isWhole)
  const own = take<T>(product, count, isWhole)
  const der = limitedDerivative<T>(r, gate, lowest, highest)
  put<T>(delta, v128.mul<T>(v128.mul<T>(der, own), take<T>(before, count, isWhole)), count, isWhole)
  put<T>(past, multiplyAdd<T>(own, r, take<T>(past, count, isWhole)), count, isWhole)
}

@inline function resetRow<T>(
  gates: usize, delta: usize, size: i32, product: usize, past: usize, before: usize, gate: i32, lowest: v128,
  highest: v128,
): void {
  const end = bytes<T>(size & -lanes<T>())
  let at: usize = 0
  for (; at < end; at += 16)
    resetUnits<T>(
      gates + at, delta + at, product + at, past + at, before + at, gate, lowest, highest, lanes<T>(), true,
    )
  const left = size & (lanes<T>() - 1)
  if (left)
    resetUnits<T>(gates + at, delta + at, product + at, past + at, before + at, gate, lowest, highest, left, false)
}

export function gruBackward<T>(
  steps: i32, batch: i32, size: i32, w: usize, resetAfter: i32, gates: usize, gatesStride: i32, inner: usize,
  innerStride: i32, before: usize, beforeStride: i32, activation: i32, gateActivation: i32, clip: f64, external: usize,
  externalStride: i32, delta: usize, deltaStride: i32, innerDelta: usize, innerDeltaStride: i32, carried: usize,
  norms: usize, exponents: usize, present: usize, presentStride: i32, keepLast: i32, scratch: usize,
): i32 {
  const gate = gateCode(gateActivation)
  const isUsual = activation == TANH && gate == SIGMOID && clip == Infinity
  const lowestPhi = limitOf<T>(-clip, activation)
  const highestPhi = limitOf<T>(clip, activation)
  const lowestGate = limitOf<T>(-clip, gate)
  const highestGate = limitOf<T>(clip, gate)
  const count = batch * size
  const columns = 3 * size
  const rowBytes = bytes<T>(size)
  const open = resetAfter ? columns : 2 * size
  const weightsOfN = aligned(scratch + packedBytes<T>(size, open))
  const past = resetAfter ? weightsOfN : aligned(weightsOfN + packedBytes<T>(size, size))
  /** ∂L/∂(W h) with the reset after the product, ∂L/∂(r ∘ h) with the reset before it */
  const products = aligned(past + <usize>batch * rowBytes)
  pack<T>(scratch, w, size, size, open)
  if (!resetAfter) pack<T>(weightsOfN, w + 2 * rowBytes * <usize>size, size, size, size)
  for (let step = 0; step < steps; step++) {
    meetExternal<T>(external, carried, 0, count, exponents)
    let sum: f64 = 0
    for (let row = 0; row < batch; row++) {
      const at = <usize>row * rowBytes
      const externalRow = external ? external + at : 0
      const through = resetAfter ? products + 3 * at : 0
      if (isAbsent(present, row)) {
        memory.fill(delta + 3 * at, 0, 3 * rowBytes)
        if (through) {
          memory.fill(through, 0, 3 * rowBytes)
          memory.fill(innerDelta + at, 0, rowBytes)
        }
        sumRow<T>(past + at, carried + at, externalRow, size)
        sum += squares<T>(past + at, size)
      } else if (isUsual) {
        sum += mixRow<T>(
          gates + 3 * at, delta + 3 * at, size, inner + at, innerDelta + at, through, past + at, before + at,
          carried + at, externalRow, TANH, SIGMOID, true, lowestPhi, highestPhi, lowestGate, highestGate,
        )
      } else {
        sum += mixRow<T>(
          gates + 3 * at, delta + 3 * at, size, inner + at, innerDelta + at, through, past + at, before + at,
          carried + at, externalRow, activation, gate, false, lowestPhi, highestPhi, lowestGate, highestGate,
        )
      }
    }
    if (sizeof<T>() == 4 && sum < smallest<T>()) sum = exactSquares<T>(carried, external, count)
    store<f64>(norms, sum)
    store<f64>(norms, 0, 8)
    if (!(sum <= largest<T>())) return 1
    if (!resetAfter) {
      multiplyPacked<T>(
        products, size, 0, size, delta + 2 * rowBytes, columns, weightsOfN, batch, size, size,
      )
      for (let row = 0; row < batch; row++) {
        const at = <usize>row * rowBytes
        resetRow<T>(
          gates + 3 * at, delta + 3 * at, size, products + at, past + at, before + at, gate, lowestGate, highestGate,
        )
      }
    }
    sum = 0
    if (keepLast != 0 || step < steps - 1) {
      multiplyPacked<T>(
        carried, size, past, size, resetAfter ? products : delta, columns, scratch, batch, size, open,
      )
      sum = squares<T>(carried, count)
      store<f64>(norms, sum, 8)
      if (!(sum <= largest<T>())) return 1
    }
    carryOn<T>(carried, 0, count, sum, exponents)
    gates += bytes<T>(gatesStride)
    inner += bytes<T>(innerStride)
    before += bytes<T>(beforeStride)
    delta += bytes<T>(deltaStride)
    innerDelta += bytes<T>(innerDeltaStride)
    if (external) external += bytes<T>(externalStride)
    if (present) present += presentStride
    norms += 16
    exponents += 4
  }
  return 0
}
