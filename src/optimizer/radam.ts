/** RAdam: Adam whose first steps are rectified (Liu et al. 2020). torch.optim.RAdam. */
import { pooledLike } from '../tensor/pooled'
import { movingAverage, movingSquare, quotient } from './average'
import type { RuleInput, RuleStep } from './rule'

export interface RadamSettings {
  /** β₁, decay of the mean of the gradient */
  readonly beta1: number
  /** β₂, decay of the mean of its square */
  readonly beta2: number
  /** ε, added to √v before the correction of its bias */
  readonly epsilon: number
}

/**
 * m, v and m̂ as in Adam; ρ_∞ = 2/(1-β₂) - 1 and ρ_k = ρ_∞ - 2k β₂ᵏ/(1-β₂ᵏ). As long as ρ_k ≤ 5, Δ = -η m̂; then
 * Δ = -η m̂ r √(1-β₂ᵏ) / (√v + ε) with r² = (ρ_k-4)(ρ_k-2) ρ_∞ / ((ρ_∞-4)(ρ_∞-2) ρ_k).
 */
export function radam(
  { gradient, moments, learningRate, step }: RuleInput,
  { beta1, beta2, epsilon }: RadamSettings,
): RuleStep {
  const mean = movingAverage(moments?.mean, gradient, beta1)
  const square = movingSquare(moments?.square, gradient, beta2)
  const stepSize = learningRate / (1 - beta1 ** step)
  const rectification = rectifies(beta2, step)
  const delta = pooledLike(gradient)
  for (let index = 0; index < delta.length; index++) {
    const change = -stepSize * mean[index]
    delta[index] =
      rectification === undefined
        ? change
        : quotient(change * rectification, Math.sqrt(square[index]) + epsilon)
  }
  return { delta, moments: { mean, square } }
}

/** r √(1-β₂ᵏ), or undefined as long as the variance of the second moment is intractable. */
function rectifies(beta2: number, step: number): number | undefined {
  const correction = 1 - beta2 ** step
  const longest = 2 / (1 - beta2) - 1
  const length = longest - (2 * step * beta2 ** step) / correction
  if (length <= 5) return undefined
  const ratio = ((length - 4) * (length - 2) * longest) / ((longest - 4) * (longest - 2) * length)
  return Math.sqrt(ratio) * Math.sqrt(correction)
}
