/** The dialog of bptt-gradient as options of the library; its detector's part is in detector-options. */
import type { NodeDef } from 'node-red'
import {
  type BpttOptions,
  type LossName,
  type LossOptions,
  lossNames,
  numberIn,
  oneOf,
  type RegularizerOptions,
  reductions,
} from '../../src'
import { listField, numberField, wordField } from '../common/fields'
import type { DetectorConfig } from './detector-options'

export interface BpttGradientConfig extends NodeDef, DetectorConfig {
  loss?: string
  reduction?: string
  delta?: string
  classWeights?: string
  ignoreIndex?: string
  positiveWeights?: string
  k1?: string
  k2?: string
  regularizerCoefficient?: string
  regularizerForm?: string
  factors?: boolean
  credit?: boolean
  creditCap?: string
  spectrum?: boolean
}

/** The loss, or auto, and the options of that loss only: what a hidden field holds does not matter. */
export function readLossOptions(config: BpttGradientConfig): {
  loss: LossName | 'auto'
  options: LossOptions
} {
  const loss = oneOf('loss', wordField(config.loss, 'auto'), ['auto', ...lossNames])
  return {
    loss,
    options: {
      reduction: oneOf('reduction', wordField(config.reduction, 'mean'), reductions),
      ...(loss === 'huber' && { delta: numberField('delta', config.delta) }),
      ...(loss === 'cross-entropy' && {
        classWeights: numbersField('class weights', config.classWeights),
        ignoreIndex: numberField('ignored class', config.ignoreIndex),
      }),
      ...(loss === 'binary-cross-entropy' && {
        positiveWeights: numbersField('positive weights', config.positiveWeights),
      }),
    },
  }
}

/** How the sum is taken, and what of it is handed over. */
export function readGradientOptions(config: BpttGradientConfig): BpttOptions {
  const omega = regularizerOptions(config)
  return {
    k1: numberField('k1', config.k1),
    k2: numberField('k2', config.k2),
    factors: config.factors ?? false,
    ...(config.credit && { credit: { cap: numberField('cap', config.creditCap) } }),
    ...(omega && { regularizer: omega }),
  }
}

/** A coefficient that is blank or 0 leaves Ω out. */
function regularizerOptions(config: BpttGradientConfig): RegularizerOptions | undefined {
  const given = numberField('coefficient of Ω', config.regularizerCoefficient) ?? 0
  const coefficient = numberIn('coefficient of Ω', given, { min: 0 })
  if (coefficient === 0) return undefined
  return {
    coefficient,
    form: oneOf('form of Ω', wordField(config.regularizerForm, 'ratio'), ['ratio', 'squared']),
  }
}

/** Numbers separated by commas; undefined if the field was left blank. */
function numbersField(name: string, value: unknown): number[] | undefined {
  const numbers = listField(value).map((entry) => numberField(name, entry) as number)
  return numbers.length > 0 ? numbers : undefined
}
