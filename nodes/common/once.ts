/**
 * What a node remembers from one training batch to the next, changed once by each batch: a batch that comes again, since
 * the way back of its first round was cut off by a stop, starts from where the first round started.
 */
import type { RnnMessage } from './message'

/** Which training batch a message is: of which start of a source, and its number. Undefined for what is no batch of one. */
export function workOf({ sequence }: RnnMessage): string | undefined {
  const { run, step, phase } = sequence ?? {}
  return typeof run !== 'string' || typeof step !== 'number' || phase !== 'train'
    ? undefined
    : `${run} ${step}`
}

export interface Round<State> {
  readonly work: string
  /** as it was before this batch */
  readonly before: State
}

export interface Once<State> {
  readonly state: State
  /** the latest batch, if it can come again */
  readonly last: Round<State> | undefined
  /** whether this batch has been here already */
  isAgain(msg: RnnMessage): boolean
  /** what a batch starts from */
  before(msg: RnnMessage): State
  /** the batch has made this of it */
  become(next: State, msg: RnnMessage): void
}

export function once<State>(state: State, last?: Round<State>): Once<State> {
  let [current, latest] = [state, last]
  const isAgain = (msg: RnnMessage) => latest !== undefined && !msg.reset && workOf(msg) === latest.work
  const before = (msg: RnnMessage) => (latest && isAgain(msg) ? latest.before : current)
  return {
    get state() {
      return current
    },
    get last() {
      return latest
    },
    isAgain,
    before,
    become(next, msg) {
      const work = workOf(msg)
      latest = work === undefined ? undefined : { work, before: before(msg) }
      current = next
    },
  }
}
