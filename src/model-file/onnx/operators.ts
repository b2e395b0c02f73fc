/**
 * What ONNX's operators RNN, GRU and LSTM call the options of a cell, and in which order they have the gates; from
 * https://onnx.ai/onnx/operators/onnx__LSTM.html, __GRU.html and __RNN.html.
 */
import type { ActivationName, GateActivationName } from '../../rnn-cell/activation'
import type { CellForm, CellType } from '../../rnn-cell/form'
import type { Floats, Tensor } from '../../tensor/tensor'

/** The function of an activation, and its alpha and beta if it has any. */
export interface OnnxActivation {
  readonly name: string
  readonly coefficients?: readonly [alpha: number, beta: number]
}

export const onnxActivations: Readonly<Record<ActivationName | GateActivationName, OnnxActivation>> = {
  tanh: { name: 'Tanh' },
  relu: { name: 'Relu' },
  sigmoid: { name: 'Sigmoid' },
  linear: { name: 'Affine', coefficients: [1, 0] },
  'hard-sigmoid': { name: 'HardSigmoid', coefficients: [0.2, 0.5] },
}

/** f, g and h of an operator: of an RNN φ; of a GRU gates, candidate; of an LSTM gates, candidate, c to h. */
export function activationsOf({
  type,
  activation,
  gateActivation,
}: Pick<CellForm, 'type' | 'activation' | 'gateActivation'>): (ActivationName | GateActivationName)[] {
  if (type === 'rnn') return [activation]
  return type === 'gru' ? [gateActivation, activation] : [gateActivation, activation, activation]
}

/** The place among our gates (r z n, i f g o) of each of ONNX's (z r h, i o f c). */
const gateOrder: Readonly<Record<CellType, readonly number[]>> = {
  rnn: [0],
  gru: [1, 0, 2],
  lstm: [0, 3, 1, 2],
}
/** Ours are i f o, ONNX's i o f: the way there is the way back. */
export const peepholeOrder = [0, 2, 1]

export const toOnnxOrder = (type: CellType): readonly number[] => gateOrder[type]
export const fromOnnxOrder = (type: CellType): readonly number[] =>
  gateOrder[type].map((_, gate) => gateOrder[type].indexOf(gate))

/** The blocks of rows in another order: block k is the one that was at order[k]. */
export function reordered<Numbers extends Floats>(rows: Numbers, order: readonly number[]): Numbers {
  const size = rows.length / order.length
  const made = rows.slice() as Numbers
  for (const [to, from] of order.entries()) made.set(rows.subarray(from * size, (from + 1) * size), to * size)
  return made
}

export const reorderedTensor = (from: Tensor, order: readonly number[]): Tensor => ({
  ...from,
  data: reordered(from.data, order),
})
