/** Last states of several layers and directions, one after the other: PyTorch's h_n. */
import { entriesOf, type NodeReader, type ValueOperator } from './node'
import { directionAxis, directionsOf, type Signal, type Value } from './values'

const mostParts = 64

export const isStackable = (value: Value): boolean =>
  value.kind === 'stack' ||
  (value.kind === 'signal' && value.axes[0] === directionAxis && value.axes.length === 3)

/** Values [directions, batch, H] along their first axis. */
export function stackOf(node: NodeReader): Value {
  const parts = node.inputs.flatMap((value) =>
    value.kind === 'stack' ? [...value.parts] : partsOf(value as Signal),
  )
  return parts.length <= mostParts
    ? { kind: 'stack', parts }
    : node.refuse(`at most ${mostParts} states`, 'more')
}

function partsOf(signal: Signal): Signal[] {
  const directions = directionsOf(signal)
  const axes = signal.axes.slice(1)
  return directions.map((half) => ({
    ...signal,
    axes,
    isCut: true,
    ...(directions.length === 2 && { half }),
  }))
}

const Gather: ValueOperator = (node) => {
  const [from] = node.inputs
  const { entries, isScalar } = entriesOf(node, 1)
  const [place] = entries
  const isOne = isScalar && typeof place === 'number' && node.integer('axis', 0) === 0
  const part = from?.kind === 'stack' && isOne ? from.parts.at(place) : undefined
  return part ?? node.refuse('one of the last states', 'another part of them')
}

const Concat: ValueOperator = (node) =>
  node.integer('axis', 0) === 0 && node.inputs.every(isStackable)
    ? stackOf(node)
    : node.refuse('last states, one after the other', 'something else')

const Identity: ValueOperator = (node) => node.inputs[0]

export const stackOperators: Readonly<Record<string, ValueOperator>> = { Gather, Concat, Identity }
