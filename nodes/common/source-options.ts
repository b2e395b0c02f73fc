/** The dialog of sequence-source as options of the library. */
import type { NodeDef } from 'node-red'
import { oneOf, type SourceOptions, taskNames } from '../../src'
import { listField, numberField, wordField } from './fields'

export interface SequenceSourceConfig extends NodeDef {
  task?: string
  from?: string
  file?: string
  fileType?: string
  columns?: string
  targetColumns?: string
  targetKind?: string
  targetsPer?: string
  length?: string
  horizon?: string
  stride?: string
  scaling?: string
  shuffle?: boolean
  noise?: string
  remember?: string
  epochSize?: string
  batch?: string
  seed?: string
  validationSplit?: string
  budget?: string
  budgetUnit?: string
}

/** Only the fields of the chosen task are read: what a hidden one holds does not matter. */
export function sourceOptions(config: SequenceSourceConfig): SourceOptions {
  const task = oneOf('task', wordField(config.task, 'dataset'), taskNames)
  const unit = oneOf('budget unit', wordField(config.budgetUnit, 'steps'), ['steps', 'epochs'])
  const targetsPer = wordField(config.targetsPer, 'sequence') as SourceOptions['targetsPer']
  const common: SourceOptions = {
    task,
    length: numberField('length', config.length),
    batch: numberField('batch', config.batch),
    seed: numberField('seed', config.seed),
    validationSplit: numberField('validation split', config.validationSplit),
    [unit]: numberField('budget', config.budget),
  }
  if (task === 'dataset')
    return {
      ...common,
      columns: listField(config.columns),
      targetColumns: listField(config.targetColumns),
      targetKind: wordField(config.targetKind, 'value') as SourceOptions['targetKind'],
      targetsPer,
      horizon: numberField('horizon', config.horizon),
      stride: numberField('stride', config.stride),
      shuffle: config.shuffle ?? true,
      scaling: wordField(config.scaling, 'z-score') as SourceOptions['scaling'],
    }
  return {
    ...common,
    epochSize: numberField('epoch size', config.epochSize),
    ...(task === 'sine' && { targetsPer, noise: numberField('noise', config.noise) }),
    ...(task === 'copy-memory' && { remember: numberField('remember', config.remember) }),
  }
}
