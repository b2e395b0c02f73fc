/** Readings that come late or twice, and clocks that were wrong. */
import { ExpectedError } from '../../expected'
import { checkSize } from '../../limits'
import type { StreamSettings } from './options'

/** next: later than all before it; late and duplicate: it is not, and is taken nevertheless or dropped */
export type Turn = 'next' | 'late' | 'duplicate'

type Policy = Pick<StreamSettings, 'time' | 'late' | 'duplicates'>

/**
 * The turn of a reading of a topic.
 *
 * @param latest the latest time of the topic so far
 * @throws ExpectedError for one that is late or there already, if it is to be an error
 */
export function turnOf(
  now: number,
  latest: number | undefined,
  { time, late, duplicates }: Policy,
): { readonly turn: Turn; readonly isDropped: boolean } {
  // what comes is as old as its arrival, whatever the clock of this machine does meanwhile
  if (latest === undefined || now > latest || time === 'arrival') return { turn: 'next', isDropped: false }
  const turn = now < latest ? 'late' : 'duplicate'
  const policy = turn === 'late' ? late : duplicates
  if (policy === 'error')
    throw new ExpectedError(
      `a time after the latest of the topic, ${iso(latest)} (msg.reset with this topic forgets it)`,
      turn === 'late' ? iso(now) : 'the same',
    )
  return { turn, isDropped: policy === 'drop' }
}

/** @throws ExpectedError if one of the readings is to be an error */
export function checkOrder(times: readonly number[], last: number | undefined, policy: Policy): void {
  let latest = last
  for (const now of times) {
    turnOf(now, latest, policy)
    latest = Math.max(latest ?? now, now)
  }
}

/**
 * Steps that readings make, with those that are made up for the gaps between them: gaps are short, but of many readings
 * that came together each may follow one.
 *
 * @throws ExpectedError for more than a sequence may have
 */
export function checkGaps(
  times: readonly number[],
  last: number | undefined,
  fields: number,
  { interval, gaps, longestGap }: Pick<StreamSettings, 'interval' | 'gaps' | 'longestGap'>,
): void {
  let latest = last ?? times[0]
  let steps = times.length
  if (interval !== undefined && gaps !== 'skip' && gaps !== 'error')
    for (const now of times) {
      const missing = Math.floor((now - latest) / interval)
      // what is longer is not filled
      if (missing > 0 && missing <= longestGap + 1) steps += missing
      latest = Math.max(latest, now)
    }
  checkSize(
    'maxSteps',
    steps,
    'steps of readings and the gaps between them, so that they have to come in parts',
  )
  checkSize('maxElements', steps * fields, 'numbers in readings and the gaps between them')
}

/** So many late readings, none before the one before it, say that what was taken for the latest time never was. */
const mostInRow = 10

/** Late readings in a row that were dropped. */
export interface LateRow {
  readonly count: number
  readonly latest: number
}

/** The row with one more; 'setBack' if the clock was wrong before. */
export function lateAgain(row: LateRow | undefined, now: number): LateRow | 'setBack' {
  const count = row && now >= row.latest ? row.count + 1 : 1
  return count >= mostInRow ? 'setBack' : { count, latest: now }
}

const iso = (time: number): string => new Date(time).toISOString()
