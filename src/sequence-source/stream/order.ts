/** Readings that come late or twice. */
import { ExpectedError } from '../../expected'
import type { StreamSettings } from './options'

/** next: later than all before it; late and duplicate: it is not, and is taken nevertheless or dropped */
export type Turn = 'next' | 'late' | 'duplicate'

/**
 * The turn of each reading of one topic.
 *
 * @param last the latest time of the topic so far
 * @returns undefined for one that is dropped
 * @throws ExpectedError for one that is late or there already, if it is to be an error
 */
export function turnsOf(
  times: readonly number[],
  last: number | undefined,
  { time, late, duplicates }: Pick<StreamSettings, 'time' | 'late' | 'duplicates'>,
): { readonly turn: Turn; readonly isDropped: boolean }[] {
  let latest = last ?? Number.NEGATIVE_INFINITY
  return times.map((now) => {
    const turn = now > latest ? 'next' : now < latest ? 'late' : 'duplicate'
    latest = Math.max(latest, now)
    // what comes is as old as its arrival, whatever the clock of this machine does meanwhile
    if (turn === 'next' || time === 'arrival') return { turn: 'next', isDropped: false }
    const policy = turn === 'late' ? late : duplicates
    if (policy === 'error')
      throw new ExpectedError(
        `a time after the latest of the topic, ${iso(latest)}`,
        turn === 'late' ? iso(now) : 'the same',
      )
    return { turn, isDropped: policy === 'drop' }
  })
}

const iso = (time: number): string => new Date(time).toISOString()
