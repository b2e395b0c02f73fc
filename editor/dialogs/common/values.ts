/** What is typed into a field, as text, and whether it fits. */

/** The value of a field by its name. */
export type Get = (field: string) => unknown

/**
 * Of each field that not every node has, whether this one has it. The rows of the others are hidden, and the runtime does
 * not read them.
 */
export type Conditions = Readonly<Record<string, (get: Get) => boolean>>

export const isBlank = (value: unknown): boolean => String(value ?? '').trim() === ''

/** Blank (the runtime then takes its usual value), or a number that fits. */
export const isNumber = (value: unknown, fits: (number: number) => boolean = () => true): boolean =>
  isBlank(value) || (Number.isFinite(Number(value)) && fits(Number(value)))

export const isAbove = (least: number, value: unknown): boolean => isNumber(value, (number) => number > least)

export const isFrom = (least: number, value: unknown): boolean => isNumber(value, (number) => number >= least)

export const isWithin = (least: number, most: number, value: unknown): boolean =>
  isNumber(value, (number) => number >= least && number <= most)

/** A share that leaves something: from 0, less than 1. */
export const isShare = (value: unknown): boolean => isNumber(value, (number) => number >= 0 && number < 1)

export const isWhole = (
  value: unknown,
  least = Number.NEGATIVE_INFINITY,
  most = Number.POSITIVE_INFINITY,
): boolean => isNumber(value, (number) => Number.isSafeInteger(number) && number >= least && number <= most)

/** Entries between commas, without the blank ones. */
export const entriesOf = (value: unknown): string[] =>
  String(value ?? '')
    .split(',')
    .filter((entry) => !isBlank(entry))

/** The JSON object that a text holds; undefined for anything else. */
export function jsonObject(text: unknown): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(String(text))
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
