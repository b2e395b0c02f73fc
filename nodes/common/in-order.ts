/** Messages one after the other, though some take worker threads and time: none overtakes another, and few wait. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { checkSize, ExpectedError } from '../../src'
import { bulkOf } from './bulk'
import { enters, leaves } from './crowd'
import type { RnnMessage } from './message'
import type { Behaviour, Send } from './node'

/**
 * So many messages may wait behind one that is under way, unless they hold too many bytes together (rnnMaxMemory); what
 * comes beyond is refused.
 */
export const mostWaiting = 1000

/** What is done with a message. */
export type Work = (msg: RnnMessage, send: Send, signal: AbortSignal) => void | Promise<void>

/**
 * A behaviour that is done at once where nothing is under way and the work takes no time, and otherwise promises it. Its
 * end ends what is under way, and drops what waits.
 *
 * @param work for one message; its signal ends work on other threads
 */
export function inOrder(work: Work): Behaviour {
  const ending = new AbortController()
  const { signal } = ending
  let waiting = 0
  /** bytes that those who wait hold on to */
  let bulk = 0
  /** settles, and never rejects, when all that came so far is done */
  let last: Promise<void> | undefined

  const workAfter = async (
    before: Promise<void>,
    msg: RnnMessage,
    own: number,
    send: Send,
  ): Promise<void> => {
    const run = msg.sequence?.run
    waiting += 1
    bulk += own
    enters(run)
    await before
    // many that take little time each must not hold the event loop up together
    if (!signal.aborted) await nextTurn()
    waiting -= 1
    bulk -= own
    leaves(run)
    signal.throwIfAborted()
    await work(msg, send, signal)
  }

  /** A single one may wait in any case: work that is too large is refused by who does it. */
  const bulkWithin = (msg: RnnMessage): number => {
    const own = bulkOf(msg)
    if (waiting > 0) checkSize('maxMemory', bulk + own, 'bytes in messages that wait for their turn')
    return own
  }

  return {
    input(msg, send) {
      if (waiting >= mostWaiting)
        throw new ExpectedError(
          `at most ${mostWaiting} messages to wait for their turn: send fewer, or smaller ones`,
          'one more',
        )
      const done = last ? workAfter(last, msg, bulkWithin(msg), send) : work(msg, send, signal)
      if (!done) return undefined
      const end = () => {
        if (last === own) last = undefined
      }
      const own: Promise<void> = done.then(end, end)
      last = own
      return done
    },
    async close() {
      ending.abort(new Error('the node was closed'))
      await last
    },
  }
}
