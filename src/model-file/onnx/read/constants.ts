/** Operators that begin something: constants, the shape of a value, states that are zeros. */
import { tensor } from '../../../tensor/tensor'
import { fromIntegersProto, fromTensorProto, isIntegers, type TensorProto } from '../tensor-proto'
import type { ValueOperator } from './node'
import { integers, signalOf, sizeOfAxis, type Value, zeros } from './values'

export function constantOf(proto: TensorProto): Value {
  if (!isIntegers(proto)) return { kind: 'numbers', tensor: fromTensorProto(proto) }
  const { values, isScalar } = fromIntegersProto(proto)
  return integers(values, isScalar)
}

const Constant: ValueOperator = (node) => {
  const proto = node.tensor('value')
  if (proto) return constantOf(proto)
  if (node.has('value_int')) return integers([node.integer('value_int', 0)], true)
  const whole = node.integers('value_ints')
  if (whole) return integers(whole)
  const single = node.float('value_float')
  const floats = single === undefined ? node.floats('value_floats') : [single]
  if (floats.length === 0) return node.refuse('numbers for a value', 'something else')
  const shape = single === undefined ? [floats.length] : []
  return { kind: 'numbers', tensor: tensor('float32', shape, Float32Array.from(floats)) }
}

const ConstantOfShape: ValueOperator = (node) => {
  const proto = node.tensor('value')
  if (!proto) return zeros
  if (isIntegers(proto)) return node.refuse('numbers that are not whole', 'whole ones')
  const { data } = fromTensorProto(proto)
  return data.every((value) => value === 0) ? zeros : node.refuse('zeros', `${data[0]}`)
}

const Expand: ValueOperator = (node) => {
  const [from] = node.inputs
  const isZero = from?.kind === 'numbers' && from.tensor.data.every((value) => value === 0)
  return isZero || from?.kind === 'zeros'
    ? zeros
    : node.refuse('zeros for states to begin with', 'other numbers')
}

const Shape: ValueOperator = (node, sizes) => {
  const signal = signalOf(node)
  const axes = signal.axes.slice(node.integer('start', 0), node.integer('end', signal.axes.length))
  return integers(axes.map((axis) => sizeOfAxis(axis, signal, sizes) ?? axis))
}

export const constantOperators: Readonly<Record<string, ValueOperator>> = {
  Constant,
  ConstantOfShape,
  Expand,
  Shape,
}
