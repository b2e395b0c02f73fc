/** The sequence kernels of the vanilla cell, in both precisions. */
import { rnnBackward, rnnForward } from './rnn'

export function f32_rnnForward(
  steps: i32, batch: i32, size: i32, w: usize, a: usize, aStride: i32, hidden: usize, hiddenStride: i32,
  activation: i32, clip: f64, present: usize, presentStride: i32, scratch: usize,
): void {
  rnnForward<f32>(
    steps, batch, size, w, a, aStride, hidden, hiddenStride, activation, clip, present, presentStride, scratch,
  )
}

export function f64_rnnForward(
  steps: i32, batch: i32, size: i32, w: usize, a: usize, aStride: i32, hidden: usize, hiddenStride: i32,
  activation: i32, clip: f64, present: usize, presentStride: i32, scratch: usize,
): void {
  rnnForward<f64>(
    steps, batch, size, w, a, aStride, hidden, hiddenStride, activation, clip, present, presentStride, scratch,
  )
}

export function f32_rnnBackward(
  steps: i32, batch: i32, size: i32, w: usize, after: usize, afterStride: i32, activation: i32, clip: f64,
  external: usize, externalStride: i32, delta: usize, deltaStride: i32, carried: usize, norms: usize,
  exponents: usize, present: usize, presentStride: i32, keepLast: i32, scratch: usize,
): i32 {
  return rnnBackward<f32>(
    steps, batch, size, w, after, afterStride, activation, clip, external, externalStride, delta, deltaStride,
    carried, norms, exponents, present, presentStride, keepLast, scratch,
  )
}

export function f64_rnnBackward(
  steps: i32, batch: i32, size: i32, w: usize, after: usize, afterStride: i32, activation: i32, clip: f64,
  external: usize, externalStride: i32, delta: usize, deltaStride: i32, carried: usize, norms: usize,
  exponents: usize, present: usize, presentStride: i32, keepLast: i32, scratch: usize,
): i32 {
  return rnnBackward<f64>(
    steps, batch, size, w, after, afterStride, activation, clip, external, externalStride, delta, deltaStride,
    carried, norms, exponents, present, presentStride, keepLast, scratch,
  )
}
