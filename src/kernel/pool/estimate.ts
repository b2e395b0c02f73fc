/**
 * How long work takes on this machine, guessed from its multiply-adds and from what earlier work took. A wrong guess
 * costs time, never another result.
 */
import type { Dtype } from '../../tensor/tensor'

/** Of one kind of work. */
export interface Speed {
  /** milliseconds */
  estimate(multiplyAdds: number): number
  /** takes in what work took on one thread */
  learn(multiplyAdds: number, milliseconds: number): void
}

/** Multiply-adds in a millisecond of plain TypeScript, until there is experience. */
const plain = 3e5

/** How much a single run counts, and how far it is believed at most: another process may have had the core. */
const share = 0.2
const mostChange = 4
/** A shorter run says more about the clock. */
const leastMilliseconds = 0.1

/** @param known multiply-adds in a millisecond, until there is experience */
export function speed(known = plain): Speed {
  let perMillisecond = known
  return {
    estimate: (multiplyAdds) => multiplyAdds / perMillisecond,
    learn(multiplyAdds, milliseconds) {
      if (milliseconds < leastMilliseconds) return
      const [least, most] = [perMillisecond / mostChange, perMillisecond * mostChange]
      const seen = Math.min(most, Math.max(least, multiplyAdds / milliseconds))
      perMillisecond += share * (seen - perMillisecond)
    },
  }
}

/** Of the kernels: half of what a good core does. */
export const kernelSpeeds: Readonly<Record<Dtype, Speed>> = { float32: speed(1e7), float64: speed(5e6) }
