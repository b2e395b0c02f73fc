/** What a source of sequences is underneath, whether it reads a data set or makes its sequences up. */
import type { Random } from '../random/random'
import type { Tensor } from '../tensor/tensor'
import type { ClassLabel } from './classes'
import type { Scale } from './scaling'

export type TargetKind = 'value' | 'class'
/** Whether there is one target a sequence (for many-to-one) or one a step (for the other topologies). */
export type TargetsPer = 'sequence' | 'step'

export interface Examples {
  /** x [B, T, D]; a sequence shorter than the longest of its batch is filled up with zeros at the end */
  readonly inputs: Tensor
  /** values [B, O] or [B, L, O]; classes [B] or [B, L]; filled up as the inputs are. L is T, or the task's
   *  targetLength */
  readonly targets: Tensor
  /** B numbers: steps of each sequence, and of its targets if there is one a step. Missing if all have T
   *  steps */
  readonly lengths?: readonly number[]
  /** [B, L], 1 where the target counts and 0 where it does not. Missing if all within their lengths count */
  readonly targetMask?: Tensor
}

export interface Task {
  /** T; of sequences of different lengths, the most there can be in a batch */
  readonly length: number
  /** L, where a sequence has another number of targets than of inputs */
  readonly targetLength?: number
  /** sequences differ in length, so that batches have `lengths` */
  readonly variableLength?: boolean
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
  /** of series: what the columns of inputs and targets are called */
  readonly inputNames?: readonly string[]
  readonly targetNames?: readonly string[]
  readonly scale?: Scale
  /** no input and no target is beyond what float32 holds; missing if that is not known beforehand */
  readonly withinFloat32?: boolean
  /** dataset with classes: what class 0, 1, … is called in the data */
  readonly classes?: readonly ClassLabel[]
  /** text: character 0, 1, … of inputs and classes */
  readonly vocabulary?: readonly string[]
  /** root mean squared error of the forecast "it stays as it is" on what is held out, in the units of the
   *  data */
  readonly naive?: number
  /** examples by their number, 0 … trainCount-1; a generated task draws new ones */
  train(indices: readonly number[], random: Random): Examples
  /** examples by their number, 0 … validationCount-1: the same each time */
  validation(indices: readonly number[]): Examples
}

type Sizes = Pick<Task, 'length' | 'targetLength' | 'inputSize' | 'outputSize' | 'targetKind' | 'targetsPer'>

/** How many numbers the inputs and targets of one sequence are. */
export function numbersOf(task: Sizes): number {
  const { length, targetLength = length, inputSize, outputSize, targetKind, targetsPer } = task
  const targets = targetsPer === 'step' ? targetLength : 1
  return length * inputSize + targets * (targetKind === 'class' ? 1 : outputSize)
}
