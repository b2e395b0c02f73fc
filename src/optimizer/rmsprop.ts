/** RMSprop (Hinton 2012, lecture 6; centred: Graves 2013). torch.optim.RMSprop. */
import { pooledLike } from '../tensor/pooled'
import { movingAverage, movingSquare, quotient } from './average'
import type { EpsilonPlacement, RuleInput, RuleStep } from './rule'

export interface RmspropSettings {
  /** α, decay of the mean of the square */
  readonly alpha: number
  /** divide by the root of the variance instead of the root of the mean square */
  readonly centered: boolean
  /** μ; 0 keeps no velocity */
  readonly momentum: number
  /** ε */
  readonly epsilon: number
  readonly epsilonPlacement: EpsilonPlacement
}

/**
 * v ← α v + (1-α) g²; centred v̂ = v - m² with m ← α m + (1-α) g, else v̂ = v; r = g / (√v̂ + ε); Δ = -η r,
 * with momentum b ← μ b + r, Δ = -η b. Keras has ε inside of the root: √(v̂ + ε). (It also has η inside of b,
 * which is the same as long as η is.)
 *
 * Where rounding makes v̂ negative Δ is NaN, as in PyTorch: the optimizer skips such a step.
 */
export function rmsprop(
  { gradient, moments, learningRate }: RuleInput,
  { alpha, centered, momentum, epsilon, epsilonPlacement }: RmspropSettings,
): RuleStep {
  const square = movingSquare(moments?.square, gradient, alpha)
  const mean = centered ? movingAverage(moments?.mean, gradient, alpha) : undefined
  const [within, beside] = epsilonPlacement === 'keras' ? [epsilon, 0] : [0, epsilon]
  const before = moments?.velocity
  const velocity = pooledLike(gradient)
  const delta = pooledLike(gradient)
  for (let index = 0; index < delta.length; index++) {
    const variance = square[index] - (mean ? mean[index] ** 2 : 0)
    velocity[index] = quotient(gradient[index], Math.sqrt(variance + within) + beside)
    if (momentum !== 0) velocity[index] += before ? momentum * before[index] : 0
    delta[index] = -learningRate * velocity[index]
  }
  return {
    delta,
    moments: { square, ...(mean && { mean }), ...(momentum !== 0 && { velocity }) },
  }
}
