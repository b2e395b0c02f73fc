import type { Comparison } from './comparison'
import { pointwise } from './pointwise'

/** ℓ = (o - y)², ∂ℓ/∂o = 2 (o - y). As torch.nn.MSELoss. */
export const meanSquaredError: Comparison = (input, { reduction }) =>
  pointwise(
    input,
    reduction,
    (output, target) => (output - target) ** 2,
    (output, target) => 2 * (output - target),
  )
