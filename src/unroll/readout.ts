/** o = ψ(V s + c), ψ being nothing, a sigmoid or a softmax; and the same backwards. */
import { addOuterProducts, addProduct, addProductTransposed, addRows, fillRows } from '../kernel/reference'
import { activations } from '../rnn-cell/activation'
import type { Cell } from '../rnn-cell/cell'
import { readableSize } from '../rnn-cell/form'
import type { Floats } from '../tensor/tensor'

/** V s + c [B, O] into `logits`; with readout none the state itself. */
export function readLogits(cell: Cell, state: Floats, logits: Floats, batch: number): void {
  if (cell.readout === 'none') {
    logits.set(state)
    return
  }
  const { V, c } = cell.parameters
  fillRows(logits, c.data, batch)
  addProductTransposed(logits, state, V.data, batch, cell.sizes.outputSize, readableSize(cell))
}

/** Whether there is anything between the logits and the outputs. */
export const squashes = ({ readout }: Cell): boolean => readout === 'sigmoid' || readout === 'softmax'

/** ψ of every row of `logits` [B, O] into `outputs`. */
export function squash({ readout, sizes }: Cell, logits: Floats, outputs: Floats): void {
  if (readout === 'sigmoid') outputs.set(logits.map(activations.sigmoid.output))
  else
    for (let start = 0; start < logits.length; start += sizes.outputSize)
      softmax(logits, outputs, start, sizes.outputSize)
}

function softmax(logits: Floats, outputs: Floats, start: number, size: number): void {
  let highest = logits[start]
  for (let index = 1; index < size; index++) highest = Math.max(highest, logits[start + index])
  let sum = 0
  for (let index = start; index < start + size; index++) sum += Math.exp(logits[index] - highest)
  for (let index = start; index < start + size; index++)
    outputs[index] = Math.exp(logits[index] - highest) / sum
}

/**
 * Through ψ: from ∂L/∂o to ∂L/∂logits [B, O]. Of a sigmoid o (1 - o) ∂L/∂o; of a softmax o ∘ (∂L/∂o - o · ∂L/∂o).
 */
export function throughSquash(
  { readout, sizes }: Cell,
  outputs: Floats,
  gradient: Float64Array,
): Float64Array {
  if (readout === 'sigmoid')
    return gradient.map((value, index) => activations.sigmoid.der(outputs[index]) * value)
  if (readout !== 'softmax') return gradient
  const through = new Float64Array(gradient.length)
  for (let start = 0; start < gradient.length; start += sizes.outputSize) {
    let mean = 0
    for (let index = start; index < start + sizes.outputSize; index++)
      mean += outputs[index] * gradient[index]
    for (let index = start; index < start + sizes.outputSize; index++)
      through[index] = outputs[index] * (gradient[index] - mean)
  }
  return through
}

/** ∂L/∂s = Vᵀ ∂L/∂logits, [B, S]. */
export function throughReadout(cell: Cell, gradient: Float64Array, batch: number): Float64Array {
  if (cell.readout === 'none') return gradient
  const size = readableSize(cell)
  const through = new Float64Array(batch * size)
  addProduct(through, gradient, cell.parameters.V.data, batch, size, cell.sizes.outputSize)
  return through
}

/** The immediate partials ∂⁺L/∂V = ∂L/∂logits sᵀ and ∂⁺L/∂c = ∂L/∂logits, added to `out`; none with readout none. */
export const readoutPartials: Readonly<
  Record<
    string,
    (cell: Cell, gradient: Float64Array, state: Floats, batch: number, out: Float64Array) => void
  >
> = {
  V: (cell, gradient, state, batch, out) =>
    addOuterProducts(out, gradient, state, cell.sizes.outputSize, readableSize(cell), batch),
  c: (cell, gradient, _, batch, out) => addRows(out, gradient, batch, cell.sizes.outputSize),
}
