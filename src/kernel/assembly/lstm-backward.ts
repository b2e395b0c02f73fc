/** The LSTM backwards: the derivative of each line of the way forward in one pass over the rows, then one product. */
import { derivative, gateCode, SIGMOID, TANH } from './activation'
import { carryOn, exactSquares, largest, meetExternal, smallest, squares, sumOfLanes } from './carried'
import { bytes, lanes, multiplyAdd, zeros } from './lanes'
import { multiplyPacked, pack, packedBytes } from './product'
import { aligned, isAbsent, limitOf, put, slope, sumRow, take } from './rows'

/** @returns (carried + external)² added to `sum` */
@inline function backwardUnits<T>(
  gates: usize, delta: usize, gateBytes: usize, squashed: usize, cellBefore: usize, carried: usize, carriedCell: usize,
  external: usize, p: usize, code: i32, gate: i32, isUsual: bool, lowestPhi: v128, highestPhi: v128, lowestGate: v128,
  highestGate: v128, sum: v128, count: i32, isWhole: bool,
): v128 {
  const i = take<T>(gates, count, isWhole)
  const f = take<T>(gates + gateBytes, count, isWhole)
  const g = take<T>(gates + 2 * gateBytes, count, isWhole)
  const o = take<T>(gates + 3 * gateBytes, count, isWhole)
  const u = take<T>(squashed, count, isWhole)
  let dh = take<T>(carried, count, isWhole)
  if (external) dh = v128.add<T>(dh, take<T>(external, count, isWhole))
  const derI = slope<T>(i, gate, isUsual, lowestGate, highestGate)
  const derF = slope<T>(f, gate, isUsual, lowestGate, highestGate)
  const derG = slope<T>(g, code, isUsual, lowestPhi, highestPhi)
  const derO = slope<T>(o, gate, isUsual, lowestGate, highestGate)
  const deltaO = v128.mul<T>(v128.mul<T>(derO, dh), u)
  const throughHidden = v128.mul<T>(v128.mul<T>(derivative<T>(u, code), dh), o)
  let dc = v128.add<T>(take<T>(carriedCell, count, isWhole), throughHidden)
  if (p) dc = multiplyAdd<T>(deltaO, take<T>(p + 2 * gateBytes, count, isWhole), dc)
  const deltaI = v128.mul<T>(v128.mul<T>(derI, dc), g)
  const deltaF = v128.mul<T>(v128.mul<T>(derF, dc), take<T>(cellBefore, count, isWhole))
  let before = v128.mul<T>(dc, f)
  if (p) {
    before = multiplyAdd<T>(deltaI, take<T>(p, count, isWhole), before)
    before = multiplyAdd<T>(deltaF, take<T>(p + gateBytes, count, isWhole), before)
  }
  put<T>(delta, deltaI, count, isWhole)
  put<T>(delta + gateBytes, deltaF, count, isWhole)
  put<T>(delta + 2 * gateBytes, v128.mul<T>(v128.mul<T>(derG, dc), i), count, isWhole)
  put<T>(delta + 3 * gateBytes, deltaO, count, isWhole)
  put<T>(carriedCell, before, count, isWhole)
  return multiplyAdd<T>(dh, dh, sum)
}

/** @returns Σ (carried + external)² */
@inline function backwardRow<T>(
  gates: usize, delta: usize, size: i32, squashed: usize, cellBefore: usize, carried: usize, carriedCell: usize,
  external: usize, p: usize, code: i32, gate: i32, isUsual: bool, lowestPhi: v128, highestPhi: v128, lowestGate: v128,
  highestGate: v128,
): f64 {
  const gateBytes = bytes<T>(size)
  const end = gates + bytes<T>(size & -lanes<T>())
  let sum = zeros()
  for (; gates < end; gates += 16) {
    sum = backwardUnits<T>(
      gates, delta, gateBytes, squashed, cellBefore, carried, carriedCell, external, p, code, gate, isUsual,
      lowestPhi, highestPhi, lowestGate, highestGate, sum, lanes<T>(), true,
    )
    delta += 16
    squashed += 16
    cellBefore += 16
    carried += 16
    carriedCell += 16
    if (external) external += 16
    if (p) p += 16
  }
  const left = size & (lanes<T>() - 1)
  if (left)
    sum = backwardUnits<T>(
      gates, delta, gateBytes, squashed, cellBefore, carried, carriedCell, external, p, code, gate, isUsual,
      lowestPhi, highestPhi, lowestGate, highestGate, sum, left, false,
    )
  return sumOfLanes<T>(sum)
}

export function lstmBackward<T>(
  steps: i32, batch: i32, size: i32, w: usize, p: usize, gates: usize, gatesStride: i32, squashed: usize,
  squashedStride: i32, cellBefore: usize, cellBeforeStride: i32, activation: i32, gateActivation: i32, clip: f64,
  external: usize, externalStride: i32, delta: usize, deltaStride: i32, carried: usize, carriedCell: usize,
  norms: usize, exponents: usize, present: usize, presentStride: i32, keepLast: i32, scratch: usize,
): i32 {
  const gate = gateCode(gateActivation)
  const isUsual = activation == TANH && gate == SIGMOID && clip == Infinity && p == 0
  const lowestPhi = limitOf<T>(-clip, activation)
  const highestPhi = limitOf<T>(clip, activation)
  const lowestGate = limitOf<T>(-clip, gate)
  const highestGate = limitOf<T>(clip, gate)
  const count = batch * size
  const columns = 4 * size
  const rowBytes = bytes<T>(size)
  /** what goes past the gates: of a sequence that is not present, everything */
  const past = aligned(scratch + packedBytes<T>(size, columns))
  pack<T>(scratch, w, size, size, columns)
  let cellSum = squares<T>(carriedCell, count)
  for (let step = 0; step < steps; step++) {
    if (external && load<i32>(exponents)) {
      meetExternal<T>(external, carried, carriedCell, count, exponents)
      cellSum = squares<T>(carriedCell, count)
    }
    let sum: f64 = 0
    for (let row = 0; row < batch; row++) {
      const at = <usize>row * rowBytes
      const externalRow = external ? external + at : 0
      if (isAbsent(present, row)) {
        memory.fill(delta + 4 * at, 0, 4 * rowBytes)
        sumRow<T>(past + at, carried + at, externalRow, size)
        sum += squares<T>(past + at, size)
        continue
      }
      if (present) memory.fill(past + at, 0, rowBytes)
      if (isUsual)
        sum += backwardRow<T>(
          gates + 4 * at, delta + 4 * at, size, squashed + at, cellBefore + at, carried + at, carriedCell + at,
          externalRow, 0, TANH, SIGMOID, true, lowestPhi, highestPhi, lowestGate, highestGate,
        )
      else
        sum += backwardRow<T>(
          gates + 4 * at, delta + 4 * at, size, squashed + at, cellBefore + at, carried + at, carriedCell + at,
          externalRow, p, activation, gate, false, lowestPhi, highestPhi, lowestGate, highestGate,
        )
    }
    if (sizeof<T>() == 4 && sum < smallest<T>()) sum = exactSquares<T>(carried, external, count)
    sum += cellSum
    store<f64>(norms, sum)
    store<f64>(norms, 0, 8)
    if (!(sum <= largest<T>())) return 1
    sum = 0
    if (keepLast != 0 || step < steps - 1) {
      multiplyPacked<T>(carried, size, present ? past : 0, size, delta, columns, scratch, batch, size, columns)
      cellSum = squares<T>(carriedCell, count)
      sum = squares<T>(carried, count) + cellSum
      store<f64>(norms, sum, 8)
      if (!(sum <= largest<T>())) return 1
    }
    carryOn<T>(carried, carriedCell, count, sum, exponents)
    if (load<i32>(exponents) != load<i32>(exponents, 4)) cellSum = squares<T>(carriedCell, count)
    gates += bytes<T>(gatesStride)
    squashed += bytes<T>(squashedStride)
    cellBefore += bytes<T>(cellBeforeStride)
    delta += bytes<T>(deltaStride)
    if (external) external += bytes<T>(externalStride)
    if (present) present += presentStride
    norms += 16
    exponents += 4
  }
  return 0
}
