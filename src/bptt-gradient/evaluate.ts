/** How good a network is on sequences it does not learn from. */
import { ExpectedError, oneOf } from '../expected'
import type { LinearScale } from '../sequence-source/scaling'
import { argMax } from '../tensor/arg-max'
import type { Unrolled } from '../unroll/unroll'
import { type LossName, losses, lossNames } from './loss/loss'
import { readTargets } from './targets'

export interface Evaluation {
  readonly loss: number
  /** how many outputs (values) or readouts (classes) were compared: the weight in `combineEvaluations` */
  readonly count: number
  /** values: root of the mean squared error, in the units of the data if a scale is given */
  readonly rmse?: number
  /** classes: the share for which the largest output is the right one */
  readonly accuracy?: number
}

export interface EvaluateOptions {
  /** default mse */
  loss?: LossName
  /** of the targets */
  scale?: LinearScale
}

/** @throws ExpectedError if the targets do not fit */
export function evaluate(unrolled: Unrolled, targets: unknown, options: EvaluateOptions = {}): Evaluation {
  const { targetKind, compare } = losses[oneOf('loss', options.loss ?? 'mse', lossNames)]
  const { outputs } = unrolled
  const read = readTargets(targets, unrolled, targetKind)
  const { loss } = compare(outputs, read)
  const size = outputs.shape[2]
  const count = read.data.length
  if (targetKind === 'class') {
    let right = 0
    for (let row = 0; row < count; row++) {
      const logits = outputs.data.subarray(row * size, (row + 1) * size)
      if (argMax(logits) === read.data[row]) right++
    }
    return { loss, count, accuracy: right / count }
  }
  let sum = 0
  for (let index = 0; index < count; index++)
    sum += ((outputs.data[index] - read.data[index]) * (options.scale?.std[index % size] ?? 1)) ** 2
  return { loss, count, rmse: Math.sqrt(sum / count) }
}

/** The evaluation of several batches as if they had been one. */
export function combineEvaluations(parts: readonly Evaluation[]): Evaluation {
  if (parts.length === 0) throw new ExpectedError('at least one evaluation', 'none')
  const count = parts.reduce((sum, part) => sum + part.count, 0)
  const mean = (value: (part: Evaluation) => number) =>
    parts.reduce((sum, part) => sum + value(part) * part.count, 0) / count
  return {
    loss: mean((part) => part.loss),
    count,
    ...(parts[0].rmse !== undefined && { rmse: Math.sqrt(mean((part) => (part.rmse ?? 0) ** 2)) }),
    ...(parts[0].accuracy !== undefined && { accuracy: mean((part) => part.accuracy ?? 0) }),
  }
}
