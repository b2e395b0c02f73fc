import type { Comparison } from './comparison'
import { pointwise } from './pointwise'

/** ℓ = |o - y|, ∂ℓ/∂o = sign(o - y), which is 0 at o = y. As torch.nn.L1Loss. */
export const meanAbsoluteError: Comparison = (input, { reduction }) =>
  pointwise(
    input,
    reduction,
    (output, target) => Math.abs(output - target),
    (output, target) => Math.sign(output - target),
  )
