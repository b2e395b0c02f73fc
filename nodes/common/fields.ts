/** What a dialog saves, as values: numbers come as text, and some may come from a message, a context or the environment. */
import type { Node, NodeAPI } from 'node-red'
import { describe, ExpectedError } from '../../src'
import type { RnnMessage } from './message'

/** A number as typed; undefined if the field was left blank. */
export function numberField(name: string, value: unknown): number | undefined {
  if (value === undefined || value === null || (typeof value === 'string' && value.trim() === ''))
    return undefined
  const number = typeof value === 'number' || typeof value === 'string' ? Number(value) : Number.NaN
  if (Number.isNaN(number)) throw new ExpectedError(`${name} to be a number`, describe(value))
  return number
}

/** Names separated by commas. */
export const listField = (value: unknown): string[] =>
  typeof value === 'string'
    ? value
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== '')
    : []

/** A word, or the usual one if the field is missing. */
export const wordField = <T extends string>(value: unknown, usual: T): T => ((value as T) || usual) as T

export interface TypedField {
  readonly name: string
  readonly value: unknown
  /** num, str, json, msg, flow, global or env */
  readonly type: unknown
}

/**
 * The value of a field that may come from elsewhere.
 *
 * @throws ExpectedError if its context store does not answer at once
 */
export function typedField(
  RED: NodeAPI,
  node: Node,
  { name, value, type }: TypedField,
  msg: RnnMessage = {},
): unknown {
  if (value === undefined || value === '') return undefined
  let answer: { error: Error | null; result: unknown } | undefined
  RED.util.evaluateNodeProperty(
    String(value),
    String(type || 'str'),
    node,
    msg as Record<string, unknown>,
    (error, result) => {
      answer = { error, result }
    },
  )
  if (!answer) throw new ExpectedError(`${name} in a context store that answers at once`, `one that does not`)
  if (answer.error) throw answer.error
  if (answer.result === undefined || answer.result === '')
    throw new ExpectedError(`${name} in ${type}.${value}`, 'nothing there')
  return answer.result
}

/** Like `typedField`, for a number. */
export const typedNumber = (
  RED: NodeAPI,
  node: Node,
  field: TypedField,
  msg?: RnnMessage,
): number | undefined => numberField(field.name, typedField(RED, node, field, msg))
