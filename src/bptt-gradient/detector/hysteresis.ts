/**
 * Hysteresis, as in a Schmitt trigger: a condition holds from the moment a threshold is crossed until its score was
 * clearly lower for several gradients in a row.
 */
import type { Finding } from './finding'
import type { Settings } from './options'

export interface Latch {
  readonly on: boolean
  /** clearly lower scores in a row since it is on */
  readonly calm: number
}

/** @param findings about this latch's condition */
export function nextLatch(
  { on, calm }: Latch,
  findings: readonly Finding[],
  { leaveBelow, leaveAfter }: Settings,
): Latch {
  if (findings.some(({ crossed }) => crossed)) return { on: true, calm: 0 }
  const count = findings.every(({ score }) => score < leaveBelow) ? calm + 1 : 0
  return on && count < leaveAfter ? { on, calm: count } : { on: false, calm: 0 }
}
