/** Digests on their way to the editors: at most five messages a second whatever happens, each of a bounded size. */
import { digestOf, type SourceState } from './digest'
import type { Loop } from './loop'
import type { LoopDigest } from './wire'

export interface Publisher {
  /** something has changed in this loop */
  touch(loop: Loop): void
  /** who takes the messages; nobody until this is called */
  publishBy(send: ((digests: LoopDigest[]) => void) | undefined): void
}

const interval = 200
/** Loops in one message; others take their turn in the next. */
const mostLoops = 3

export function publisher(stateOf: SourceState): Publisher {
  let send: ((digests: LoopDigest[]) => void) | undefined
  let timer: NodeJS.Timeout | undefined
  let sentAt = Number.NEGATIVE_INFINITY
  const waiting = new Set<Loop>()

  const flush = () => {
    timer = undefined
    sentAt = performance.now()
    const loops = [...waiting].slice(0, mostLoops)
    for (const loop of loops) waiting.delete(loop)
    send?.(loops.map((loop) => digestOf(loop, stateOf, 1 / loops.length)))
    if (waiting.size > 0) start(interval)
  }
  const start = (wait: number) => {
    timer = setTimeout(flush, wait)
    timer.unref()
  }

  return {
    touch(loop) {
      if (!send) return
      waiting.add(loop)
      if (timer) return
      const wait = interval - (performance.now() - sentAt)
      if (wait <= 0) flush()
      else start(wait)
    },
    publishBy(next) {
      send = next
      if (!next) waiting.clear()
    },
  }
}
