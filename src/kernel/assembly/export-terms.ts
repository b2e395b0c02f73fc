/** What is said of the terms of a sum over time, in both precisions. */
import { termNorms, rowSumNorms, rowNorms, scaleSteps } from './terms'

export function f32_termNorms(
  out: usize, steps: i32, batch: i32, a: usize, ldA: i32, m: i32, aStride: i32, b: usize, ldB: i32, n: i32,
  bStride: i32, scratch: usize,
): void {
  termNorms<f32>(out, steps, batch, a, ldA, m, aStride, b, ldB, n, bStride, scratch)
}

export function f64_termNorms(
  out: usize, steps: i32, batch: i32, a: usize, ldA: i32, m: i32, aStride: i32, b: usize, ldB: i32, n: i32,
  bStride: i32, scratch: usize,
): void {
  termNorms<f64>(out, steps, batch, a, ldA, m, aStride, b, ldB, n, bStride, scratch)
}

export function f32_rowSumNorms(
  out: usize, steps: i32, batch: i32, a: usize, ldA: i32, m: i32, aStride: i32,
): void {
  rowSumNorms<f32>(out, steps, batch, a, ldA, m, aStride)
}

export function f64_rowSumNorms(
  out: usize, steps: i32, batch: i32, a: usize, ldA: i32, m: i32, aStride: i32,
): void {
  rowSumNorms<f64>(out, steps, batch, a, ldA, m, aStride)
}

export function f32_rowNorms(out: usize, steps: i32, batch: i32, a: usize, ldA: i32, m: i32, aStride: i32): void {
  rowNorms<f32>(out, steps, batch, a, ldA, m, aStride)
}

export function f64_rowNorms(out: usize, steps: i32, batch: i32, a: usize, ldA: i32, m: i32, aStride: i32): void {
  rowNorms<f64>(out, steps, batch, a, ldA, m, aStride)
}

export function f32_scaleSteps(x: usize, steps: i32, count: i32, stride: i32, exponents: usize): void {
  scaleSteps<f32>(x, steps, count, stride, exponents)
}

export function f64_scaleSteps(x: usize, steps: i32, count: i32, stride: i32, exponents: usize): void {
  scaleSteps<f64>(x, steps, count, stride, exponents)
}
