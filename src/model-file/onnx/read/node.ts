/** A node of a graph that is read: its attributes by name and type, and errors that say which node it is. */
import { ExpectedError } from '../../../expected'
import { short } from '../../short'
import { attributeTypes, type Message } from '../messages'
import type { AxisSizes, Entry, Value } from './values'

type AttributeProto = Message<'AttributeProto'>

export interface NodeReader {
  readonly operator: string
  /** the values it takes in; those left out at the end are missing */
  readonly inputs: readonly Value[]
  readonly outputs: readonly string[]
  /** of the operators, which changed over time */
  readonly opset: number
  integer(name: string, usual: number): number
  integers(name: string): number[] | undefined
  float(name: string): number | undefined
  floats(name: string): readonly number[]
  text(name: string, usual: string): string
  texts(name: string): string[] | undefined
  tensor(name: string): Message<'TensorProto'> | undefined
  has(name: string): boolean
  /** An error at this node. */
  refuse(expected: string, got: string): never
}

const decoder = new TextDecoder()

export function nodeReader(node: Message<'NodeProto'>, inputs: readonly Value[], opset: number): NodeReader {
  const where = `${short(node.opType)}${node.name === '' ? '' : ` (${short(node.name)})`}`
  const refuse = (expected: string, got: string): never => {
    throw new ExpectedError(`${where} with ${expected}`, got)
  }
  const attributes = new Map<string, AttributeProto>()
  for (const attribute of node.attribute) {
    if (attributes.has(attribute.name)) refuse(`one attribute ${short(attribute.name)}`, 'two')
    attributes.set(attribute.name, attribute)
  }
  const find = (name: string, type: keyof typeof attributeTypes): AttributeProto | undefined => {
    const found = attributes.get(name)
    if (found && found.type !== attributeTypes[type]) refuse(`${name} of type ${type}`, `type ${found.type}`)
    return found
  }
  return {
    operator: node.opType,
    inputs,
    outputs: node.output,
    opset,
    integer: (name, usual) => Number(find(name, 'INT')?.i ?? usual),
    integers: (name) => find(name, 'INTS')?.ints.map(Number),
    float: (name) => find(name, 'FLOAT')?.f,
    floats: (name) => find(name, 'FLOATS')?.floats ?? [],
    text(name, usual) {
      const found = find(name, 'STRING')
      return found ? decoder.decode(found.s) : usual
    },
    texts: (name) => find(name, 'STRINGS')?.strings.map((bytes) => decoder.decode(bytes)),
    tensor: (name) => find(name, 'TENSOR')?.t,
    has: (name) => attributes.has(name),
    refuse,
  }
}

/** What an operator makes of what it takes in. */
export type ValueOperator = (node: NodeReader, sizes: AxisSizes) => Value

/** An input of whole numbers. */
export function entriesOf(
  node: NodeReader,
  input: number,
): { readonly entries: readonly Entry[]; readonly isScalar: boolean } {
  const value = node.inputs[input]
  return value?.kind === 'integers' ? value : node.refuse('whole numbers', value?.kind ?? 'nothing')
}

/** An input of constant whole numbers; undefined if it is left out. */
export function numbersOf(node: NodeReader, input: number): number[] | undefined {
  const value = node.inputs[input]
  if (!value || value.kind === 'none') return undefined
  return entriesOf(node, input).entries.map((entry) =>
    typeof entry === 'number' ? entry : node.refuse('constant whole numbers', 'others'),
  )
}

/** An axis counted from the first, where it may be counted from the last. */
export function placeOf(node: NodeReader, axis: number, rank: number): number {
  const place = axis < 0 ? axis + rank : axis
  return place >= 0 && place < rank ? place : node.refuse(`an axis of ${rank}`, `${axis}`)
}
