/** Operators on shapes, axes and indices. */
import { entriesOf, numbersOf, type ValueOperator } from './node'
import { type Entry, integers } from './values'

const Gather: ValueOperator = (node) => {
  const { entries, isScalar } = entriesOf(node, 0)
  const index = entriesOf(node, 1)
  const [place] = index.entries
  const found =
    typeof place === 'number' && !isScalar && index.entries.length === 1 ? entries.at(place) : undefined
  return found === undefined
    ? node.refuse('one constant index within a shape', 'another')
    : integers([found], index.isScalar)
}

/** Of numbers in a row only a part from one place to another. */
const Slice: ValueOperator = (node) => {
  const bound = (name: string, input: number): Entry | undefined =>
    node.opset < 10 ? node.integers(name)?.[0] : entriesOf(node, input).entries[0]
  const [start, end] = [bound('starts', 1), bound('ends', 2)]
  const [step] = numbersOf(node, 4) ?? [1]
  if (typeof start !== 'number' || typeof end !== 'number' || step !== 1)
    return node.refuse('a constant part of a shape', 'another')
  return integers(entriesOf(node, 0).entries.slice(start, end))
}

const Unsqueeze: ValueOperator = (node) => {
  const { entries, isScalar } = entriesOf(node, 0)
  const [place, ...others] = (node.opset < 13 ? node.integers('axes') : numbersOf(node, 1)) ?? []
  if (!isScalar || others.length > 0 || (place !== 0 && place !== -1))
    return node.refuse('a single number to make a shape of', 'a shape')
  return integers(entries)
}

const Squeeze: ValueOperator = (node) => {
  const { entries } = entriesOf(node, 0)
  return entries.length === 1 ? integers(entries, true) : node.refuse('one number', 'a shape of more')
}

const Concat: ValueOperator = (node) => {
  const parts = node.inputs.map((_, input) => entriesOf(node, input))
  if (parts.some(({ isScalar }) => isScalar)) node.refuse('shapes', 'a single number')
  return integers(parts.flatMap(({ entries }) => entries))
}

/** From one type of whole numbers to another. */
const Cast: ValueOperator = (node) => {
  const { entries, isScalar } = entriesOf(node, 0)
  return integers(entries, isScalar)
}

export const integerOperators: Readonly<Record<string, ValueOperator>> = {
  Gather,
  Slice,
  Unsqueeze,
  Squeeze,
  Concat,
  Cast,
  Identity: Cast,
}
