/** Stochastic gradient descent with momentum (Sutskever et al. 2013). torch.optim.SGD. */
import type { RuleInput, RuleStep } from './rule'

export interface SgdSettings {
  /** μ; 0 is plain gradient descent */
  readonly momentum: number
  /** d, taken off the gradient as it enters the velocity */
  readonly dampening: number
  /** look ahead: use g + μ v instead of v */
  readonly nesterov: boolean
}

/**
 * v ← μ v + (1-d) g, starting at v = g; Δ = -η v, with Nesterov Δ = -η (g + μ v). Unlike in the paper the
 * learning rate is outside of the velocity.
 */
export function sgd(
  { gradient, moments, learningRate }: RuleInput,
  { momentum, dampening, nesterov }: SgdSettings,
): RuleStep {
  if (momentum === 0) return { delta: gradient.map((g) => -learningRate * g), moments: {} }
  const before = moments?.velocity
  const velocity = before
    ? gradient.map((g, index) => momentum * before[index] + (1 - dampening) * g)
    : gradient.slice()
  const delta = velocity.map((v, index) => -learningRate * (nesterov ? gradient[index] + momentum * v : v))
  return { delta, moments: { velocity } }
}
