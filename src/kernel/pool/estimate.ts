/**
 * How long work takes on this machine, guessed from its multiply-adds and from what earlier work took. A wrong guess
 * costs time, never another result.
 */
import type { Dtype } from '../../tensor/tensor'

/** Multiply-adds in a millisecond, until there is experience: half of what a good core does */
const speeds: Record<Dtype, number> = { float32: 1e7, float64: 5e6 }

/** How much a single run counts, and how far it is believed at most: another process may have had the core. */
const share = 0.2
const mostChange = 4
/** A shorter run says more about the clock. */
const leastMilliseconds = 0.1

export const estimate = (multiplyAdds: number, dtype: Dtype): number => multiplyAdds / speeds[dtype]

/** Takes in what work took on one thread. */
export function learn(multiplyAdds: number, dtype: Dtype, milliseconds: number): void {
  if (milliseconds < leastMilliseconds) return
  const known = speeds[dtype]
  const seen = Math.min(known * mostChange, Math.max(known / mostChange, multiplyAdds / milliseconds))
  speeds[dtype] += share * (seen - known)
}
