/** What an optimizer rule is: for one parameter tensor, from gradient and moments to Δ and new moments. */
import type { Floats } from '../tensor/tensor'

/**
 * The moments of one parameter, by name, each of the parameter's length (`momentumProduct` of nadam: one
 * number). Absent before the first step; a name that is missing has yet to begin.
 */
export type Moments = Readonly<Record<string, Floats>>

export interface RuleStep {
  /** Δ, to be added to the parameter */
  readonly delta: Floats
  readonly moments: Moments
}

export interface RuleInput {
  /** θ before the step */
  readonly parameter: Floats
  readonly gradient: Floats
  readonly moments: Moments | undefined
  /** η */
  readonly learningRate: number
  /** k, number of this step, from 1 */
  readonly step: number
}

export type Rule = (input: RuleInput) => RuleStep

/**
 * Where ε stands beside a root: `torch` √v̂ + ε, as PyTorch has it; `keras` as Keras 3 has it, which is not
 * the same place in every rule.
 */
export const epsilonPlacements = ['torch', 'keras'] as const
export type EpsilonPlacement = (typeof epsilonPlacements)[number]
