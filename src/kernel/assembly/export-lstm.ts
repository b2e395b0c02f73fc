/** The sequence kernels of the LSTM, in both precisions. */
import { lstmForward } from './lstm'
import { lstmBackward } from './lstm-backward'

export function f32_lstmForward(
  steps: i32, batch: i32, size: i32, w: usize, p: usize, gates: usize, gatesStride: i32, hidden: usize,
  hiddenStride: i32, cellState: usize, cellStateStride: i32, squashed: usize, squashedStride: i32, activation: i32,
  gateActivation: i32, clip: f64, present: usize, presentStride: i32, scratch: usize,
): void {
  lstmForward<f32>(
    steps, batch, size, w, p, gates, gatesStride, hidden, hiddenStride, cellState, cellStateStride, squashed,
    squashedStride, activation, gateActivation, clip, present, presentStride, scratch,
  )
}

export function f64_lstmForward(
  steps: i32, batch: i32, size: i32, w: usize, p: usize, gates: usize, gatesStride: i32, hidden: usize,
  hiddenStride: i32, cellState: usize, cellStateStride: i32, squashed: usize, squashedStride: i32, activation: i32,
  gateActivation: i32, clip: f64, present: usize, presentStride: i32, scratch: usize,
): void {
  lstmForward<f64>(
    steps, batch, size, w, p, gates, gatesStride, hidden, hiddenStride, cellState, cellStateStride, squashed,
    squashedStride, activation, gateActivation, clip, present, presentStride, scratch,
  )
}

export function f32_lstmBackward(
  steps: i32, batch: i32, size: i32, w: usize, p: usize, gates: usize, gatesStride: i32, squashed: usize,
  squashedStride: i32, cellBefore: usize, cellBeforeStride: i32, activation: i32, gateActivation: i32, clip: f64,
  external: usize, externalStride: i32, delta: usize, deltaStride: i32, carried: usize, carriedCell: usize,
  norms: usize, exponents: usize, present: usize, presentStride: i32, keepLast: i32, scratch: usize,
): i32 {
  return lstmBackward<f32>(
    steps, batch, size, w, p, gates, gatesStride, squashed, squashedStride, cellBefore, cellBeforeStride,
    activation, gateActivation, clip, external, externalStride, delta, deltaStride, carried, carriedCell, norms,
    exponents, present, presentStride, keepLast, scratch,
  )
}

export function f64_lstmBackward(
  steps: i32, batch: i32, size: i32, w: usize, p: usize, gates: usize, gatesStride: i32, squashed: usize,
  squashedStride: i32, cellBefore: usize, cellBeforeStride: i32, activation: i32, gateActivation: i32, clip: f64,
  external: usize, externalStride: i32, delta: usize, deltaStride: i32, carried: usize, carriedCell: usize,
  norms: usize, exponents: usize, present: usize, presentStride: i32, keepLast: i32, scratch: usize,
): i32 {
  return lstmBackward<f64>(
    steps, batch, size, w, p, gates, gatesStride, squashed, squashedStride, cellBefore, cellBeforeStride,
    activation, gateActivation, clip, external, externalStride, delta, deltaStride, carried, carriedCell, norms,
    exponents, present, presentStride, keepLast, scratch,
  )
}
