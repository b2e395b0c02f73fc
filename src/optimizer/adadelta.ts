/** Adadelta (Zeiler 2012). torch.optim.Adadelta. */
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
  const change = gradient.map((g, index) =>
    quotient(Math.sqrt((before ? before[index] : 0) + epsilon) * g, Math.sqrt(square[index] + epsilon)),
  )
  const changeSquare = movingSquare(before, change, rho)
  return { delta: change.map((d) => -learningRate * d), moments: { square, changeSquare } }
}
