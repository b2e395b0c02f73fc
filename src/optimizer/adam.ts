import type { RuleInput, RuleStep } from './rule'

export interface AdamOptions {
  /** β₁, decay of the mean of the gradient */
  readonly beta1: number
  /** β₂, decay of the mean of its square */
  readonly beta2: number
  /** ε, added outside of the root */
  readonly epsilon: number
}

/**
 * Adam (Kingma & Ba 2015) as torch.optim.Adam writes it: m ← β₁ m + (1-β₁) g, v ← β₂ v + (1-β₂) g²,
 * Δ = -η m̂ / (√v̂ + ε) with m̂ = m / (1-β₁ᵏ) and √v̂ = √v / √(1-β₂ᵏ).
 */
export function adam(
  { gradient, moments, learningRate, step }: RuleInput,
  { beta1, beta2, epsilon }: AdamOptions,
): RuleStep {
  const before = moments ?? { mean: gradient.map(() => 0), square: gradient.map(() => 0) }
  const mean = gradient.map((g, index) => beta1 * before.mean[index] + (1 - beta1) * g)
  const square = gradient.map((g, index) => beta2 * before.square[index] + (1 - beta2) * g * g)
  const stepSize = learningRate / (1 - beta1 ** step)
  const root = Math.sqrt(1 - beta2 ** step)
  // with ε = 0 and no gradient so far this is 0/0: there is nothing to do
  const delta = mean.map((m, index) =>
    m === 0 ? 0 : (-stepSize * m) / (Math.sqrt(square[index]) / root + epsilon),
  )
  return { delta, moments: { mean, square } }
}
