/** The replay buffer (Lin 1992): recent windows of all topics, in the units of the data. */
import type { Random } from '../../random/random'
import { at, keep, latest, push, ring } from './ring'
import type { Step } from './step'
import type { Topic } from './topic'

export interface ReplayWindow {
  readonly topic: Topic
  /** T + horizon, shared with the windows beside it */
  readonly steps: readonly Step[]
}

export interface Replay {
  readonly size: number
  /** when it is full, the oldest window goes */
  add(window: ReplayWindow): void
  /** so many different windows, each as likely as any other */
  draw(count: number, random: Random): ReplayWindow[]
  forget(topic: Topic): void
  clear(): void
  /** oldest first */
  all(): ReplayWindow[]
}

/** @param most windows */
export function replayBuffer(most: number): Replay {
  const windows = ring<ReplayWindow>(most)
  return {
    get size() {
      return windows.items.length
    },
    add(window) {
      push(windows, window)
    },
    /** Floyd's sampling without replacement (Bentley & Floyd 1987): as many numbers are drawn as windows. */
    draw(count, random) {
      const places = new Set<number>()
      const { length } = windows.items
      for (let last = length - count; last < length; last++) {
        const place = random.integer(0, last)
        places.add(places.has(place) ? last : place)
      }
      return Array.from(places, (place) => at(windows, place))
    },
    forget(gone) {
      keep(windows, ({ topic }) => topic !== gone)
    },
    clear() {
      keep(windows, () => false)
    },
    all: () => latest(windows),
  }
}
