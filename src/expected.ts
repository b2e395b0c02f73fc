/** The one error of this package: what was expected, and what came instead. */
export class ExpectedError extends Error {
  override readonly name = 'ExpectedError'

  /**
   * @param expected what would have been right, and what to do about it if that is not plain
   * @param got what was found
   */
  constructor(
    readonly expected: string,
    readonly got: string,
  ) {
    super(`expected ${expected}, got ${got}`)
  }
}

/** A short description of any value, for the second half of an error. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (typeof value === 'string')
    return value === ''
      ? 'an empty text'
      : `the text "${value.length > 30 ? `${value.slice(0, 30)}…` : value}"`
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint')
    return String(value)
  if (Array.isArray(value)) return value.length === 0 ? 'an empty array' : `an array of ${value.length}`
  if (ArrayBuffer.isView(value)) return `a ${value.constructor.name} of ${value.byteLength} bytes`
  return typeof value === 'function' ? 'a function' : 'an object'
}

/** A number option that must lie in a range. Returns it, or throws naming the option. */
export function numberIn(
  name: string,
  value: unknown,
  { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY, integer = false, above = false } = {},
): number {
  const fits =
    typeof value === 'number' &&
    Number.isFinite(value) &&
    (above ? value > min : value >= min) &&
    value <= max &&
    (!integer || Number.isSafeInteger(value))
  if (fits) return value
  const kind = integer ? 'a whole number' : 'a number'
  const low = min === Number.NEGATIVE_INFINITY ? '' : above ? ` above ${min}` : ` from ${min}`
  const high = max === Number.POSITIVE_INFINITY ? '' : ` up to ${max}`
  throw new ExpectedError(`${name} to be ${kind}${low}${high}`, describe(value))
}

/** An option that must be one of a few words. Returns it, or throws naming the option. */
export function oneOf<const T extends string>(name: string, value: unknown, words: readonly T[]): T {
  if (words.includes(value as T)) return value as T
  throw new ExpectedError(`${name} to be one of ${words.join(', ')}`, describe(value))
}
