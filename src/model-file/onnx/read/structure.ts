/**
 * Operators that make constants, or move numbers about without changing them. What one of them does depends on what it
 * is given: whole numbers, what runs through the network, last states in a stack, or states that are zeros.
 */
import { axisOperators } from './axes'
import { constantOperators } from './constants'
import { integerOperators } from './integers'
import type { NodeReader } from './node'
import { stackOperators } from './stack'
import { type AxisSizes, type Value, zeros } from './values'

const byKind = { integers: integerOperators, signal: axisOperators, stack: stackOperators }
/** However they are moved about, zeros stay zeros. */
const movers = [axisOperators, integerOperators].flatMap(Object.keys)

export const isStructure = (operator: string): boolean =>
  Object.hasOwn(constantOperators, operator) || movers.includes(operator)

/** @throws ExpectedError naming the node, for what it is not known to do */
export function readStructure(node: NodeReader, sizes: AxisSizes): Value {
  const { operator, inputs } = node
  if (Object.hasOwn(constantOperators, operator)) return constantOperators[operator](node, sizes)
  const kind = inputs[0]?.kind ?? 'none'
  if (kind === 'zeros' && inputs.every((input) => input.kind === 'zeros' || input.kind === 'integers'))
    return zeros
  const operators = kind === 'integers' || kind === 'signal' || kind === 'stack' ? byKind[kind] : {}
  if (Object.hasOwn(operators, operator)) return operators[operator](node, sizes)
  return node.refuse('inputs, states, outputs or shapes', kind === 'none' ? 'nothing' : kind)
}
