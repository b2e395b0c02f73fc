import type { RuleInput, RuleStep } from './rule'

export interface SgdOptions {
  /** μ; 0 is plain gradient descent */
  readonly momentum: number
  /** look ahead: use g + μ v instead of v */
  readonly nesterov: boolean
}

/**
 * Stochastic gradient descent as torch.optim.SGD writes it (Sutskever et al. 2013, with the learning rate outside
 * of the velocity): v ← μ v + g, starting at v = g; Δ = -η v, with Nesterov Δ = -η (g + μ v).
 */
export function sgd(
  { gradient, moments, learningRate }: RuleInput,
  { momentum, nesterov }: SgdOptions,
): RuleStep {
  if (momentum === 0) return { delta: gradient.map((g) => -learningRate * g), moments: {} }
  const before = moments?.velocity
  const velocity = before ? gradient.map((g, index) => momentum * before[index] + g) : gradient.slice()
  const delta = velocity.map((v, index) => -learningRate * (nesterov ? gradient[index] + momentum * v : v))
  return { delta, moments: { velocity } }
}
