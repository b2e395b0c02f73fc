/** NAdam: Adam with Nesterov momentum (Dozat 2016). torch.optim.NAdam. */
import { pooledLike } from '../tensor/pooled'
import { movingAverage, movingSquare, quotient } from './average'
import type { RuleInput, RuleStep } from './rule'

export interface NadamSettings {
  /** β₁, decay of the mean of the gradient, and where μ_k tends to */
  readonly beta1: number
  /** β₂, decay of the mean of its square */
  readonly beta2: number
  /** ε, added outside of the root (in Keras too) */
  readonly epsilon: number
  /** ψ, how fast μ_k rises from about β₁/2 to β₁; Keras has 1 */
  readonly momentumDecay: number
}

/**
 * m and v as in Adam, μ_k = β₁ (1 - ½ · 0.96^(kψ)), Π_k = μ_1 · … · μ_k,
 * Δ = -η (μ_{k+1} m / (1 - Π_{k+1}) + (1-μ_k) g / (1 - Π_k)) / (√(v / (1-β₂ᵏ)) + ε).
 *
 * Π is kept in the precision of the parameter. PyTorch keeps it in the default dtype: with float32
 * there and float64 parameters the two differ by up to 1e-7 of a step.
 */
export function nadam(
  { gradient, moments, learningRate, step }: RuleInput,
  { beta1, beta2, epsilon, momentumDecay }: NadamSettings,
): RuleStep {
  const momentumOf = (k: number) => beta1 * (1 - 0.5 * 0.96 ** (k * momentumDecay))
  const momentum = momentumOf(step)
  const nextMomentum = momentumOf(step + 1)
  const momentumProduct = gradient
    .subarray(0, 1)
    .map(() => (moments?.momentumProduct ? moments.momentumProduct[0] : 1) * momentum)
  const product = momentumProduct[0]
  const mean = movingAverage(moments?.mean, gradient, beta1)
  const square = movingSquare(moments?.square, gradient, beta2)
  const ofGradient = (-learningRate * (1 - momentum)) / (1 - product)
  const ofMean = (-learningRate * nextMomentum) / (1 - product * nextMomentum)
  const correction = 1 - beta2 ** step
  const delta = pooledLike(gradient)
  for (let index = 0; index < delta.length; index++) {
    const numerator = ofGradient * gradient[index] + ofMean * mean[index]
    delta[index] = quotient(numerator, Math.sqrt(square[index] / correction) + epsilon)
  }
  return { delta, moments: { mean, square, momentumProduct } }
}
