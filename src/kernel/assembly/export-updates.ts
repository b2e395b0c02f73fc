/** The updates of parameters and what goes with them, in both precisions. */
import { squaredNorm, meanSquaredError, adam, sgd, activate } from './updates'

export function f32_squaredNorm(x: usize, count: i32): f64 {
  return squaredNorm<f32>(x, count)
}

export function f64_squaredNorm(x: usize, count: i32): f64 {
  return squaredNorm<f64>(x, count)
}

export function f32_meanSquaredError(output: usize, target: usize, der: usize, count: i32, factor: f64): f64 {
  return meanSquaredError<f32>(output, target, der, count, factor)
}

export function f64_meanSquaredError(output: usize, target: usize, der: usize, count: i32, factor: f64): f64 {
  return meanSquaredError<f64>(output, target, der, count, factor)
}

export function f32_adam(
  parameters: usize, gradient: usize, first: usize, second: usize, count: i32, gradientScale: f64,
  learningRate: f64, beta1: f64, beta2: f64, epsilon: f64, step: i32,
): void {
  adam<f32>(parameters, gradient, first, second, count, gradientScale, learningRate, beta1, beta2, epsilon, step)
}

export function f64_adam(
  parameters: usize, gradient: usize, first: usize, second: usize, count: i32, gradientScale: f64,
  learningRate: f64, beta1: f64, beta2: f64, epsilon: f64, step: i32,
): void {
  adam<f64>(parameters, gradient, first, second, count, gradientScale, learningRate, beta1, beta2, epsilon, step)
}

export function f32_sgd(
  parameters: usize, gradient: usize, buffer: usize, count: i32, gradientScale: f64, learningRate: f64,
  momentum: f64, step: i32,
): void {
  sgd<f32>(parameters, gradient, buffer, count, gradientScale, learningRate, momentum, step)
}

export function f64_sgd(
  parameters: usize, gradient: usize, buffer: usize, count: i32, gradientScale: f64, learningRate: f64,
  momentum: f64, step: i32,
): void {
  sgd<f64>(parameters, gradient, buffer, count, gradientScale, learningRate, momentum, step)
}

export function f32_activate(x: usize, count: i32, activation: i32): void {
  activate<f32>(x, count, activation)
}

export function f64_activate(x: usize, count: i32, activation: i32): void {
  activate<f64>(x, count, activation)
}
