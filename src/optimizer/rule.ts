/** What an optimizer rule is: for one parameter tensor, from gradient and moments to Δ and new moments. */
import type { Floats } from '../tensor/tensor'

/** The moments of one parameter, by name. Absent before the first step. */
export type Moments = Readonly<Record<string, Floats>>

export interface RuleStep {
  readonly delta: Floats
  readonly moments: Moments
}

export interface RuleInput {
  readonly gradient: Floats
  readonly moments: Moments | undefined
  readonly learningRate: number
  /** number of this step, from 1 */
  readonly step: number
}
