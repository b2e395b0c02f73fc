/** What a value of a message is: it may have been made by hand. */
import { type LimitName, limitOf } from '../../src'

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0

/** Nothing is looked at of what only says that it is long. */
export const areNumbers = (value: unknown, limit: LimitName): value is readonly number[] =>
  Array.isArray(value) && value.length <= limitOf(limit) && Array.from(value).every(Number.isFinite)
