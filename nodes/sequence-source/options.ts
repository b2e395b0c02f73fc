/** The dialog of sequence-source as options of the library. */
import type { NodeDef } from 'node-red'
import { type commonOptions, oneOf, type SourceOptions, taskNames, taskOptions } from '../../src'
import { listField, numberField, wordField } from '../common/fields'

type NumberOption =
  | 'length'
  | 'horizon'
  | 'stride'
  | 'symbols'
  | 'remember'
  | 'delay'
  | 'components'
  | 'tau'
  | 'noise'
  | 'epochSize'
  | 'batch'
  | 'seed'
  | 'validationSplit'
type TextOption = 'targetKind' | 'targetsPer' | 'scaling' | 'encoding' | 'groupColumn' | 'text'
type Fields = { [Field in NumberOption | TextOption | 'columns' | 'targetColumns']?: string }

export interface SequenceSourceConfig extends NodeDef, Fields {
  task?: string
  from?: string
  file?: string
  fileType?: string
  shuffle?: boolean
  budget?: string
  budgetUnit?: string
  store?: string
}

/** Where the data of a task come from, the usual place first. */
const places = { dataset: ['file', 'payload'], text: ['typed', 'file', 'payload'] } as const
export type DataPlace = (typeof places)['text'][number]

/** What the dialog says of a task, its data aside. */
type TaskOption = Exclude<keyof SourceOptions, 'data' | (typeof commonOptions)[number]>
type Readers = { readonly [Option in TaskOption]: (config: SequenceSourceConfig) => SourceOptions[Option] }

const number = (option: NumberOption) => (config: SequenceSourceConfig) => numberField(option, config[option])
/** Blank is the library's default; what is no word of it, the library refuses. */
const text =
  <Option extends TextOption>(option: Option) =>
  (config: SequenceSourceConfig) =>
    (config[option] || undefined) as SourceOptions[Option]

const readers: Readers = {
  columns: ({ columns }) => listField(columns),
  targetColumns: ({ targetColumns }) => listField(targetColumns),
  targetKind: text('targetKind'),
  targetsPer: text('targetsPer'),
  groupColumn: ({ groupColumn }) => groupColumn?.trim() || undefined,
  length: number('length'),
  horizon: number('horizon'),
  stride: number('stride'),
  scaling: text('scaling'),
  shuffle: ({ shuffle }) => shuffle,
  noise: number('noise'),
  symbols: number('symbols'),
  remember: number('remember'),
  delay: number('delay'),
  components: number('components'),
  tau: number('tau'),
  epochSize: number('epochSize'),
  text: text('text'),
  encoding: text('encoding'),
}

/**
 * Only the fields of the chosen task are read: what a hidden one holds does not matter.
 *
 * @returns the options, all but the data that a file or a message holds; and where these are, if the task reads data
 */
export function sourceOptions(config: SequenceSourceConfig): { options: SourceOptions; from?: DataPlace } {
  const task = oneOf('task', wordField(config.task, 'dataset'), taskNames)
  const unit = oneOf('budget unit', wordField(config.budgetUnit, 'steps'), ['steps', 'epochs'])
  const from =
    task === 'dataset' || task === 'text'
      ? oneOf<DataPlace>('from', (config.from as DataPlace) || places[task][0], places[task])
      : undefined
  const hidden = [
    'data',
    ...(from === 'typed' ? [] : ['text']),
    ...(task === 'dataset' && readers.groupColumn(config) ? ['length', 'stride'] : []),
  ]
  const own = taskOptions[task].filter((option): option is TaskOption => !hidden.includes(option))
  const options: SourceOptions = {
    ...Object.fromEntries(own.map((option) => [option, readers[option](config)])),
    task,
    batch: number('batch')(config),
    seed: number('seed')(config),
    validationSplit: number('validationSplit')(config),
    [unit]: numberField('budget', config.budget),
  }
  return { options, ...(from && { from }) }
}
