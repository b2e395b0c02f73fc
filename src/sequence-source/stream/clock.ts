/** When readings were: when they came, or what a field of theirs says. */
import { describe, ExpectedError } from '../../expected'
import type { StreamSettings } from './options'
import { isRow } from './reading'

/** What a Date can hold, in ms. */
const farthest = 8.64e15

/** A day, and what may follow it. Date.parse reads far more: "sensor 1" is a day in 2001 to it. */
const iso = /^(\d{4}|[+-]\d{6})-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}([.,]\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/i

/** As MQTT brings numbers that nobody has parsed; fewer may be a year. */
const digits = /^\d{10,16}$/

/** NaN for what is no time. A day alone is local time too, and not of Greenwich. */
function read(text: string): number {
  const trimmed = text.trim()
  if (digits.test(trimmed)) return Number(trimmed)
  if (!iso.test(trimmed)) return Number.NaN
  return Date.parse(/[T ]/.test(trimmed) ? trimmed.replace(',', '.') : `${trimmed}T00:00`)
}

/**
 * Whether a first time can hardly be meant as ms: so many seconds have passed since 1970 from 1990 on, so many ms in its
 * first weeks.
 */
export const looksLikeSeconds = (time: number): boolean => time > 6.3e8 && time < 6.3e9

/**
 * ms since 1970.
 *
 * @param value ms as a number or as digits, an ISO 8601 text (without a zone it is local time), or a Date
 * @param where it stands, for the error
 * @throws ExpectedError for anything else
 */
export function timeOf(value: unknown, where: string): number {
  const time = typeof value === 'string' ? read(value) : value instanceof Date ? value.getTime() : value
  if (typeof time === 'number' && Math.abs(time) <= farthest) return time
  throw new ExpectedError(`a time in ${where}: ms since 1970, an ISO 8601 text or a Date`, describe(value))
}

/**
 * The times of readings that came together.
 *
 * @param given when they came (arrival), or when a reading was that has no such field of its own
 * @throws ExpectedError for a time that cannot be read, or one time for several readings
 */
export function timesOf(
  readings: readonly unknown[],
  given: unknown,
  { time, timeField }: Pick<StreamSettings, 'time' | 'timeField'>,
): number[] {
  if (time === 'arrival') {
    const arrival = timeOf(given, 'the time of arrival')
    return readings.map(() => arrival)
  }
  return readings.map((reading) => {
    const own = isRow(reading) ? undefined : (reading as Record<string, unknown>)[timeField]
    if (own === undefined && readings.length > 1)
      throw new ExpectedError(`a time in field ${timeField} of each of ${readings.length} readings`, 'none')
    return timeOf(own ?? given, `field ${timeField}`)
  })
}
