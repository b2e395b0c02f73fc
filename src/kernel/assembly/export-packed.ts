/** Products with a matrix that is packed once and used at many steps, in both precisions. */
import { multiplyPacked, pack, packTransposed } from './product'

export function f32_packNT(packed: usize, b: usize, ldB: i32, n: i32, k: i32): void {
  packTransposed<f32>(packed, b, ldB, n, k)
}

export function f64_packNT(packed: usize, b: usize, ldB: i32, n: i32, k: i32): void {
  packTransposed<f64>(packed, b, ldB, n, k)
}

export function f32_packNN(packed: usize, b: usize, ldB: i32, n: i32, k: i32): void {
  pack<f32>(packed, b, ldB, n, k)
}

export function f64_packNN(packed: usize, b: usize, ldB: i32, n: i32, k: i32): void {
  pack<f64>(packed, b, ldB, n, k)
}

export function f32_productPacked(
  out: usize, ldOut: i32, a: usize, ldA: i32, packed: usize, m: i32, n: i32, k: i32, bias: usize, accumulate: i32,
): void {
  if (accumulate) multiplyPacked<f32>(out, ldOut, out, ldOut, a, ldA, packed, m, n, k)
  else multiplyPacked<f32>(out, ldOut, bias, 0, a, ldA, packed, m, n, k)
}

export function f64_productPacked(
  out: usize, ldOut: i32, a: usize, ldA: i32, packed: usize, m: i32, n: i32, k: i32, bias: usize, accumulate: i32,
): void {
  if (accumulate) multiplyPacked<f64>(out, ldOut, out, ldOut, a, ldA, packed, m, n, k)
  else multiplyPacked<f64>(out, ldOut, bias, 0, a, ldA, packed, m, n, k)
}
