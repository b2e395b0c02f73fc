/**
 * Follows a graph from its inputs to its outputs: its layers, its readout and its scale. Nothing is computed; what is not
 * understood, or would be another network than a cell can be, is refused by the name of its operator.
 */
import { ExpectedError } from '../../../expected'
import { short } from '../../short'
import type { Message } from '../messages'
import { arithmeticOperators } from './arithmetic'
import { constantOf } from './constants'
import { layersOfGraph } from './layers'
import { type NodeReader, nodeReader } from './node'
import type { Layer } from './recurrent'
import { isStructure, readStructure } from './structure'
import { type AxisSizes, none, type Readout, type Signal, type Value } from './values'

export interface NetworkOfGraph {
  readonly layers: readonly Layer[]
  /** of the first layer */
  readonly input: Signal
  readonly readout?: Readout
}

type Values = Map<string, Value>

/** @throws ExpectedError naming the operator, value or output that is not understood */
export function readGraph(graph: Message<'GraphProto'>, opset: number): NetworkOfGraph {
  const sizes: AxisSizes = new Map()
  const values = valuesAtFirst(graph, sizes)
  const chain = layersOfGraph(sizes)

  const made = (node: NodeReader, domain: string): readonly Value[] => {
    const { operator, outputs } = node
    const isOnnx = domain === '' || domain === 'ai.onnx'
    if (isOnnx && ['RNN', 'GRU', 'LSTM'].includes(operator)) return chain.add(node)
    if (isOnnx && isStructure(operator)) {
      const value = readStructure(node, sizes)
      return operator === 'Split' ? outputs.map(() => value) : [value]
    }
    if (isOnnx && Object.hasOwn(arithmeticOperators, operator))
      return [arithmeticOperators[operator](node, sizes)]
    throw new ExpectedError(
      'an ONNX graph of RNN, GRU or LSTM and a readout',
      `the operator ${short(isOnnx ? operator : `${domain}.${operator}`)}, which is not understood`,
    )
  }

  for (const proto of graph.node) {
    const given = proto.input.map((name) => knownValue(values, name))
    const node = nodeReader(proto, given, opset)
    for (const [index, value] of made(node, proto.domain).entries())
      define(values, node.outputs[index] ?? '', value)
  }
  const { layers, input } = chain
  if (!input) throw new ExpectedError('an ONNX graph of RNN, GRU or LSTM', 'one without')
  const outputs = graph.output.map(({ name }) => knownValue(values, name))
  return { layers, input, ...readoutOf(outputs, layers.length) }
}

/** Constants, and the inputs of the graph; an input that has a constant to begin with is that. */
function valuesAtFirst({ initializer, input }: Message<'GraphProto'>, sizes: AxisSizes): Values {
  const values: Values = new Map([['', none]])
  for (const constant of initializer) define(values, constant.name, constantOf(constant))
  const others = input.filter(({ name }) => !values.has(name))
  for (const [index, info] of others.entries()) define(values, info.name, inputOf(info, index, sizes))
  return values
}

function define(values: Values, name: string, value: Value): void {
  if (name === '') return
  if (values.has(name))
    throw new ExpectedError('each value of a graph by a name of its own', `two of ${short(name)}`)
  values.set(name, value)
}

function knownValue(values: Values, name: string): Value {
  const value = values.get(name)
  if (value) return value
  throw new ExpectedError('values of a graph that are there before they are used', short(name))
}

function inputOf({ name, type }: Message<'ValueInfoProto'>, index: number, sizes: AxisSizes): Signal {
  const dims = type?.tensorType?.shape?.dim ?? []
  if (dims.length === 0 || dims.length > 8)
    throw new ExpectedError(`an input ${short(name)} of known axes`, `${dims.length}`)
  const axes = dims.map((_, axis) => `axis ${axis + 1} of input ${index + 1}`)
  for (const [axis, { dimValue }] of dims.entries())
    if (dimValue > 0n) sizes.set(axes[axis], Number(dimValue))
  return { kind: 'signal', axes, layer: 0, featureAxis: axes[axes.length - 1], isBidirectional: false }
}

/** The one readout of all outputs that have any; outputs that are states need none. */
function readoutOf(outputs: readonly Value[], layers: number): { readout?: Readout } {
  const signals = outputs.flatMap((value) => (value.kind === 'signal' ? [value] : []))
  if (!signals.some(({ layer, isCellState }) => layer === layers && !isCellState))
    throw new ExpectedError('an output of the last layer', 'none')
  const [first, ...others] = signals.filter(({ readout }) => readout)
  for (const { layer, readout } of others)
    if (layer !== first.layer || !isSame(readout as Readout, first.readout as Readout))
      throw new ExpectedError('one readout', 'several')
  if (first && first.layer !== layers) throw new ExpectedError('a readout of the last layer', 'of another')
  return first ? { readout: first.readout } : {}
}

const parts = ['V', 'c', 'std', 'mean'] as const

function isSame(a: Readout, b: Readout): boolean {
  if (a.activation !== b.activation) return false
  return parts.every((part) => {
    const [one, other] = [a[part]?.data, b[part]?.data]
    if (!one || !other) return one === other
    return one.length === other.length && one.every((value, index) => value === other[index])
  })
}
