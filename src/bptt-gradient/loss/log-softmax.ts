/** Cross-entropy of one readout. */
import { argMax } from '../../tensor/arg-max'
import type { Floats } from '../../tensor/tensor'

/**
 * ℓ = -Σ_k q_k log softmax(o)_k, ∂ℓ/∂o_k = softmax(o)_k Σ_{j≠k} q_j - q_k Σ_{j≠k} softmax(o)_j, which is
 * softmax(o)_k Σ q - q_k without taking two nearly equal numbers from each other. The largest logit is taken off
 * before the exponential, and log1p keeps what the others add to its 1.
 *
 * @param logits o [O]
 * @param shares q [O], from 0; they need not add up to 1
 * @param der ∂ℓ/∂o [O], filled here
 * @returns ℓ
 */
export function readoutCrossEntropy(logits: Floats, shares: Float64Array, der: Float64Array): number {
  const highest = argMax(logits)
  let others = 0
  let total = 0
  for (let k = 0; k < logits.length; k++) {
    der[k] = k === highest ? 1 : Math.exp(logits[k] - logits[highest])
    if (k !== highest) others += der[k]
    total += shares[k]
  }
  const logOfSum = Math.log1p(others)
  let loss = 0
  for (let k = 0; k < logits.length; k++) {
    // a share of 0 adds nothing, even to a logit that is infinitely below the highest
    if (shares[k] !== 0) loss += shares[k] * (logOfSum + (logits[highest] - logits[k]))
    const softmax = der[k] / (1 + others)
    const rest = k === highest ? others / (1 + others) : 1 - softmax
    der[k] = softmax * (total - shares[k]) - shares[k] * rest
  }
  return loss
}
