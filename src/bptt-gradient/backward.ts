/** Backward through time, over all strands of a network: from ∂L/∂o to every step's part in the gradient. */
import type { Tape } from '../unroll/tape'
import type { Unrolled } from '../unroll/unrolled'
import { backThroughLayers } from './back-through-layers'
import { backThroughSteps } from './back-through-steps'
import type { Norms, Visitor } from './pass'
import type { Window } from './windows'

/**
 * @param logitGradient ∂L/∂(V s_t + c) [L, B, O]
 * @param windows which losses go back how far; for a bidirectional cell one window over all steps
 */
export function backward(
  unrolled: Unrolled,
  tape: Tape,
  logitGradient: Float64Array,
  windows: readonly Window[],
  visitor: Visitor,
): { readonly forward: Norms; readonly reverse?: Norms } {
  const pass = { unrolled, tape, logitGradient, visitor }
  if (unrolled.cell.bidirectional) return backThroughLayers(pass, windows[0])
  return { forward: backThroughSteps(pass, windows) }
}
