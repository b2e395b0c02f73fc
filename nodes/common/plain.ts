/** Values for a payload and whatever else may become JSON, which has no word for a number that is not finite: null. */
import { ExpectedError } from '../../src'
import { finiteOrNull } from './missing'

export type Plain<T> = T extends number
  ? number | null
  : T extends object
    ? { [Key in keyof T]: Plain<T[Key]> }
    : T

/** Deeper than all that a node makes; what has itself inside has no end. */
const deepest = 16

/**
 * The value with null for every number that is not finite, in arrays and objects inside one another.
 *
 * @throws ExpectedError if they are too many inside one another
 */
export const plain = <T>(value: T): Plain<T> => plainAt(value, 0, new Map())

/** @param made of what is in several places, which is looked at once: else it could be more work than there is time */
function plainAt<T>(value: T, depth: number, made: Map<object, unknown>): Plain<T> {
  if (typeof value === 'number') return finiteOrNull(value) as Plain<T>
  if (typeof value !== 'object' || value === null) return value as Plain<T>
  if (depth === deepest)
    throw new ExpectedError(`arrays and objects at most ${deepest} inside one another`, 'more')
  const before = made.get(value)
  if (before !== undefined) return before as Plain<T>
  const after = Array.isArray(value)
    ? value.map((one) => plainAt(one, depth + 1, made))
    : Object.fromEntries(
        Object.keys(value).map((name) => [name, plainAt(value[name as keyof T], depth + 1, made)]),
      )
  made.set(value, after)
  return after as Plain<T>
}
