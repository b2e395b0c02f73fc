/** Values for a payload and whatever else may become JSON, which has no word for a number that is not finite: null. */
import { finiteOrNull } from './missing'

export type Plain<T> = T extends number
  ? number | null
  : T extends object
    ? { [Key in keyof T]: Plain<T[Key]> }
    : T

/** The value with null for every number that is not finite, at any depth of arrays and objects. */
export function plain<T>(value: T): Plain<T> {
  if (typeof value === 'number') return finiteOrNull(value) as Plain<T>
  if (Array.isArray(value)) return value.map(plain) as Plain<T>
  if (typeof value !== 'object' || value === null) return value as Plain<T>
  const made: Record<string, unknown> = {}
  for (const name of Object.keys(value)) made[name] = plain((value as Record<string, unknown>)[name])
  return made as Plain<T>
}
