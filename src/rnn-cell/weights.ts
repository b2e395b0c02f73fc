/** The numbers of one lane, bound to what its steps need. */
import { activations, gateActivations, limited } from './activation'
import type { Cell } from './cell'
import type { Weights } from './kind'
import type { Lane } from './lanes'

export function weightsOf(cell: Cell, { suffix, inputSize }: Lane): Weights {
  const { parameters, activation, gateActivation, clip, precision } = cell
  const data = (name: string) => parameters[name + suffix]?.data
  return {
    W: data('W'),
    U: data('U'),
    b: data('b'),
    bn: data('bn'),
    p: data('p'),
    inputSize,
    hiddenSize: cell.sizes.hiddenSize,
    activation: limited(activations[activation], clip, precision),
    gateActivation: limited(gateActivations[gateActivation], clip, precision),
    outputActivation: activations[activation],
  }
}
