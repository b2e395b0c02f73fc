/**
 * Which loops somebody looks at. An editor says so and says it again; what it does not repeat ends by itself, without a
 * timer: a browser that hangs or is gone asks for nothing.
 */
import { lru } from 'tiny-lru'
import { leaseTime } from './wire'

export interface Viewers {
  /** an editor looks at these loops from now on */
  look(loops: readonly string[]): void
  sees(loop: string): boolean
}

/** Loops that are looked at at once; of more the one asked for longest ago is forgotten. */
const mostLoops = 64

export function viewers(now: () => number = () => performance.now()): Viewers {
  const until = lru<number>(mostLoops)
  return {
    look(loops) {
      for (const loop of loops) until.set(loop, now() + leaseTime)
    },
    sees: (loop) => (until.get(loop) ?? 0) > now(),
  }
}
