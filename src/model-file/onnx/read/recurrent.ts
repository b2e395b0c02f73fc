/** An operator RNN, GRU or LSTM of a graph as a layer of a cell. */
import type { CellType } from '../../../rnn-cell/form'
import { kindOf } from '../../../rnn-cell/kinds'
import { sameShape, showShape, sizeOf, type Tensor, tensor } from '../../../tensor/tensor'
import { fromTorchBiases } from '../../torch-biases'
import { fromOnnxOrder, peepholeOrder, reordered } from '../operators'
import { type Activations, readActivations, readClip } from './activations'
import type { NodeReader } from './node'
import type { Value } from './values'

export interface Layer {
  readonly type: CellType
  readonly directions: 1 | 2
  readonly hiddenSize: number
  readonly inputSize: number
  readonly activations: Activations
  readonly clip?: number
  readonly resetAfter: boolean
  readonly peepholes: boolean
  /** of each direction, by their names without a suffix */
  readonly parameters: readonly Readonly<Record<string, Tensor>>[]
  readonly isWide: boolean
}

const types: Readonly<Record<string, CellType>> = { RNN: 'rnn', GRU: 'gru', LSTM: 'lstm' }

/** @throws ExpectedError naming the node, for what a cell cannot be */
export function readLayer(node: NodeReader): Layer {
  const type = types[node.operator]
  const directions = directionsOf(node)
  refuseMore(node)
  const weights = readWeights(node, type, directions)
  const { W, R, B, P } = weights
  const layer = {
    type,
    directions,
    hiddenSize: R.shape[2],
    inputSize: W.shape[2],
    activations: readActivations(node, type, directions),
    ...readClip(node),
    resetAfter: type !== 'gru' || node.integer('linear_before_reset', 0) !== 0,
    peepholes: P !== undefined,
    isWide: [W, R, B, P].some((part) => part?.dtype === 'float64'),
  }
  const lanes = directions === 2 ? [0, 1] : [0]
  return { ...layer, parameters: lanes.map((direction) => laneOf(layer, weights, direction)) }
}

function directionsOf(node: NodeReader): 1 | 2 {
  const direction = node.text('direction', 'forward')
  if (direction === 'forward') return 1
  return direction === 'bidirectional' ? 2 : node.refuse('the direction forward or bidirectional', direction)
}

/** What an operator may have besides, and a cell has not. */
function refuseMore(node: NodeReader): void {
  for (const name of ['layout', 'input_forget']) {
    const value = node.integer(name, 0)
    if (value !== 0) node.refuse(`${name} 0`, `${value}`)
  }
  const [, , , , lengths, ...states] = node.inputs
  if (isGiven(lengths)) node.refuse('no sequence_lens', 'some')
  for (const state of states.slice(0, 2))
    if (!isInitial(state)) node.refuse('initial states that are zeros or an input of the graph', 'others')
}

const isGiven = (value: Value | undefined): value is Value => value !== undefined && value.kind !== 'none'

/** States to begin with come from outside, or are zeros: a cell has none of its own. */
function isInitial(value: Value): boolean {
  if (value.kind === 'signal') return value.layer === 0 && !value.mean && !value.std
  if (value.kind === 'numbers') return value.tensor.data.every((number) => number === 0)
  return value.kind === 'none' || value.kind === 'zeros'
}

interface Weights {
  /** [directions, gH, D] */
  readonly W: Tensor
  /** [directions, gH, H] */
  readonly R: Tensor
  /** [directions, 2gH] */
  readonly B: Tensor
  /** [directions, 3H] */
  readonly P?: Tensor
}

function readWeights(node: NodeReader, type: CellType, directions: number): Weights {
  const [, weights, recurrent, biases, , , , peepholes] = node.inputs
  const numbers = (name: string, value: Value | undefined): Tensor =>
    value?.kind === 'numbers' ? value.tensor : node.refuse(`constant numbers for ${name}`, 'none')
  const [W, R] = [numbers('W', weights), numbers('R', recurrent)]
  const [inputSize, hiddenSize] = [W.shape[2], R.shape[2]]
  if (!(hiddenSize > 0) || !(inputSize > 0))
    node.refuse('W and R of three axes', `${showShape(W.shape)} and ${showShape(R.shape)}`)
  if (node.integer('hidden_size', hiddenSize) !== hiddenSize)
    node.refuse(`hidden_size ${hiddenSize}, as R has`, `${node.integer('hidden_size', 0)}`)
  const rows = kindOf({ type }).gates.length * hiddenSize
  const shaped = (name: string, found: Tensor, shape: readonly number[]): Tensor =>
    sameShape(found.shape, shape)
      ? found
      : node.refuse(`${name} of shape ${showShape(shape)}`, showShape(found.shape))
  shaped('R', R, [directions, rows, hiddenSize])
  shaped('W', W, [directions, rows, inputSize])
  const shape = [directions, 2 * rows]
  const B = isGiven(biases) ? shaped('B', numbers('B', biases), shape) : tensor(R.dtype, shape)
  if (type !== 'lstm' || !isGiven(peepholes)) return { W, R, B }
  return { W, R, B, P: shaped('P', numbers('P', peepholes), [directions, 3 * hiddenSize]) }
}

/** The parameters of one direction, their gates in our order. */
function laneOf(
  { type, resetAfter, hiddenSize, inputSize }: Omit<Layer, 'parameters'>,
  { W, R, B, P }: Weights,
  direction: number,
): Record<string, Tensor> {
  const order = fromOnnxOrder(type)
  const rows = order.length * hiddenSize
  /** part `index` of so many equal ones, one after the other */
  const part = (
    from: Tensor,
    shape: readonly number[],
    gates: readonly number[],
    index = direction,
  ): Tensor => {
    const size = sizeOf(shape)
    return tensor(from.dtype, shape, reordered(from.data.subarray(index * size, (index + 1) * size), gates))
  }
  const { b, bn } = fromTorchBiases(
    { bias_ih: part(B, [rows], order, 2 * direction), bias_hh: part(B, [rows], order, 2 * direction + 1) },
    type === 'gru' && resetAfter,
  )
  return {
    W: part(R, [rows, hiddenSize], order),
    U: part(W, [rows, inputSize], order),
    b,
    ...(bn && { bn }),
    ...(P && { p: part(P, [3 * hiddenSize], peepholeOrder) }),
  }
}
