/** What a stream of readings can be asked for: the usual values and the limits, checked in one place. */
import { describe, ExpectedError, numberIn, oneOf } from '../../expected'
import { type LimitName, limitOf, wholeWithin } from '../../limits'
import { lengthFrom, targetsPerIn, wholeIn } from '../checks'
import type { TargetsPer } from '../task'

export const timeSources = ['arrival', 'field'] as const
export type TimeSource = (typeof timeSources)[number]
export const resamplings = ['last', 'mean', 'linear'] as const
export type Resampling = (typeof resamplings)[number]
export const orderPolicies = ['drop', 'accept', 'error'] as const
export type OrderPolicy = (typeof orderPolicies)[number]
export const gapPolicies = ['hold', 'interpolate', 'mask', 'skip', 'error'] as const
export type GapPolicy = (typeof gapPolicies)[number]
export const streamScalings = ['z-score', 'min-max', 'robust', 'fixed', 'none'] as const
export type StreamScaling = (typeof streamScalings)[number]

export interface StreamOptions {
  /** fields that the network sees; default: all that hold a number in the first reading */
  columns?: readonly string[]
  /** fields that it should say; default: the same */
  targetColumns?: readonly string[]
  /** T, steps in a window; default 20 */
  length?: number
  /** the target lies this many steps after the last of the window (or after each); default 1, at most 10 000 */
  horizon?: number
  /** steps from the start of one window to the start of the next; default 1 */
  stride?: number
  /** one target a window, or one a step; default sequence */
  targetsPer?: TargetsPer

  /** when a reading was: when it came, or what a field of it says; default arrival */
  time?: TimeSource
  /** the field with the time: ms since 1970, an ISO 8601 text or a Date; default timestamp */
  timeField?: string
  /** ms: readings are brought to a fixed step of this length; default: each reading is a step */
  interval?: number
  /** how, with an interval; default last */
  resample?: Resampling
  /** a reading that is older than the latest of its topic; default drop */
  late?: OrderPolicy
  /** a reading of the same time as the latest of its topic; default drop */
  duplicates?: OrderPolicy
  /** steps without a reading; default hold */
  gaps?: GapPolicy
  /** steps of a gap, at most: after a longer one the window starts anew; default 5, at most 10 000 */
  longestGap?: number

  /** by field and topic; default z-score */
  scaling?: StreamScaling
  /** fixed: what becomes 0, a number for each field or one for all; default 0 */
  center?: readonly number[]
  /** fixed: what becomes 1 above it; default 1 */
  spread?: readonly number[]
  /** the scale of a topic stays as it is after so many of its steps; default: it always follows */
  scaleSteps?: number

  /** topics, at most: one more, and the one not heard of for longest is forgotten; default 1000 */
  topics?: number
  /** windows in the replay buffer, of all topics together: one more, and the oldest goes; default 1000 */
  replay?: number
  /** B, windows in a batch; default 32, or `replay` if that is less */
  batch?: number
  /** default 1 */
  seed?: number
}

export type StreamSettings = Readonly<
  Required<Omit<StreamOptions, 'interval' | 'scaleSteps' | 'columns' | 'targetColumns'>>
> &
  Pick<StreamOptions, 'interval' | 'scaleSteps'> & {
    readonly columns: readonly string[]
    readonly targetColumns: readonly string[]
    /** T + horizon: steps of a window up to its last target */
    readonly span: number
  }

const usual = { topics: 1000, replay: 1000, batch: 32 }

/** @throws ExpectedError for an option out of its range, or options that could need too much memory */
export function settingsOf(options: StreamOptions): StreamSettings {
  const length = lengthFrom(1, options.length ?? 20)
  const horizon = wholeIn('horizon', options.horizon ?? 1, 0, 10_000)
  const span = length + horizon
  const share = Math.max(1, Math.floor(limitOf('maxStreamSteps') / span))
  const replay = count('replay', span, options.replay ?? Math.min(usual.replay, share), 'maxStreamSteps')
  const { interval, scaleSteps } = options
  return {
    columns: options.columns ?? [],
    targetColumns: options.targetColumns ?? [],
    length,
    horizon,
    span,
    stride: wholeIn('stride', options.stride ?? 1, 1),
    targetsPer: targetsPerIn(options.targetsPer ?? 'sequence'),
    time: oneOf('time', options.time ?? 'arrival', timeSources),
    timeField: options.timeField ?? 'timestamp',
    ...(interval !== undefined && { interval: numberIn('interval', interval, { min: 1, max: 1e11 }) }),
    resample: oneOf('resample', options.resample ?? 'last', resamplings),
    late: oneOf('late', options.late ?? 'drop', orderPolicies),
    duplicates: oneOf('duplicates', options.duplicates ?? 'drop', orderPolicies),
    gaps: oneOf('gaps', options.gaps ?? 'hold', gapPolicies),
    longestGap: wholeIn('longestGap', options.longestGap ?? 5, 0, 10_000),
    scaling: oneOf('scaling', options.scaling ?? 'z-score', streamScalings),
    center: numbers('center', options.center ?? [0], Number.NEGATIVE_INFINITY),
    spread: numbers('spread', options.spread ?? [1], 0),
    ...(scaleSteps !== undefined && { scaleSteps: wholeIn('scaleSteps', scaleSteps, 1) }),
    topics: count(
      'topics',
      span,
      options.topics ?? Math.min(usual.topics, share, limitOf('maxTopics')),
      'maxTopics',
    ),
    replay,
    batch: wholeIn(
      'batch',
      options.batch ?? Math.min(usual.batch, replay),
      1,
      Math.min(replay, limitOf('maxBatch')),
    ),
    seed: numberIn('seed', options.seed ?? 1, { integer: true }),
  }
}

/** Steps that windows, and steps that topics may hold on to, all together: this bounds memory. */
function count(name: string, span: number, value: number, limit: LimitName): number {
  const checked = wholeWithin(name, value, 1, limit)
  wholeWithin(`${name} × (length + horizon)`, checked * span, 1, 'maxStreamSteps')
  return checked
}

/**
 * The same for the numbers in those steps, once it is known how many a reading has.
 *
 * @throws ExpectedError for too many
 */
export function checkFields({ topics, replay, span }: StreamSettings, fields: number): void {
  for (const [name, most] of Object.entries({ topics, replay }))
    wholeWithin(`${name} × (length + horizon) × fields`, most * span * fields, 1, 'maxElements')
}

function numbers(name: string, given: readonly number[], above: number): readonly number[] {
  if (!Array.isArray(given) || given.length === 0)
    throw new ExpectedError(`${name} to be an array of numbers`, describe(given))
  return given.map((value, index) => numberIn(`${name} ${index + 1}`, value, { min: above, above: true }))
}
