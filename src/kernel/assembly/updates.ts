/** What is done to parameters and their gradient, number by number. */
import { activateArray } from './activation'
import { exactSquares, largest, squares } from './carried'
import { bytes, lanes, loadPart, multiplyAdd, storePart } from './lanes'

export function squaredNorm<T>(x: usize, count: i32): f64 {
  const sum = squares<T>(x, count)
  return sum <= largest<T>() ? sum : exactSquares<T>(x, 0, count)
}

export function meanSquaredError<T>(output: usize, target: usize, der: usize, count: i32, factor: f64): f64 {
  let sum: f64 = 0
  for (let index = 0; index < count; index++) {
    const at = bytes<T>(index)
    const error = <f64>load<T>(output + at) - <f64>load<T>(target + at)
    sum += error * error
    store<T>(der + at, <T>(2 * factor * error))
  }
  return sum * factor
}

/** base^exponent, a whole number >= 0 */
function powerOf(base: f64, exponent: i32): f64 {
  let power: f64 = 1
  for (; exponent > 0; exponent >>= 1) {
    if (exponent & 1) power *= base
    base *= base
  }
  return power
}

export function adam<T>(
  parameters: usize, gradient: usize, first: usize, second: usize, count: i32, gradientScale: f64, learningRate: f64,
  beta1: f64, beta2: f64, epsilon: f64, step: i32,
): void {
  const scaleFirst = v128.splat<T>(<T>((1 - beta1) * gradientScale))
  // squared it is (1 - β₂) g², without a g² that might leave the range
  const scaleSecond = v128.splat<T>(<T>(Math.sqrt(1 - beta2) * gradientScale))
  const keepFirst = v128.splat<T>(<T>beta1)
  const keepSecond = v128.splat<T>(<T>beta2)
  const rate = v128.splat<T>(<T>(-learningRate / (1 - powerOf(beta1, step))))
  const root = v128.splat<T>(<T>(1 / Math.sqrt(1 - powerOf(beta2, step))))
  const least = v128.splat<T>(<T>epsilon)
  for (; count > 0; count -= lanes<T>()) {
    const g = loadPart<T>(gradient, count)
    const own = v128.mul<T>(g, scaleSecond)
    const m = multiplyAdd<T>(loadPart<T>(first, count), keepFirst, v128.mul<T>(g, scaleFirst))
    const v = multiplyAdd<T>(loadPart<T>(second, count), keepSecond, v128.mul<T>(own, own))
    const divisor = multiplyAdd<T>(v128.sqrt<T>(v), root, least)
    const change = v128.div<T>(v128.mul<T>(rate, m), divisor)
    storePart<T>(first, m, count)
    storePart<T>(second, v, count)
    storePart<T>(parameters, v128.add<T>(loadPart<T>(parameters, count), change), count)
    parameters += 16
    gradient += 16
    first += 16
    second += 16
  }
}

export function sgd<T>(
  parameters: usize, gradient: usize, buffer: usize, count: i32, gradientScale: f64, learningRate: f64, momentum: f64,
  step: i32,
): void {
  const factor = v128.splat<T>(<T>gradientScale)
  const keep = v128.splat<T>(<T>momentum)
  const rate = v128.splat<T>(<T>-learningRate)
  for (; count > 0; count -= lanes<T>()) {
    let change = v128.mul<T>(loadPart<T>(gradient, count), factor)
    if (momentum != 0) {
      if (step != 1) change = multiplyAdd<T>(keep, loadPart<T>(buffer, count), change)
      storePart<T>(buffer, change, count)
      buffer += 16
    }
    storePart<T>(parameters, multiplyAdd<T>(rate, change, loadPart<T>(parameters, count)), count)
    parameters += 16
    gradient += 16
  }
}

export function activate<T>(x: usize, count: i32, activation: i32): void {
  activateArray<T>(x, count, activation, <T>Infinity)
}
