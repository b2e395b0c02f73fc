/** Operators that compute: the scale of the inputs, the readout V h + c, what follows it, and the scale of the outputs. */

import { floats, showShape, sizeOf, type Tensor, tensor } from '../../../tensor/tensor'
import { transposed } from '../transposed'
import type { NodeReader, ValueOperator } from './node'
import {
  type AxisSizes,
  hiddenAxis,
  outputAxis,
  type Readout,
  type Signal,
  sizeOfAxis,
  statesAxis,
  type Value,
} from './values'

const MatMul: ValueOperator = (node, sizes) => {
  const { signal, constant } = operands(node)
  const { shape } = constant
  if (node.inputs[0] !== signal || shape.length !== 2)
    return node.refuse('states times a constant matrix', showShape(shape))
  return readOut(node, sizes, signal, { V: transposed(constant) })
}

const Gemm: ValueOperator = (node, sizes) => {
  const { signal, constant } = operands(node)
  for (const name of ['alpha', 'beta'])
    if ((node.float(name) ?? 1) !== 1) node.refuse(`${name} 1`, `${node.float(name)}`)
  const isPlain = node.inputs[0] === signal && signal.axes.length === 2 && node.integer('transA', 0) === 0
  if (!isPlain || constant.shape.length !== 2)
    return node.refuse('states times a constant matrix', 'another product')
  const V = node.integer('transB', 0) === 0 ? transposed(constant) : constant
  const bias = node.inputs[2]
  if (bias && bias.kind !== 'none' && bias.kind !== 'numbers') return node.refuse('a constant C', 'another')
  const c = bias?.kind === 'numbers' ? { c: row(node, bias.tensor, V.shape[0]) } : {}
  return readOut(node, sizes, signal, { V, ...c })
}

/** V h, of whole states. */
function readOut(
  node: NodeReader,
  sizes: AxisSizes,
  signal: Signal,
  readout: Readout & { V: Tensor },
): Value {
  const { layer, axes, half, isBidirectional, isCellState } = signal
  const size = sizeOfAxis(isBidirectional ? statesAxis : hiddenAxis, signal, sizes)
  const last = axes[axes.length - 1]
  const isWhole = last === statesAxis || (last === hiddenAxis && !isBidirectional)
  if (layer === 0 || signal.readout || isCellState || half || !isWhole)
    return node.refuse('the hidden states of a layer, both directions side by side', 'something else')
  if (readout.V.shape[1] !== size) node.refuse(`a matrix of ${size} columns`, showShape(readout.V.shape))
  return { ...signal, axes: axes.with(-1, outputAxis), readout }
}

const Add: ValueOperator = (node, sizes) => {
  const { signal, constant } = operands(node)
  if (signal.layer === 0) return node.refuse('outputs', 'inputs: less their mean is Sub')
  const numbers = alongLast(node, sizes, signal, constant)
  const { readout = {} } = signal
  const { V, c, activation, std, mean } = readout
  if (V && !c && !activation && !std)
    return { ...signal, readout: { ...readout, c: row(node, numbers, V.shape[0]) } }
  return mean ? node.refuse('one mean', 'two') : { ...signal, readout: { ...readout, mean: numbers } }
}

const Mul: ValueOperator = (node, sizes) => {
  const { signal, constant } = operands(node)
  const { readout = {} } = signal
  if (signal.layer === 0 || readout.std || readout.mean)
    return node.refuse('outputs, times their standard deviation once', 'something else')
  return { ...signal, readout: { ...readout, std: alongLast(node, sizes, signal, constant) } }
}

const Sub: ValueOperator = (node, sizes) => {
  const { signal, constant } = operands(node)
  if (signal.layer > 0 || signal.mean || signal.std || node.inputs[0] !== signal)
    return node.refuse('inputs, less their mean', 'something else')
  return { ...signal, mean: alongLast(node, sizes, signal, constant) }
}

const Div: ValueOperator = (node, sizes) => {
  const { signal, constant } = operands(node)
  if (signal.layer > 0 || signal.std || node.inputs[0] !== signal)
    return node.refuse('inputs, divided by their standard deviation', 'something else')
  return { ...signal, std: alongLast(node, sizes, signal, constant) }
}

const activated =
  (activation: Readout['activation']): ValueOperator =>
  (node) => {
    const [from] = node.inputs
    const readout = from?.kind === 'signal' ? from.readout : undefined
    if (from?.kind !== 'signal' || !readout?.V || readout.activation || readout.std || readout.mean)
      return node.refuse('a readout', 'something else')
    return { ...from, readout: { ...readout, activation } }
  }

const Softmax: ValueOperator = (node, sizes) => {
  const [from] = node.inputs
  const rank = from?.kind === 'signal' ? from.axes.length : 0
  const axis = node.integer('axis', node.opset < 13 ? 1 : -1)
  if (axis !== -1 && axis !== rank - 1) node.refuse('the axis of the outputs', `${axis}`)
  return activated('softmax')(node, sizes)
}

export const arithmeticOperators: Readonly<Record<string, ValueOperator>> = {
  MatMul,
  Gemm,
  Add,
  Mul,
  Sub,
  Div,
  Sigmoid: activated('sigmoid'),
  Softmax,
}

/** The first two inputs: what runs through the network, and constant numbers. */
function operands(node: NodeReader): { signal: Signal; constant: Tensor } {
  const [first, second] = node.inputs
  if (first?.kind === 'signal' && second?.kind === 'numbers')
    return { signal: first, constant: second.tensor }
  if (first?.kind === 'numbers' && second?.kind === 'signal')
    return { signal: second, constant: first.tensor }
  return node.refuse('one constant', `${first?.kind ?? 'nothing'} and ${second?.kind ?? 'nothing'}`)
}

/** A constant that differs along the last axis at most, that of features or outputs. */
function alongLast(node: NodeReader, sizes: AxisSizes, signal: Signal, constant: Tensor): Tensor {
  const { axes, layer, featureAxis, half } = signal
  const last = axes[axes.length - 1]
  const isLast =
    layer === 0 ? last === featureAxis : [outputAxis, hiddenAxis, statesAxis].includes(last) && !half
  const { shape } = constant
  const isRow = shape.length <= axes.length && shape.slice(0, -1).every((size) => size === 1)
  if (!isLast || !isRow) return node.refuse('numbers by feature', showShape(shape))
  const size = sizeOfAxis(last, signal, sizes)
  const count = sizeOf(shape)
  if (count !== 1 && size !== undefined && count !== size) return node.refuse(`${size} numbers`, `${count}`)
  return tensor(constant.dtype, [count], constant.data)
}

/** A bias [O], of which the file may have one number for all. */
function row(node: NodeReader, { dtype, shape, data }: Tensor, size: number): Tensor {
  const isRow = shape.slice(0, -1).every((axis) => axis === 1)
  if (isRow && data.length === size) return tensor(dtype, [size], data)
  if (isRow && data.length === 1) return tensor(dtype, [size], floats(dtype, size).fill(data[0]))
  return node.refuse(`${size} numbers of a bias`, showShape(shape))
}
