/** Adadelta (Zeiler 2012). torch.optim.Adadelta. */
import { pooledLike } from '../tensor/pooled'
import { movingSquare, quotient } from './average'
import type { RuleInput, RuleStep } from './rule'

export interface AdadeltaSettings {
  /** ρ, decay of both means of squares */
  readonly rho: number
  /** ε, inside of both roots (in Keras too) */
  readonly epsilon: number
}

/**
 * v ← ρ v + (1-ρ) g², d = g √(u + ε) / √(v + ε), u ← ρ u + (1-ρ) d², Δ = -η d.
 */
export function adadelta(
  { gradient, moments, learningRate }: RuleInput,
  { rho, epsilon }: AdadeltaSettings,
): RuleStep {
  const before = moments?.changeSquare
  const square = movingSquare(moments?.square, gradient, rho)
  const change = pooledLike(gradient)
  const delta = pooledLike(gradient)
  for (let index = 0; index < delta.length; index++) {
    const numerator = Math.sqrt((before ? before[index] : 0) + epsilon) * gradient[index]
    change[index] = quotient(numerator, Math.sqrt(square[index] + epsilon))
    delta[index] = -learningRate * change[index]
  }
  return { delta, moments: { square, changeSquare: movingSquare(before, change, rho) } }
}
