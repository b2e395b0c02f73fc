/**
 * The vanilla recurrent cell (Elman 1990; Goodfellow et al. 2016, ch. 10): one step forward, and under it the
 * same lines backwards. A step works on a batch: B rows, one a sequence.
 */
import { addProduct, addProductTransposed, fillRows } from '../kernel/reference'
import type { Floats } from '../tensor/tensor'
import { type Activation, activations } from './activation'
import type { Cell } from './cell'

/**
 * h_t = φ(W h_{t-1} + U x_t + b)
 *
 * @param hiddenBefore h_{t-1} [B, H]
 * @param input x_t [B, D]
 * @param hidden where h_t [B, H] is written
 */
export function forwardStep(
  cell: Cell,
  hiddenBefore: Floats,
  input: Floats,
  hidden: Floats,
  batch: number,
): void {
  const { W, U, b } = cell.parameters
  const { inputSize, hiddenSize } = cell.sizes
  const { output }: Activation = activations[cell.activation]
  fillRows(hidden, b.data, batch)
  addProductTransposed(hidden, hiddenBefore, W.data, batch, hiddenSize, hiddenSize)
  addProductTransposed(hidden, input, U.data, batch, hiddenSize, inputSize)
  for (let index = 0; index < hidden.length; index++) hidden[index] = output(hidden[index])
}

/**
 * Through φ: δ_t = φ'(a_t) ∘ ∂L/∂h_t. With the rest of the step held constant, δ_t is ∂L/∂a_t, and the
 * immediate partials are rank one: ∂⁺/∂W = δ_t h_{t-1}ᵀ, ∂⁺/∂U = δ_t x_tᵀ, ∂⁺/∂b = δ_t.
 *
 * @param hidden h_t [B, H]
 * @param gradient ∂L/∂h_t [B, H]
 * @param delta where δ_t [B, H] is written
 */
export function backwardThroughActivation(cell: Cell, hidden: Floats, gradient: Floats, delta: Floats): void {
  const { der }: Activation = activations[cell.activation]
  for (let index = 0; index < delta.length; index++) delta[index] = der(hidden[index]) * gradient[index]
}

/**
 * Through W: ∂L/∂h_{t-1} = Wᵀ δ_t.
 *
 * @param delta δ_t [B, H]
 * @param gradientBefore where ∂L/∂h_{t-1} [B, H] is written
 */
export function backwardThroughTime(cell: Cell, delta: Floats, gradientBefore: Floats, batch: number): void {
  const { hiddenSize } = cell.sizes
  gradientBefore.fill(0)
  addProduct(gradientBefore, delta, cell.parameters.W.data, batch, hiddenSize, hiddenSize)
}

/** ∂h_t/∂h_{t-1} = diag(φ'(a_t)) W for one sequence, row major [H, H]. Only for looking at; no gradient needs it. */
export function stepJacobian(cell: Cell, hidden: Floats): Float64Array {
  const { hiddenSize } = cell.sizes
  const { der }: Activation = activations[cell.activation]
  return Float64Array.from(
    cell.parameters.W.data,
    (weight, index) => der(hidden[Math.floor(index / hiddenSize)]) * weight,
  )
}
