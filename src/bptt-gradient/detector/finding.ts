/** What one signal found in one gradient, in the form all signals share. */
import type { SignalName } from './options'

export type Condition = 'exploding' | 'vanishing'

export interface Finding {
  readonly signal: SignalName
  readonly condition: Condition
  /** what was measured; the norm and the spike's z as they are, factors as natural logarithms */
  readonly value: number
  /** in the same unit */
  readonly threshold: number
  readonly crossed: boolean
  /** 0 calm, 1 at the threshold; may be infinite */
  readonly score: number
  /** why it is crossed, in words: they are made only for one that is */
  readonly reason: () => string
  readonly span?: [number, number]
}

/**
 * A finding about a logarithm of which 0 is calm. The score is the share of the way to the threshold: a factor of 1000²
 * has twice the score of 1000.
 */
export function findingOf(
  found: Pick<Finding, 'signal' | 'condition' | 'value' | 'threshold' | 'reason' | 'span'>,
): Finding {
  const [value, threshold] = [Math.abs(found.value), Math.abs(found.threshold)]
  const within =
    Math.sign(found.value) !== Math.sign(found.threshold) || threshold === Number.POSITIVE_INFINITY
  const score = within ? 0 : value / threshold
  return { ...found, score, crossed: !within && value > threshold }
}
