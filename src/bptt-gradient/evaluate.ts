/** How good a network is on sequences it does not learn from. */
import { ExpectedError, oneOf } from '../expected'
import type { LinearScale } from '../sequence-source/scaling'
import type { Unrolled } from '../unroll/unroll'
import { rightClasses, rightSides, squaredErrors } from './loss/figures'
import { type LossInput, type LossName, type LossOptions, losses, lossNames } from './loss/loss'
import { combineMasks, readMask, readTargets } from './targets'

export interface Evaluation {
  readonly loss: number
  /** how much was compared, without what is masked or ignored: numbers of the output, or readouts for cross-entropy */
  readonly count: number
  /** what the mean loss was divided by, where that is not the count: the weights of the classes */
  readonly weight?: number
  /** there if the loss is a sum */
  readonly reduction?: 'sum'
  /** values: root of the mean squared error, in the units of the data if a scale is given */
  readonly rmse?: number
  /** cross-entropy: the share for which the largest output is the right one; binary: that is on the right side of a half */
  readonly accuracy?: number
}

export interface EvaluateOptions extends LossOptions {
  /** default mse */
  loss?: LossName
  /** of the targets, entries by output */
  scale?: LinearScale
  /** which readouts count, see `readMask`; default: all that are not padding */
  mask?: unknown
}

/**
 * The loss, and beside it rmse or accuracy, which are missing where nothing counts.
 *
 * @throws ExpectedError if targets, mask, scale or options do not fit, or for the mean loss of nothing that counts
 */
export function evaluate(unrolled: Unrolled, targets: unknown, options: EvaluateOptions = {}): Evaluation {
  const name = oneOf('loss', options.loss ?? 'mse', lossNames)
  const { targetKind, readsLogits, compare } = losses[name]
  const input = {
    outputs: readsLogits ? unrolled.logits : unrolled.outputs,
    targets: readTargets(targets, unrolled, targetKind).targets,
    mask: combineMasks(readMask(options.mask, unrolled), unrolled.readoutMask),
  }
  const { loss, count, weight } = compare(input, options)
  return {
    ...asCompared(loss, count, weight, options.reduction === 'sum'),
    ...(count > 0 && figureOf(name, input, count, options)),
  }
}

function figureOf(
  name: LossName,
  input: LossInput,
  count: number,
  options: EvaluateOptions,
): Pick<Evaluation, 'rmse' | 'accuracy'> {
  if (name === 'cross-entropy') return { accuracy: rightClasses(input, options) / count }
  if (name === 'binary-cross-entropy') return { accuracy: rightSides(input) / count }
  return { rmse: Math.sqrt(squaredErrors(input, options.scale) / count) }
}

/**
 * The evaluation of several batches as if they had been one.
 *
 * @throws ExpectedError for none, or for sums among means
 */
export function combineEvaluations(parts: readonly Evaluation[]): Evaluation {
  if (parts.length === 0) throw new ExpectedError('at least one evaluation', 'none')
  const isSum = parts[0].reduction === 'sum'
  if (parts.some(({ reduction }) => (reduction === 'sum') !== isSum))
    throw new ExpectedError('evaluations of one reduction', 'some that are sums and some that are means')

  const total = (of: (part: Evaluation) => number) => parts.reduce((sum, part) => sum + of(part), 0)
  const weightOf = ({ weight, count }: Evaluation) => weight ?? count
  const count = total((part) => part.count)
  const weight = total(weightOf)
  const loss = isSum ? total((part) => part.loss) : total((part) => part.loss * weightOf(part)) / weight
  const squared = total((part) => (part.rmse ?? 0) ** 2 * part.count)
  // a share of a whole number is a whole number again
  const right = total((part) => Math.round((part.accuracy ?? 0) * part.count))
  return {
    ...asCompared(loss, count, weight, isSum),
    ...(parts.some(({ rmse }) => rmse !== undefined) && { rmse: Math.sqrt(squared / count) }),
    ...(parts.some(({ accuracy }) => accuracy !== undefined) && { accuracy: right / count }),
  }
}

const asCompared = (loss: number, count: number, weight: number, isSum: boolean): Evaluation => ({
  loss,
  count,
  ...(isSum ? { reduction: 'sum' as const } : weight !== count && { weight }),
})
