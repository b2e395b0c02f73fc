/** What every loss takes and gives: outputs held against targets, a value, and beside it its derivative. */
import type { Tensor } from '../../tensor/tensor'

export const reductions = ['mean', 'sum'] as const
export type Reduction = (typeof reductions)[number]

export interface LossInput {
  /** o [L, B, O], before any output activation (logits) for a loss that `readsLogits` */
  readonly outputs: Tensor
  /** [L, B, O] values or probabilities, [L, B, 1] class indices */
  readonly targets: Tensor
  /** [L * B], 1 where a readout counts, 0 where it is padding; undefined: all count */
  readonly mask?: Uint8Array
}

/** Which loss uses which: see `lossOptions`. */
export interface LossOptions {
  /** default mean: over what counts, by the weights of the classes if there are any */
  reduction?: Reduction
  /** the error from which on huber grows with a straight line, above 0; default 1 */
  delta?: number
  /** O numbers, from 0: what a class weighs; default 1 */
  classWeights?: readonly number[]
  /** the class index that does not count, which need not be a class; default -100 */
  ignoreIndex?: number
  /** O numbers or one for all, from 0: what a target of 1 weighs, where one of 0 weighs 1; default 1 */
  positiveWeights?: readonly number[]
}

export interface LossResult {
  /** L */
  readonly loss: number
  /** ∂L/∂o, same layout as the outputs, [L, B, O]; exactly 0 where nothing counts */
  readonly der: Float64Array
  /** how much counted: numbers of the output, or readouts for cross-entropy */
  readonly count: number
  /** what the mean divides by: the count, or the weights of the class indices that counted */
  readonly weight: number
}

export type Comparison = (input: LossInput, options: LossOptions) => LossResult
