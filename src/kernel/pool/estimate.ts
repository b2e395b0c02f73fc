/**
 * How long work takes on this machine, guessed from its multiply-adds and from what earlier work took. A wrong guess
 * costs time, never another result.
 */
import type { Dtype } from '../../tensor/tensor'

/** How work is done: by the kernels in one of their precisions, or step by step in TypeScript. */
export type Way = Dtype | 'steps'

/** Multiply-adds in a millisecond, until there is experience: half of what a good core does */
const speeds: Record<Way, number> = { float32: 1e7, float64: 5e6, steps: 3e5 }

/** How much a single run counts, and how far it is believed at most: another process may have had the core. */
const share = 0.2
const mostChange = 4
/** A shorter run says more about the clock. */
const leastMilliseconds = 0.1

export const estimate = (multiplyAdds: number, way: Way): number => multiplyAdds / speeds[way]

/** Takes in what work took on one thread. */
export function learn(multiplyAdds: number, way: Way, milliseconds: number): void {
  if (milliseconds < leastMilliseconds) return
  const known = speeds[way]
  const seen = Math.min(known * mostChange, Math.max(known / mostChange, multiplyAdds / milliseconds))
  speeds[way] += share * (seen - known)
}
