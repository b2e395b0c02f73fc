/** What a pass back over all strands of a network works on, and what it leaves. */
import type { Tape } from '../unroll/tape'
import type { Unrolled } from '../unroll/unrolled'
import type { StrandStep } from './chain'
import type { Scaled } from './scaled'

export interface Visitor {
  /** step t of a strand; arrays are used again */
  strand(t: number, step: StrandStep): void
  /** ∂L/∂(V s_t + c) [B, O] at a readout, counted from 0 */
  readout(index: number, gradient: Scaled): void
}

export interface Pass {
  readonly unrolled: Unrolled
  readonly tape: Tape
  /** ∂L/∂(V s_t + c) [L, B, O] */
  readonly logitGradient: Float64Array
  readonly visitor: Visitor
}

/** ∂L/∂(V s_t + c) [B, O] of one readout. */
export function lossAt({ unrolled, logitGradient }: Pass, readout: number): Float64Array {
  const size = unrolled.batch * unrolled.outputs.shape[2]
  return logitGradient.subarray(readout * size, (readout + 1) * size)
}

/** Logarithms, entry 0 being step 1. */
export interface Norms {
  /** log ‖∂L/∂s_t‖, s being the hidden (and cell) state */
  readonly gradient: number[]
  /** log ‖(∂s_t/∂s_{t-1})ᵀ ∂L/∂s_t‖; in the reverse direction (∂s_t/∂s_{t+1})ᵀ */
  readonly carried: number[]
}

export const emptyNorms = (steps: number): Norms => ({
  gradient: new Array<number>(steps).fill(Number.NEGATIVE_INFINITY),
  carried: new Array<number>(steps).fill(Number.NEGATIVE_INFINITY),
})
