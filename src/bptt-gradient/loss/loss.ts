/** The losses by name. */
import { ExpectedError } from '../../expected'
import { binaryCrossEntropy } from './binary-cross-entropy'
import type { Comparison, LossInput, LossOptions, LossResult } from './comparison'
import { crossEntropy } from './cross-entropy'
import { huber } from './huber'
import { meanAbsoluteError } from './mean-absolute-error'
import { meanSquaredError } from './mean-squared-error'

export type { LossInput, LossOptions, LossResult, Reduction } from './comparison'

/** The options each loss uses. */
export const lossOptions = {
  mse: ['reduction'],
  mae: ['reduction'],
  huber: ['reduction', 'delta'],
  'cross-entropy': ['reduction', 'classWeights', 'ignoreIndex'],
  'binary-cross-entropy': ['reduction', 'positiveWeights'],
} as const satisfies Record<string, readonly (keyof LossOptions)[]>

export type LossName = keyof typeof lossOptions
export const lossNames = Object.keys(lossOptions) as LossName[]

export interface Loss {
  /** what `readTargets` is to read: O values, or a class, by its index or by O probabilities */
  readonly targetKind: 'value' | 'class'
  /** whether it is a loss of logits, the outputs before a softmax or sigmoid */
  readonly readsLogits: boolean
  /** @throws ExpectedError for an option that this loss does not use, or targets that do not fit */
  readonly compare: (input: LossInput, options?: LossOptions) => LossResult
}

const allOptions = new Set(Object.values(lossOptions).flat())

const checked =
  (name: LossName, compare: Comparison): Loss['compare'] =>
  (input, options = {}) => {
    const own: readonly string[] = lossOptions[name]
    for (const option of allOptions)
      if (options[option] !== undefined && !own.includes(option))
        throw new ExpectedError(`${name} with no options but ${own.join(', ')}`, option)
    return compare(input, options)
  }

const ofValues = { targetKind: 'value', readsLogits: false } as const

export const losses: Readonly<Record<LossName, Loss>> = {
  mse: { ...ofValues, compare: checked('mse', meanSquaredError) },
  mae: { ...ofValues, compare: checked('mae', meanAbsoluteError) },
  huber: { ...ofValues, compare: checked('huber', huber) },
  'cross-entropy': {
    targetKind: 'class',
    readsLogits: true,
    compare: checked('cross-entropy', crossEntropy),
  },
  'binary-cross-entropy': {
    targetKind: 'value',
    readsLogits: true,
    compare: checked('binary-cross-entropy', binaryCrossEntropy),
  },
}
