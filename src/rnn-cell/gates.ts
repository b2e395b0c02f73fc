/** What the kinds of cells share: products with the rows of one gate, and the partials of W, U and b. */
import { addOuterProducts, addProduct, addProductTransposed, addRows, fillRows } from '../kernel/reference'
import type { Floats } from '../tensor/tensor'
import type { Immediate, Step, Weights } from './kind'

/** Part `index` of so many equal ones, as a view. */
export const block = <Numbers extends Floats>(from: Numbers, index: number, size: number): Numbers =>
  from.subarray(index * size, (index + 1) * size) as Numbers

/** out [B, H] = b_k */
export function setBias({ b, hiddenSize }: Weights, gate: number, out: Floats, batch: number): void {
  fillRows(out, block(b, gate, hiddenSize), batch)
}

/** out [B, H] += U_k x_t */
export function addInput(weights: Weights, gate: number, { input, batch }: Step, out: Floats): void {
  const { U, inputSize, hiddenSize } = weights
  addProductTransposed(out, input, block(U, gate, hiddenSize * inputSize), batch, hiddenSize, inputSize)
}

/** out [B, H] += W_k h */
export function addRecurrent(
  { W, hiddenSize }: Weights,
  gate: number,
  hidden: Floats,
  out: Floats,
  batch: number,
): void {
  addProductTransposed(out, hidden, block(W, gate, hiddenSize ** 2), batch, hiddenSize, hiddenSize)
}

/** out [B, H] += W_kᵀ δ_k, δ [B, H] */
export function addThroughRecurrent(
  { W, hiddenSize }: Weights,
  gate: number,
  delta: Floats,
  out: Float64Array,
  batch: number,
): void {
  addProduct(out, delta, block(W, gate, hiddenSize ** 2), batch, hiddenSize, hiddenSize)
}

/** ∂⁺L/∂W_k = Σ over the batch of δ_k hᵀ, for the gates from `first` to `last` */
export function addRecurrentPartials(
  { hiddenSize }: Weights,
  delta: Float64Array,
  hidden: Floats,
  out: Float64Array,
  [first, last]: readonly [number, number],
): void {
  const batch = hidden.length / hiddenSize
  for (let gate = first; gate <= last; gate++)
    addOuterProducts(
      block(out, gate, hiddenSize ** 2),
      block(delta, gate, batch * hiddenSize),
      hidden,
      hiddenSize,
      hiddenSize,
      batch,
    )
}

/** The partials of U and b, alike in every kind: δ_k x_tᵀ and δ_k. */
export const inputPartials = (gates: number): { U: Immediate; b: Immediate } => ({
  U({ inputSize, hiddenSize }, { delta, input, batch }, out) {
    for (let gate = 0; gate < gates; gate++)
      addOuterProducts(
        block(out, gate, hiddenSize * inputSize),
        block(delta, gate, batch * hiddenSize),
        input,
        hiddenSize,
        inputSize,
        batch,
      )
  },
  b({ hiddenSize }, { delta, batch }, out) {
    for (let gate = 0; gate < gates; gate++)
      addRows(block(out, gate, hiddenSize), block(delta, gate, batch * hiddenSize), batch, hiddenSize)
  },
})

/** out ∂L/∂x_t [B, D] += Σ_k U_kᵀ δ_k: what a step passes down to the layer below, or to an output fed back. */
export function addThroughInput(
  { U, inputSize, hiddenSize }: Weights,
  delta: Float64Array,
  out: Float64Array,
  batch: number,
): void {
  const gates = delta.length / (batch * hiddenSize)
  for (let gate = 0; gate < gates; gate++)
    addProduct(
      out,
      block(delta, gate, batch * hiddenSize),
      block(U, gate, hiddenSize * inputSize),
      batch,
      inputSize,
      hiddenSize,
    )
}
