/** What a source of sequences is underneath, whether it reads a data set or makes its sequences up. */
import type { Random } from '../random/random'
import type { Tensor } from '../tensor/tensor'
import type { Scale } from './scaling'

export type TargetKind = 'value' | 'class'
/** Whether there is one target a sequence (for many-to-one) or one a step (for many-to-many). */
export type TargetsPer = 'sequence' | 'step'

export interface Examples {
  /** x [B, T, D] */
  readonly inputs: Tensor
  /** values [B, O] or [B, T, O]; classes [B] or [B, T] */
  readonly targets: Tensor
}

export interface Task {
  /** T */
  readonly length: number
  /** D */
  readonly inputSize: number
  /** O: values of a target, or number of classes */
  readonly outputSize: number
  readonly targetKind: TargetKind
  readonly targetsPer: TargetsPer
  /** sequences to learn from in an epoch */
  readonly trainCount: number
  /** sequences held out */
  readonly validationCount: number
  readonly scale?: Scale
  /** root mean squared error of the forecast "it stays as it is" on what is held out, in the units of the data */
  readonly naive?: number
  /** examples by their number, 0 … trainCount-1; a generated task draws new ones */
  train(indices: readonly number[], random: Random): Examples
  /** examples by their number, 0 … validationCount-1: the same each time */
  validation(indices: readonly number[]): Examples
}
