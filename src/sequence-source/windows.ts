/** Windows of one length over a series, in time order. */
import { ExpectedError } from '../expected'
import { lengthFrom, targetsPerIn, wholeIn } from './checks'
import type { SourceOptions } from './options'
import type { Span, Split } from './series'
import type { TargetsPer } from './task'

export interface WindowOptions {
  /** T, rows in a window */
  readonly length: number
  /** the target lies this many rows after the last of the window (or after each) */
  readonly horizon: number
  /** rows from the start of one window to the start of the next */
  readonly stride: number
  readonly targetsPer: TargetsPer
}

/** @throws ExpectedError for an option out of its range */
export const windowOptions = ({
  length = 20,
  horizon = 1,
  stride = 1,
  targetsPer = 'sequence',
}: Pick<SourceOptions, keyof WindowOptions>): WindowOptions => ({
  length: lengthFrom(1, length),
  horizon: wholeIn('horizon', horizon, 0),
  stride: wholeIn('stride', stride, 1),
  targetsPer: targetsPerIn(targetsPer),
})

/**
 * A window is held out if its target (of several, the first) is none of the first `trainEnd` rows; it is
 * learned from if its last target is one of them.
 *
 * @param rows what the rows are called in the error
 * @throws ExpectedError if there is no window to learn from
 */
export function windows(
  count: number,
  trainEnd: number,
  { length, horizon, stride, targetsPer }: WindowOptions,
  rows = 'readings',
): Split {
  const train: Span[] = []
  const validation: Span[] = []
  for (let start = 0; start + length - 1 + horizon < count; start += stride) {
    const lastTarget = start + length - 1 + horizon
    const firstTarget = targetsPer === 'step' ? start + horizon : lastTarget
    if (lastTarget < trainEnd) train.push({ start, length })
    else if (firstTarget >= trainEnd) validation.push({ start, length })
  }
  if (train.length === 0)
    throw new ExpectedError(
      `at least ${length + horizon} ${rows} to learn from (a window of ${length} and the horizon of ${horizon})`,
      `${trainEnd} of ${count} ${rows}`,
    )
  return { train, validation, trainEnd }
}

/** How many rows, and how many of them to learn from, give so many windows of each kind. */
export function rowsFor(
  trainCount: number,
  validationCount: number,
  { length, horizon, stride, targetsPer }: WindowOptions,
): { readonly count: number; readonly trainEnd: number } {
  const until = (windows: number) => (windows - 1) * stride + length + horizon
  // with a target a step, windows whose targets lie on both sides are lost
  const lost = targetsPer === 'step' ? Math.ceil(length / stride) - 1 : 0
  return {
    trainEnd: until(trainCount),
    count: until(validationCount === 0 ? trainCount : trainCount + lost + validationCount),
  }
}
