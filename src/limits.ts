/**
 * How large may be what comes in: a size is compared with its limit before memory is taken for it. The limits count for
 * the whole process, as its memory does.
 */
import { describe, ExpectedError, numberIn, oneOf } from './expected'

/** What a person gets who sets nothing: generous for real use, and no message can take gigabytes. */
export const usualLimits = {
  /** numbers in a tensor, in a data set, in a batch, in what is held out, and in all parameters of a cell */
  maxElements: 50_000_000,
  /** bytes that the steps of one batch take while they are unrolled and gone back through, and bytes in messages that
   *  wait for their turn at a node */
  maxMemory: 1_000_000_000,
  /** T, steps of a sequence: those that come in, and those that are fed; of truncated windows all together */
  maxSteps: 100_000,
  /** B, sequences of a batch */
  maxBatch: 65_536,
  /** D and O, numbers of an input and of an output; fields of a reading, columns of a data set */
  maxFeatures: 65_536,
  /** H, numbers in the hidden state of a layer */
  maxHiddenSize: 65_536,
  /** layers of a cell */
  maxLayers: 8,
  /** different characters of a text, different classes of a column */
  maxVocabulary: 10_000,
  /** readings of a data set, characters of a text to learn from, samples of a series that is computed */
  maxReadings: 10_000_000,
  /** bytes of a data file or model file, characters of a CSV text that a message brings */
  maxFileSize: 100_000_000,
  /** topics that sequence-source or unroll remembers */
  maxTopics: 1_000_000,
  /** steps that the windows of a stream, or its topics, hold on to */
  maxStreamSteps: 1_000_000,
}

export type LimitName = keyof typeof usualLimits
export type Limits = Record<LimitName, number>

export const limitNames = Object.keys(usualLimits) as LimitName[]

/** What a limit is called where a person sets it. */
export type LimitTitle = (limit: LimitName) => string

const own: LimitTitle = (limit) => `${limit} of configureLimits`

let limits: Limits = { ...usualLimits }
let titleOf = own

/**
 * Sets the limits of this process; those that are not given are the usual ones.
 *
 * @param title what a limit is called in errors
 * @throws ExpectedError for an unknown name, or a limit that is no whole number from 1; nothing is changed then
 */
export function configureLimits(given: Partial<Limits> = {}, title: LimitTitle = own): void {
  const next: Limits = { ...usualLimits }
  for (const [name, value] of Object.entries(given)) {
    const limit = oneOf('a limit', name, limitNames)
    if (value !== undefined) next[limit] = numberIn(title(limit), value, { min: 1, integer: true })
  }
  limits = next
  titleOf = title
}

export const limitOf = (limit: LimitName): number => limits[limit]

/** Limits and their names as they are now, for another thread, which has its own. */
export interface SentLimits {
  readonly limits: Limits
  readonly titles: Readonly<Record<LimitName, string>>
}

export const sentLimits = (): SentLimits => ({
  limits: { ...limits },
  titles: Object.fromEntries(limitNames.map((limit) => [limit, titleOf(limit)])) as Record<LimitName, string>,
})

/** The limits that another thread has sent. */
export const takeLimits = ({ limits: sent, titles }: SentLimits): void =>
  configureLimits(sent, (limit) => titles[limit])

/**
 * The size, if it is within its limit.
 *
 * @param what there are so many of: "steps"
 * @throws ExpectedError naming the limit, what is allowed and what came
 */
export function checkSize(limit: LimitName, size: number, what: string): number {
  // what is no number is not within it either
  if (size <= limits[limit]) return size
  throw new ExpectedError(`at most ${limits[limit]} ${what} (${titleOf(limit)})`, describe(size))
}

/**
 * An option that is a whole number, and has a limit.
 *
 * @throws ExpectedError naming the option, and if it is too large the limit
 */
export function wholeWithin(name: string, value: unknown, min: number, limit: LimitName): number {
  const max = limits[limit]
  if (typeof value === 'number' && value > max && value < Number.POSITIVE_INFINITY)
    throw new ExpectedError(`${name} to be at most ${max} (${titleOf(limit)})`, describe(value))
  return numberIn(name, value, { min, max, integer: true })
}

/**
 * A row of things that a message brings, without a look into it before its length is known.
 *
 * @throws ExpectedError for what is no array, or a longer one
 */
export function rowWithin(limit: LimitName, given: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(given)) throw new ExpectedError(`an array of ${what}`, describe(given))
  checkSize(limit, given.length, what)
  return given
}
