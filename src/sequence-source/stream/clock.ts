/** When readings were: when they came, or what a field of theirs says. */
import { describe, ExpectedError } from '../../expected'
import type { StreamSettings } from './options'
import { isRow } from './reading'

/** What a Date can hold, in ms. */
const farthest = 8.64e15

/**
 * ms since 1970.
 *
 * @param value a number of ms, an ISO 8601 text (without a zone it is local time), or a Date
 * @param where it stands, for the error
 * @throws ExpectedError for anything else
 */
export function timeOf(value: unknown, where: string): number {
  const time = typeof value === 'string' ? Date.parse(value) : value instanceof Date ? value.getTime() : value
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
