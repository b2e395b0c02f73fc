/** A graph in the making: its nodes in order, and the constants they take in. */
import type { Tensor } from '../../../tensor/tensor'
import { attributeTypes, type Draft } from '../messages'
import { toIntegersProto, toTensorProto } from '../tensor-proto'

/** A whole number, a text, or a list; a number that is not meant to be whole is { float }. */
export type AttributeValue =
  | number
  | string
  | { float: number }
  | { floats: readonly number[] }
  | readonly number[]
  | readonly string[]
export type Attributes = Readonly<Record<string, AttributeValue>>

export interface GraphBuilder {
  readonly nodes: Draft<'NodeProto'>[]
  readonly initializers: Draft<'TensorProto'>[]
  /** An operator on values by name, '' for one that is left out; returns the name of its first output. */
  node(
    operator: string,
    inputs: readonly string[],
    outputs: readonly string[],
    attributes?: Attributes,
  ): string
  /** Returns its name. */
  numbers(name: string, value: Tensor): string
  /** Whole numbers, the same ones only once; returns their name. */
  integers(values: readonly number[]): string
}

export function graphBuilder(): GraphBuilder {
  const nodes: Draft<'NodeProto'>[] = []
  const initializers: Draft<'TensorProto'>[] = []
  const known = new Set<string>()
  return {
    nodes,
    initializers,
    node(opType, input, output, attributes = {}) {
      const attribute = Object.entries(attributes).map(([name, value]) => ({ name, ...held(value) }))
      nodes.push({ name: `${output[0]}_${opType.toLowerCase()}`, opType, input, output, attribute })
      return output[0]
    },
    numbers(name, value) {
      initializers.push(toTensorProto(name, value))
      return name
    },
    integers(values) {
      const name = `integers_${values.map((value) => (value < 0 ? `m${-value}` : value)).join('_')}`
      if (!known.has(name)) initializers.push(toIntegersProto(name, values))
      known.add(name)
      return name
    },
  }
}

const textEncoder = new TextEncoder()

function held(value: AttributeValue): Draft<'AttributeProto'> {
  if (typeof value === 'number') return { i: BigInt(value), type: attributeTypes.INT }
  if (typeof value === 'string') return { s: textEncoder.encode(value), type: attributeTypes.STRING }
  if ('float' in value) return { f: value.float, type: attributeTypes.FLOAT }
  if ('floats' in value) return { floats: value.floats, type: attributeTypes.FLOATS }
  if (value.some((entry) => typeof entry === 'string'))
    return {
      strings: (value as string[]).map((text) => textEncoder.encode(text)),
      type: attributeTypes.STRINGS,
    }
  return { ints: (value as number[]).map(BigInt), type: attributeTypes.INTS }
}
