/** Adamax (Kingma & Ba 2015, section 7.1). torch.optim.Adamax. */
import { pooledLike } from '../tensor/pooled'
import { movingAverage, quotient } from './average'
import type { EpsilonPlacement, RuleInput, RuleStep } from './rule'

export interface AdamaxSettings {
  /** β₁, decay of the mean of the gradient */
  readonly beta1: number
  /** β₂, decay of the largest absolute value */
  readonly beta2: number
  /** ε */
  readonly epsilon: number
  readonly epsilonPlacement: EpsilonPlacement
}

/**
 * m ← β₁ m + (1-β₁) g, u ← max(β₂ u, |g| + ε), Δ = -η / (1-β₁ᵏ) · m / u. Keras leaves ε out of u and divides
 * by u + ε.
 */
export function adamax(
  { gradient, moments, learningRate, step }: RuleInput,
  { beta1, beta2, epsilon, epsilonPlacement }: AdamaxSettings,
): RuleStep {
  const [within, beside] = epsilonPlacement === 'keras' ? [0, epsilon] : [epsilon, 0]
  const mean = movingAverage(moments?.mean, gradient, beta1)
  const before = moments?.norm
  const stepSize = learningRate / (1 - beta1 ** step)
  const norm = pooledLike(gradient)
  const delta = pooledLike(gradient)
  for (let index = 0; index < delta.length; index++) {
    norm[index] = Math.max(before ? beta2 * before[index] : 0, Math.abs(gradient[index]) + within)
    delta[index] = quotient(-stepSize * mean[index], norm[index] + beside)
  }
  return { delta, moments: { mean, norm } }
}
