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
export const plain = <T>(value: T): Plain<T> => plainAt(value, 0)

function plainAt<T>(value: T, depth: number): Plain<T> {
  if (typeof value === 'number') return finiteOrNull(value) as Plain<T>
  if (typeof value !== 'object' || value === null) return value as Plain<T>
  if (depth === deepest)
    throw new ExpectedError(`arrays and objects at most ${deepest} inside one another`, 'more')
  if (Array.isArray(value)) return value.map((one) => plainAt(one, depth + 1)) as Plain<T>
  const made: Record<string, unknown> = {}
  for (const name of Object.keys(value))
    made[name] = plainAt((value as Record<string, unknown>)[name], depth + 1)
  return made as Plain<T>
}
