/** Adam (Kingma & Ba 2015), and with its options AMSGrad and AdamW. torch.optim.Adam, torch.optim.AdamW. */
import { pooledLike } from '../tensor/pooled'
import type { Floats } from '../tensor/tensor'
import { movingAverage, movingSquare, quotient } from './average'
import type { EpsilonPlacement, RuleInput, RuleStep } from './rule'

export interface AdamSettings {
  /** β₁, decay of the mean of the gradient */
  readonly beta1: number
  /** β₂, decay of the mean of its square */
  readonly beta2: number
  /** ε */
  readonly epsilon: number
  readonly epsilonPlacement: EpsilonPlacement
  /** divide by the largest mean square so far */
  readonly amsgrad: boolean
}

/**
 * m ← β₁ m + (1-β₁) g, v ← β₂ v + (1-β₂) g², Δ = -η m̂ / (√v̂ + ε)
 * with m̂ = m / (1-β₁ᵏ) and √v̂ = √v / √(1-β₂ᵏ).
 *
 * With decoupled weight decay it is AdamW (Loshchilov & Hutter 2019).
 *
 * AMSGrad (Reddi, Kale & Kumar 2018) has max(v so far) in the place of v; PyTorch and Keras both take the
 * maximum before the correction of the bias.
 *
 * Keras adds ε before that correction, where Kingma & Ba write ε̂ (end of section 2):
 * Δ = -η √(1-β₂ᵏ) / (1-β₁ᵏ) · m / (√v + ε). That is ε / √(1-β₂ᵏ) in PyTorch's place.
 */
export function adam(
  { gradient, moments, learningRate, step }: RuleInput,
  { beta1, beta2, epsilon, epsilonPlacement, amsgrad }: AdamSettings,
): RuleStep {
  const mean = movingAverage(moments?.mean, gradient, beta1)
  const square = movingSquare(moments?.square, gradient, beta2)
  const maxSquare = amsgrad ? largerOf(square, moments?.maxSquare) : undefined
  const divisor = maxSquare ?? square
  const stepSize = learningRate / (1 - beta1 ** step)
  const root = Math.sqrt(1 - beta2 ** step)
  const added = epsilonPlacement === 'keras' ? epsilon / root : epsilon
  const delta = pooledLike(gradient)
  for (let index = 0; index < delta.length; index++)
    delta[index] = quotient(-stepSize * mean[index], Math.sqrt(divisor[index]) / root + added)
  return { delta, moments: { mean, square, ...(maxSquare && { maxSquare }) } }
}

function largerOf(values: Floats, before: Floats | undefined): Floats {
  const larger = pooledLike(values)
  for (let index = 0; index < larger.length; index++)
    larger[index] = Math.max(values[index], before ? before[index] : 0)
  return larger
}
