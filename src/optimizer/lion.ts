/** Lion (Chen et al. 2023, algorithm 2). PyTorch has none. */
import { movingAverage } from './average'
import type { RuleInput, RuleStep } from './rule'

export interface LionSettings {
  /** β₁, how much of the mean goes into the direction */
  readonly beta1: number
  /** β₂, decay of the mean of the gradient */
  readonly beta2: number
}

/**
 * Δ = -η sign(β₁ m + (1-β₁) g), then m ← β₂ m + (1-β₂) g.
 */
export function lion(
  { gradient, moments, learningRate }: RuleInput,
  { beta1, beta2 }: LionSettings,
): RuleStep {
  const delta = movingAverage(moments?.mean, gradient, beta1)
  for (let index = 0; index < delta.length; index++) delta[index] = -learningRate * Math.sign(delta[index])
  return { delta, moments: { mean: movingAverage(moments?.mean, gradient, beta2) } }
}
