/** The sequence kernels of the GRU, in both precisions. */
import { gruForward } from './gru'
import { gruBackward } from './gru-backward'

export function f32_gruForward(
  steps: i32, batch: i32, size: i32, w: usize, bn: usize, resetAfter: i32, gates: usize, gatesStride: i32,
  inner: usize, innerStride: i32, hidden: usize, hiddenStride: i32, activation: i32, gateActivation: i32, clip: f64,
  present: usize, presentStride: i32, scratch: usize,
): void {
  gruForward<f32>(
    steps, batch, size, w, bn, resetAfter, gates, gatesStride, inner, innerStride, hidden, hiddenStride, activation,
    gateActivation, clip, present, presentStride, scratch,
  )
}

export function f64_gruForward(
  steps: i32, batch: i32, size: i32, w: usize, bn: usize, resetAfter: i32, gates: usize, gatesStride: i32,
  inner: usize, innerStride: i32, hidden: usize, hiddenStride: i32, activation: i32, gateActivation: i32, clip: f64,
  present: usize, presentStride: i32, scratch: usize,
): void {
  gruForward<f64>(
    steps, batch, size, w, bn, resetAfter, gates, gatesStride, inner, innerStride, hidden, hiddenStride, activation,
    gateActivation, clip, present, presentStride, scratch,
  )
}

export function f32_gruBackward(
  steps: i32, batch: i32, size: i32, w: usize, resetAfter: i32, gates: usize, gatesStride: i32, inner: usize,
  innerStride: i32, before: usize, beforeStride: i32, activation: i32, gateActivation: i32, clip: f64,
  external: usize, externalStride: i32, delta: usize, deltaStride: i32, innerDelta: usize, innerDeltaStride: i32,
  carried: usize, norms: usize, exponents: usize, present: usize, presentStride: i32, keepLast: i32, scratch: usize,
): i32 {
  return gruBackward<f32>(
    steps, batch, size, w, resetAfter, gates, gatesStride, inner, innerStride, before, beforeStride, activation,
    gateActivation, clip, external, externalStride, delta, deltaStride, innerDelta, innerDeltaStride, carried,
    norms, exponents, present, presentStride, keepLast, scratch,
  )
}

export function f64_gruBackward(
  steps: i32, batch: i32, size: i32, w: usize, resetAfter: i32, gates: usize, gatesStride: i32, inner: usize,
  innerStride: i32, before: usize, beforeStride: i32, activation: i32, gateActivation: i32, clip: f64,
  external: usize, externalStride: i32, delta: usize, deltaStride: i32, innerDelta: usize, innerDeltaStride: i32,
  carried: usize, norms: usize, exponents: usize, present: usize, presentStride: i32, keepLast: i32, scratch: usize,
): i32 {
  return gruBackward<f64>(
    steps, batch, size, w, resetAfter, gates, gatesStride, inner, innerStride, before, beforeStride, activation,
    gateActivation, clip, external, externalStride, delta, deltaStride, innerDelta, innerDeltaStride, carried,
    norms, exponents, present, presentStride, keepLast, scratch,
  )
}
