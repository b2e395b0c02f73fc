/** The vanilla cell (torch.nn.RNN) over a sequence: h_t = φ(W h_{t-1} + a_t), and the same lines backwards. */
import { activateArray, activated, LINEAR, limitedDerivative, RELU, SIGMOID, TANH } from './activation'
import { carryOn, exactSquares, largest, meetExternal, smallest, squares, stretch, sumOfLanes } from './carried'
import { bytes, lanes, loadPart, multiplyAdd, storePart, zeros } from './lanes'
import { multiplyPacked, pack, packTransposed } from './product'
import { longestRow, vectorTimesRows } from './vector-rows'

export function rnnForward<T>(
  steps: i32, batch: i32, size: i32, w: usize, a: usize, aStride: i32, hidden: usize, hiddenStride: i32,
  activation: i32, clip: f64, present: usize, presentStride: i32, scratch: usize,
): void {
  const isOneRow = steps == 1 && batch == 1 && size <= longestRow
  if (!isOneRow) packTransposed<T>(scratch, w, size, size, size)
  const hiddenStep = bytes<T>(hiddenStride)
  for (let step = 0; step < steps; step++) {
    const after = hidden + hiddenStep
    if (isOneRow) vectorTimesRows<T>(after, a, hidden, w, size, size, size)
    else multiplyPacked<T>(after, size, a, size, hidden, size, scratch, batch, size, size)
    activateArray<T>(after, batch * size, activation, <T>clip)
    if (present) {
      for (let row = 0; row < batch; row++) {
        const at = bytes<T>(row * size)
        if (load<u8>(present + row) == 0) memory.copy(after + at, hidden + at, bytes<T>(size))
      }
      present += presentStride
    }
    hidden = after
    a += bytes<T>(aStride)
  }
}

/** δ = φ'(a) ∘ (carried + external) of up to `stretch` numbers. @returns Σ (carried + external)² */
@inline function stretchDelta<T>(
  delta: usize, carried: usize, external: usize, after: usize, count: i32, code: i32, lowest: v128, highest: v128,
): f64 {
  let sum = zeros()
  for (; count >= lanes<T>(); count -= lanes<T>()) {
    let g = v128.load(carried)
    if (external) {
      g = v128.add<T>(g, v128.load(external))
      external += 16
    }
    sum = multiplyAdd<T>(g, g, sum)
    v128.store(delta, v128.mul<T>(g, limitedDerivative<T>(v128.load(after), code, lowest, highest)))
    carried += 16
    delta += 16
    after += 16
  }
  if (count) {
    let g = loadPart<T>(carried, count)
    if (external) g = v128.add<T>(g, loadPart<T>(external, count))
    sum = multiplyAdd<T>(g, g, sum)
    const der = limitedDerivative<T>(loadPart<T>(after, count), code, lowest, highest)
    storePart<T>(delta, v128.mul<T>(g, der), count)
  }
  return sumOfLanes<T>(sum)
}

/** The same of any number of them. */
function deltaOf<T>(
  delta: usize, carried: usize, external: usize, after: usize, count: i32, code: i32, lowest: v128, highest: v128,
): f64 {
  let sum: f64 = 0
  for (let index = 0; index < count; index += stretch) {
    const at = bytes<T>(index)
    const own = external ? external + at : 0
    const part = min(count - index, stretch)
    if (code == TANH)
      sum += stretchDelta<T>(delta + at, carried + at, own, after + at, part, TANH, lowest, highest)
    else if (code == RELU)
      sum += stretchDelta<T>(delta + at, carried + at, own, after + at, part, RELU, lowest, highest)
    else if (code == SIGMOID)
      sum += stretchDelta<T>(delta + at, carried + at, own, after + at, part, SIGMOID, lowest, highest)
    else sum += stretchDelta<T>(delta + at, carried + at, own, after + at, part, LINEAR, lowest, highest)
  }
  return sum
}

/** Where a sequence is not present its gradient stays in `carried`, with δ 0; the others leave 0 there. */
function passOn<T>(delta: usize, carried: usize, external: usize, batch: i32, size: i32, present: usize): void {
  const rowBytes = bytes<T>(size)
  for (let row = 0; row < batch; row++) {
    if (load<u8>(present + row)) {
      memory.fill(carried, 0, rowBytes)
    } else {
      memory.fill(delta, 0, rowBytes)
      for (let index = 0; external && index < size; index++) {
        const at = bytes<T>(index)
        store<T>(carried + at, load<T>(carried + at) + load<T>(external + at))
      }
    }
    carried += rowBytes
    delta += rowBytes
    if (external) external += rowBytes
  }
}

export function rnnBackward<T>(
  steps: i32, batch: i32, size: i32, w: usize, after: usize, afterStride: i32, activation: i32, clip: f64,
  external: usize, externalStride: i32, delta: usize, deltaStride: i32, carried: usize, norms: usize,
  exponents: usize, present: usize, presentStride: i32, keepLast: i32, scratch: usize,
): i32 {
  pack<T>(scratch, w, size, size, size)
  const count = batch * size
  const isLimited = clip < Infinity
  const highest = isLimited ? activated<T>(v128.splat<T>(<T>clip), activation) : v128.splat<T>(<T>Infinity)
  const lowest = isLimited ? activated<T>(v128.splat<T>(<T>-clip), activation) : v128.splat<T>(<T>-Infinity)
  for (let step = 0; step < steps; step++) {
    meetExternal<T>(external, carried, 0, count, exponents)
    let sum = deltaOf<T>(delta, carried, external, after, count, activation, lowest, highest)
    if (sizeof<T>() == 4 && sum < smallest<T>()) sum = exactSquares<T>(carried, external, count)
    store<f64>(norms, sum)
    store<f64>(norms, 0, 8)
    if (!(sum <= largest<T>())) return 1
    if (present) passOn<T>(delta, carried, external, batch, size, present)
    let carriedSum: f64 = 0
    if (keepLast != 0 || step < steps - 1) {
      multiplyPacked<T>(carried, size, present ? carried : 0, size, delta, size, scratch, batch, size, size)
      carriedSum = squares<T>(carried, count)
      store<f64>(norms, carriedSum, 8)
      if (!(carriedSum <= largest<T>())) return 1
    }
    carryOn<T>(carried, 0, count, carriedSum, exponents)
    after += bytes<T>(afterStride)
    delta += bytes<T>(deltaStride)
    if (external) external += bytes<T>(externalStride)
    if (present) present += presentStride
    norms += 16
    exponents += 4
  }
  return 0
}
