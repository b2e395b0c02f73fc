/** Adagrad (Duchi, Hazan & Singer 2011). torch.optim.Adagrad. */
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
  const sum = gradient.map((g, index) => (before ? before[index] : initialAccumulator) + g * g)
  const rate = learningRate / (1 + (step - 1) * learningRateDecay)
  const root = (s: number) => (epsilonPlacement === 'keras' ? Math.sqrt(s + epsilon) : Math.sqrt(s) + epsilon)
  const delta = gradient.map((g, index) => quotient(-rate * g, root(sum[index])))
  return { delta, moments: { sum } }
}
