/** Adagrad (Duchi, Hazan & Singer 2011). torch.optim.Adagrad. */
import { pooledLike } from '../tensor/pooled'
import { quotient } from './average'
import type { EpsilonPlacement, RuleInput, RuleStep } from './rule'

export interface AdagradSettings {
  /** the learning rate of step k is η / (1 + (k-1) · learningRateDecay) */
  readonly learningRateDecay: number
  /** what the sum of squares starts from */
  readonly initialAccumulator: number
  /** ε */
  readonly epsilon: number
  readonly epsilonPlacement: EpsilonPlacement
}

/**
 * s ← s + g², Δ = -η_k g / (√s + ε). Keras has ε inside of the root: √(s + ε).
 */
export function adagrad(
  { gradient, moments, learningRate, step }: RuleInput,
  { learningRateDecay, initialAccumulator, epsilon, epsilonPlacement }: AdagradSettings,
): RuleStep {
  const before = moments?.sum
  const rate = learningRate / (1 + (step - 1) * learningRateDecay)
  const [within, beside] = epsilonPlacement === 'keras' ? [epsilon, 0] : [0, epsilon]
  const sum = pooledLike(gradient)
  const delta = pooledLike(gradient)
  for (let index = 0; index < delta.length; index++) {
    const g = gradient[index]
    sum[index] = (before ? before[index] : initialAccumulator) + g * g
    delta[index] = quotient(-rate * g, Math.sqrt(sum[index] + within) + beside)
  }
  return { delta, moments: { sum } }
}
