/**
 * Backward through time. A gradient carried over a long span leaves the range of floating point (3³⁰⁰ does in
 * single precision, 3⁷⁰⁰ in double), so it is carried as numbers times a power of two. Scaling by a power of
 * two is exact: inside the range the result is the same, bit for bit, as without.
 */
import { addProduct } from '../kernel/reference'
import { backwardThroughActivation, backwardThroughTime } from '../rnn-cell/rnn'
import { entry } from '../tensor/axes'
import type { Floats } from '../tensor/tensor'
import type { Unrolled } from '../unroll/unroll'

export interface BackwardStep {
  readonly t: number
  /** ∂L/∂h_t [B, H] / 2^exponent, the losses at t and after it together */
  readonly gradient: Floats
  /** δ_t = φ'(a_t) ∘ ∂L/∂h_t [B, H] / 2^exponent */
  readonly delta: Floats
  /** Wᵀ δ_t [B, H] / 2^exponent: what is carried on to step t-1 */
  readonly carried: Floats
  readonly exponent: number
}

/**
 * Visits the steps T … 1.
 *
 * @param outputGradient ∂L/∂o [L, B, O]
 * @param visit sees arrays that are reused for the next step
 */
export function backward(
  unrolled: Unrolled,
  outputGradient: Float64Array,
  visit: (step: BackwardStep) => void,
): void {
  const { cell, steps, batch, hidden, readouts } = unrolled
  const { hiddenSize, outputSize } = cell.sizes
  let gradient = new Float64Array(batch * hiddenSize)
  let carried = new Float64Array(batch * hiddenSize)
  const delta = new Float64Array(batch * hiddenSize)
  const injected = new Float64Array(batch * hiddenSize)
  let exponent = 0
  let readout = readouts.length - 1

  for (let t = steps; t >= 1; t--) {
    if (readouts[readout] === t) {
      if (exponent < 0) {
        scaleByPowerOfTwo(gradient, exponent)
        exponent = 0
      }
      const size = batch * outputSize
      injected.fill(0)
      addProduct(
        injected,
        outputGradient.subarray(readout * size, (readout + 1) * size),
        cell.parameters.V.data,
        batch,
        hiddenSize,
        outputSize,
      )
      scaleByPowerOfTwo(injected, -exponent)
      for (let index = 0; index < gradient.length; index++) gradient[index] += injected[index]
      readout--
    }
    backwardThroughActivation(cell, entry(hidden, t), gradient, delta)
    backwardThroughTime(cell, delta, carried, batch)
    visit({ t, gradient, delta, carried, exponent })
    ;[gradient, carried] = [carried, gradient]
    exponent += normalize(gradient)
  }
}

/** Divides by a power of two when the numbers come near the ends of the range. Returns the exponent taken out. */
function normalize(values: Float64Array): number {
  let largest = 0
  for (let index = 0; index < values.length; index++) largest = Math.max(largest, Math.abs(values[index]))
  if (largest === 0 || !Number.isFinite(largest) || (largest > 1e-150 && largest < 1e150)) return 0
  const exponent = Math.floor(Math.log2(largest))
  scaleByPowerOfTwo(values, -exponent)
  return exponent
}

/** In two halves, because 2^exponent itself may be out of range. */
export function scaleByPowerOfTwo(values: Float64Array, exponent: number): void {
  if (exponent === 0) return
  const half = Math.trunc(exponent / 2)
  const first = 2 ** half
  const second = 2 ** (exponent - half)
  for (let index = 0; index < values.length; index++) values[index] = values[index] * first * second
}
