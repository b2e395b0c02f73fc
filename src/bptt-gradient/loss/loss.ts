/** What a loss is here: a value, and beside it its derivative by the outputs. */
import type { Tensor } from '../../tensor/tensor'
import { crossEntropy } from './cross-entropy'
import { meanSquaredError } from './mean-squared-error'

export interface LossResult {
  /** L, the mean over everything compared */
  readonly loss: number
  /** ∂L/∂o, same layout as the outputs, [L, B, O] */
  readonly der: Float64Array
}

export interface Loss {
  /** whether a target is a class index instead of O values */
  readonly targetKind: 'value' | 'class'
  /**
   * @param outputs o [L, B, O]
   * @param targets [L, B, O] for values, [L, B, 1] for classes
   */
  readonly compare: (outputs: Tensor, targets: Tensor) => LossResult
}

export const losses = {
  mse: { targetKind: 'value', compare: meanSquaredError },
  'cross-entropy': { targetKind: 'class', compare: crossEntropy },
} satisfies Record<string, Loss>

export type LossName = keyof typeof losses
export const lossNames = Object.keys(losses) as LossName[]
