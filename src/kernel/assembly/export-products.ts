/** What kernel.ts calls Products, in both precisions. */
import { productNN, productNT, productTN, sumRows } from './products'

export function f32_productNT(
  out: usize, ldOut: i32, a: usize, ldA: i32, b: usize, ldB: i32, m: i32, n: i32, k: i32, bias: usize,
  accumulate: i32, scratch: usize,
): void {
  productNT<f32>(out, ldOut, a, ldA, b, ldB, m, n, k, bias, accumulate, scratch)
}

export function f64_productNT(
  out: usize, ldOut: i32, a: usize, ldA: i32, b: usize, ldB: i32, m: i32, n: i32, k: i32, bias: usize,
  accumulate: i32, scratch: usize,
): void {
  productNT<f64>(out, ldOut, a, ldA, b, ldB, m, n, k, bias, accumulate, scratch)
}

export function f32_productNN(
  out: usize, ldOut: i32, a: usize, ldA: i32, b: usize, ldB: i32, m: i32, n: i32, k: i32, accumulate: i32,
  scratch: usize,
): void {
  productNN<f32>(out, ldOut, a, ldA, b, ldB, m, n, k, accumulate, scratch)
}

export function f64_productNN(
  out: usize, ldOut: i32, a: usize, ldA: i32, b: usize, ldB: i32, m: i32, n: i32, k: i32, accumulate: i32,
  scratch: usize,
): void {
  productNN<f64>(out, ldOut, a, ldA, b, ldB, m, n, k, accumulate, scratch)
}

export function f32_productTN(
  out: usize, ldOut: i32, a: usize, ldA: i32, b: usize, ldB: i32, m: i32, n: i32, k: i32, accumulate: i32,
  scratch: usize,
): void {
  productTN<f32>(out, ldOut, a, ldA, b, ldB, m, n, k, accumulate, scratch)
}

export function f64_productTN(
  out: usize, ldOut: i32, a: usize, ldA: i32, b: usize, ldB: i32, m: i32, n: i32, k: i32, accumulate: i32,
  scratch: usize,
): void {
  productTN<f64>(out, ldOut, a, ldA, b, ldB, m, n, k, accumulate, scratch)
}

export function f32_sumRows(out: usize, a: usize, ldA: i32, m: i32, n: i32, accumulate: i32): void {
  sumRows<f32>(out, a, ldA, m, n, accumulate)
}

export function f64_sumRows(out: usize, a: usize, ldA: i32, m: i32, n: i32, accumulate: i32): void {
  sumRows<f64>(out, a, ldA, m, n, accumulate)
}
