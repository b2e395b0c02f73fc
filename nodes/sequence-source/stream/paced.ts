/** Messages that ask for something, answered at most so many times a second. One waits, the latest; others are dropped. */
import type { RnnMessage } from '../../common/message'
import type { Send } from '../../common/node'

export interface Paced {
  /** answers as soon as there is something and the time has come */
  offer(msg: RnnMessage, send: Send): void
  /** looks again: there may be something now */
  look(): void
  /** the message that waits, which does so no longer */
  take(): RnnMessage | undefined
  readonly isWaiting: boolean
  /** nothing is answered any more */
  close(): void
}

/**
 * @param rate answers a second, at most
 * @param isReady whether there is something to answer with
 * @param answer what is to be done then; it must not throw
 */
export function paced(
  rate: number,
  isReady: () => boolean,
  answer: (msg: RnnMessage, send: Send) => void,
): Paced {
  const rest = 1000 / rate
  let waiting: { readonly msg: RnnMessage; readonly send: Send } | undefined
  let due = Number.NEGATIVE_INFINITY
  let timer: NodeJS.Timeout | undefined

  const stop = () => {
    clearTimeout(timer)
    timer = undefined
  }
  const take = () => {
    const taken = waiting
    waiting = undefined
    stop()
    return taken
  }
  const look = () => {
    if (!waiting || timer || !isReady()) return
    const wait = due - performance.now()
    if (wait > 0) {
      timer = setTimeout(() => {
        timer = undefined
        look()
      }, Math.ceil(wait))
      return
    }
    const asked = take()
    due = performance.now() + rest
    if (asked) answer(asked.msg, asked.send)
  }

  return {
    offer(msg, send) {
      waiting = { msg, send }
      look()
    },
    look,
    take: () => take()?.msg,
    get isWaiting() {
      return waiting !== undefined
    },
    close() {
      take()
    },
  }
}
