/** A reading in any form it comes in (a number, also as text, an array, an object by field names), as a number a field. */
import { describe, ExpectedError } from '../../expected'
import { checkSize } from '../../limits'
import type { StreamSettings } from './options'
import type { Values } from './step'

/** Which fields are read, and what each is for. Readings of all topics have the same. */
export interface Fields {
  /** objects: by name; else numbers by their place, called 1, 2, … */
  readonly form: 'object' | 'array'
  /** numbers in a reading that is an array; 1 also stands for a plain number */
  readonly count: number
  /** what is read: the inputs, and targets that are no inputs */
  readonly names: readonly string[]
  /** places of the inputs and of the targets among the names */
  readonly inputs: readonly number[]
  readonly targets: readonly number[]
}

/** One message brings so many readings at most: more would hold the event loop up. */
export const mostReadings = 10_000

/** Beyond it a variance would not be finite. */
const largest = 1e100

type Row = readonly unknown[]
type Reading = Row | Readonly<Record<string, unknown>>

/**
 * One reading, or many, oldest first: an array of arrays or of objects.
 *
 * @throws ExpectedError for anything else, for none, and for too many
 */
export function readingsIn(given: unknown): readonly Reading[] {
  if (typeof given === 'number' || isNumeral(given)) return [[given]]
  if (!isRow(given)) {
    if (isObject(given)) return [given]
    throw new ExpectedError('a reading: a number, an array, or an object by field names', describe(given))
  }
  const { length } = given
  if (length === 0) throw new ExpectedError('at least one reading', 'an empty array')
  if (!isRow(given[0]) && !isObject(given[0])) return [copied(given, length)]
  if (length > mostReadings)
    throw new ExpectedError(`at most ${mostReadings} readings at a time: send them in parts`, `${length}`)
  return Array.from({ length }, (_, index) => {
    const reading = given[index]
    if (isRow(reading)) return copied(reading, reading.length)
    if (isObject(reading)) return reading
    throw new ExpectedError(
      `an array or an object as reading ${index + 1}, as the first is`,
      describe(reading),
    )
  })
}

/** @throws ExpectedError for more numbers than a reading has */
function copied(row: Row, length: number): Row {
  checkSize('maxFeatures', length, 'numbers in a reading')
  return Array.from({ length }, (_, place) => row[place])
}

/**
 * The fields of a first reading.
 *
 * @throws ExpectedError for a field that it does not have, or if it has no number
 */
export function fieldsOf(
  first: Reading,
  { columns, targetColumns, time, timeField }: Pick<StreamSettings, keyof FieldOptions>,
): Fields {
  const isArray = isRow(first)
  const there = isArray ? first.map((_, place) => `${place + 1}`) : Object.keys(first)
  checkSize('maxFeatures', there.length, 'fields in a reading')
  for (const name of [...columns, ...targetColumns])
    if (!there.includes(name)) throw new ExpectedError(`one of the fields ${there.join(', ')}`, `"${name}"`)
  const isTime = (name: string) => !isArray && time === 'field' && name === timeField
  // what is null has no reading yet, as many a sensor when it starts
  const isNumeric = (value: unknown) => typeof value === 'number' || value === null
  const numeric = there.filter((name) => !isTime(name) && (isArray || isNumeric(first[name])))
  const inputs = columns.length > 0 ? [...new Set(columns)] : numeric
  if (inputs.length === 0)
    throw new ExpectedError(
      'a field with a number in the first reading (name fields whose numbers are texts)',
      there.join(', ') || 'no fields',
    )
  const targets = targetColumns.length > 0 ? [...new Set(targetColumns)] : inputs
  const names = [...new Set([...inputs, ...targets])]
  return {
    form: isArray ? 'array' : 'object',
    count: there.length,
    names,
    inputs: inputs.map((name) => names.indexOf(name)),
    targets: targets.map((name) => names.indexOf(name)),
  }
}

interface FieldOptions {
  columns: unknown
  targetColumns: unknown
  time: unknown
  timeField: unknown
}

/**
 * The numbers of a reading.
 *
 * @returns undefined if one of them is null or NaN: there is a reading, and nothing in it
 * @throws ExpectedError naming the field that is missing or holds no number
 */
export function valuesOf(reading: Reading, { form, count, names }: Fields): Values | undefined {
  const row = isRow(reading) ? reading : undefined
  if ((form === 'array') !== (row !== undefined))
    throw new ExpectedError(
      form === 'array'
        ? `${count} number${count === 1 ? '' : 's'} as in the first reading${anew}`
        : `an object with the fields ${names.join(', ')}, as the first reading was${anew}`,
      row ? `an array of ${row.length}` : 'an object',
    )
  if (row && row.length !== count)
    throw new ExpectedError(
      `${count} number${count === 1 ? '' : 's'} in a reading as in the first (many readings are an array of arrays)`,
      `${row.length}`,
    )
  let isMissing = false
  const values = new Array<number>(names.length)
  for (let place = 0; place < names.length; place++) {
    const name = names[place]
    const given = row ? row[Number(name) - 1] : (reading as Record<string, unknown>)[name]
    const value = isNumeral(given) ? Number(given) : given
    if (value === null || Number.isNaN(value)) isMissing = true
    else if (typeof value !== 'number' || !(Math.abs(value) <= largest))
      throw new ExpectedError(`a number in field ${name}, of a size up to ${largest}`, describe(value))
    // -0 becomes 0: JSON has no word for it
    else values[place] = value + 0
  }
  return isMissing ? undefined : values
}

/** What is wrong may be the first one: an inject node sends the time, if nobody tells it otherwise. */
const anew = ' (msg.reset without a topic begins with other fields)'

/** A number as text, as MQTT brings it. */
const isNumeral = (value: unknown): value is string =>
  typeof value === 'string' && /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(value)

/** By its name: a function node has typed arrays of its own, which are no instances of ours. */
const isFloats = (value: unknown): value is Float32Array | Float64Array =>
  ArrayBuffer.isView(value) && /^\[object Float(32|64)Array\]$/.test(Object.prototype.toString.call(value))

export const isRow = (value: unknown): value is Row => Array.isArray(value) || isFloats(value)

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  !ArrayBuffer.isView(value) &&
  !(value instanceof Date)
