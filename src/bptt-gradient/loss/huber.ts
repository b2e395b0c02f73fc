import { numberIn } from '../../expected'
import type { Comparison } from './comparison'
import { pointwise } from './pointwise'

/**
 * ℓ = (o - y)² / 2 up to |o - y| = δ, δ (|o - y| - δ/2) from there; ∂ℓ/∂o = o - y, limited to ±δ.
 * As torch.nn.HuberLoss (Huber 1964).
 *
 * @throws ExpectedError for a delta that is not above 0
 */
export const huber: Comparison = (input, { reduction, delta: given = 1 }) => {
  const delta = numberIn('delta', given, { min: 0, above: true })
  return pointwise(
    input,
    reduction,
    (output, target) => {
      const error = Math.abs(output - target)
      return error <= delta ? error ** 2 / 2 : delta * (error - delta / 2)
    },
    (output, target) => Math.max(-delta, Math.min(delta, output - target)),
  )
}
