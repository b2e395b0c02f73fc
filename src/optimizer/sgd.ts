/** Stochastic gradient descent with momentum (Sutskever et al. 2013). torch.optim.SGD. */
import { pooledLike } from '../tensor/pooled'
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
  const delta = pooledLike(gradient)
  if (momentum === 0) {
    for (let index = 0; index < delta.length; index++) delta[index] = -learningRate * gradient[index]
    return { delta, moments: {} }
  }
  const before = moments?.velocity
  const velocity = gradient.slice()
  for (let index = 0; index < delta.length; index++) {
    const g = gradient[index]
    if (before) velocity[index] = momentum * before[index] + (1 - dampening) * g
    const v = velocity[index]
    delta[index] = -learningRate * (nesterov ? g + momentum * v : v)
  }
  return { delta, moments: { velocity } }
}
