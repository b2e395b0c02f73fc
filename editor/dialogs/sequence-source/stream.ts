/** Readings as they come: their fields in the dialog, what blank ones count as, and which values fit. */
import { usualLimits } from '../../../src/limits'
import { entriesOf, type Get, isBlank, isNumber, isWhole } from '../common/values'

export const isStream = (get: Get): boolean => get('task') === 'stream'

const always = () => true
const isStamped = (get: Get) => get('time') === 'field'
const isFixed = (get: Get) => get('streamScaling') === 'fixed'

const conditions: Readonly<Record<string, (get: Get) => boolean>> = {
  time: always,
  timeField: isStamped,
  interval: always,
  resample: (get) => !isBlank(get('interval')),
  rate: always,
  columns: always,
  targetColumns: always,
  horizon: always,
  targetsPer: always,
  length: always,
  stride: always,
  batch: always,
  seed: always,
  streamScaling: always,
  center: isFixed,
  spread: isFixed,
  scaleSteps: (get) => !isFixed(get) && get('streamScaling') !== 'none',
  gaps: always,
  longestGap: (get) => get('gaps') !== 'error',
  late: isStamped,
  duplicates: isStamped,
  topics: always,
  replay: always,
}

export const streamFields: readonly string[] = Object.keys(conditions)

export const appliesToStream = (get: Get, field: string): boolean => conditions[field]?.(get) ?? false

const usualNumbers: Readonly<Record<string, number>> = {
  length: 20,
  horizon: 1,
  longestGap: 5,
  topics: 1000,
  replay: 1000,
  batch: 32,
  rate: 10,
}

const numberOf = (get: Get, field: string): number =>
  isBlank(get(field)) ? (usualOfStream(get, field) ?? Number.NaN) : Number(get(field))

/** So many windows, and so many topics, may be kept of these lengths. */
const mostKept = (get: Get): number =>
  Math.min(
    usualLimits.maxTopics,
    Math.floor(usualLimits.maxStreamSteps / (numberOf(get, 'length') + numberOf(get, 'horizon'))) || 1,
  )

/** What the runtime takes for a blank field, where that is another number than for the tasks. */
export function usualOfStream(get: Get, field: string): number | undefined {
  const usual = usualNumbers[field]
  if (field === 'topics' || field === 'replay') return Math.min(usual, mostKept(get))
  return field === 'batch' ? Math.min(usual, numberOf(get, 'replay')) : usual
}

/** From and to, of whole numbers. */
const limits: Readonly<Record<string, (get: Get) => readonly [min: number, max: number]>> = {
  length: () => [1, usualLimits.maxSteps],
  horizon: () => [0, 10_000],
  stride: () => [1, 10_000_000],
  longestGap: () => [0, 10_000],
  scaleSteps: () => [1, 10_000_000],
  topics: (get) => [1, mostKept(get)],
  replay: (get) => [1, mostKept(get)],
  batch: (get) => [1, numberOf(get, 'replay')],
}

/** Whether a value fits a field of a stream, and the limits that the sentence is to say; undefined for one of any value. */
export function fitsStream(
  get: Get,
  field: string,
  value: unknown,
): { readonly fits: boolean; readonly min?: number; readonly max?: number } | undefined {
  const range = limits[field]?.(get)
  if (range) return { fits: isWhole(value, ...range), min: range[0], max: range[1] }
  const fits = others[field]
  return fits && { fits: fits(value) }
}

const others: Readonly<Record<string, (value: unknown) => boolean>> = {
  seed: (value) => isWhole(value),
  interval: (value) => isNumber(value, (seconds) => seconds >= 0.001 && seconds <= 1e8),
  rate: (value) => isNumber(value, (rate) => rate > 0 && rate <= 1000),
  center: (value) => entriesOf(value).every((entry) => isNumber(entry)),
  spread: (value) => entriesOf(value).every((entry) => isNumber(entry, (spread) => spread > 0)),
}
