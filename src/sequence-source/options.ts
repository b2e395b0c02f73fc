/** What a source can be asked for. Each task checks its own options and carries their defaults. */
import type { Readings } from './readings'
import type { TargetKind, TargetsPer } from './task'

export const taskNames = [
  'dataset',
  'sine',
  'adding',
  'temporal-order',
  'copy-memory',
  'parity',
  'delayed-echo',
  'embedded-reber',
  'sine-mixture',
  'mackey-glass',
  'lorenz',
  'narma10',
  'text',
  'reverse',
  'waveform',
] as const
export type TaskName = (typeof taskNames)[number]

export interface SourceOptions {
  task: TaskName
  /** B, sequences in a batch; default 32 */
  batch?: number
  /** default 1 */
  seed?: number
  /** share held out for validation: of data the last readings, groups or characters, of a generated task that
   *  many more sequences; default 0.2 */
  validationSplit?: number
  /** budget: stop after this many passes over the data; default none */
  epochs?: number
  /** budget: stop after this many batches; default none */
  steps?: number

  /**
   * T: readings in a window, steps of a generated sequence; default 20. copy-memory: the delay.
   * embedded-reber: the most steps, default 50. reverse: default 8. waveform: steps of the target. Not for a
   * data set with groups.
   */
  length?: number
  /** dataset, sine, parity, sine-mixture, mackey-glass, lorenz, narma10: one target a sequence or one a step;
   *  default sequence */
  targetsPer?: TargetsPer
  /** dataset, sine-mixture, mackey-glass, lorenz: how many steps ahead the target lies; default 1, but 0 for
   *  the target columns of groups */
  horizon?: number
  /** dataset, mackey-glass, lorenz, text: steps between the starts of two windows; default 1, of text
   *  `length` */
  stride?: number
  /** dataset, mackey-glass, lorenz, text: another order each epoch; of a data set with groups, also which of
   *  them are held out; default true */
  shuffle?: boolean
  /** dataset, mackey-glass, lorenz: default z-score */
  scaling?: 'z-score' | 'none'

  /** dataset: the readings. text: the text, if `text` is not given */
  data?: Readings
  /** dataset: columns the network sees; default: all that hold numbers, with groups all but those of group
   *  and target */
  columns?: readonly string[]
  /** dataset: columns it should say; default: the same */
  targetColumns?: readonly string[]
  /** dataset: default value */
  targetKind?: TargetKind
  /** dataset: one sequence for each value of this column; default: windows over all readings */
  groupColumn?: string

  /** every task but dataset and text: sequences in an epoch; default 3200 */
  epochSize?: number
  /** sine: standard deviation of the noise on the inputs; default 0.1 */
  noise?: number
  /** temporal-order: symbols that matter, 2 to 4, default 2. reverse: different symbols, default 10 */
  symbols?: number
  /** copy-memory: symbols to remember; default 10 */
  remember?: number
  /** delayed-echo: steps after which an input is asked for; default 5 */
  delay?: number
  /** sine-mixture: sines in a sum; default 3 */
  components?: number
  /** mackey-glass: delay of the equation in units of time, which are steps; default 17 */
  tau?: number
  /** text: the text */
  text?: string
  /** text: a character as a one-hot row, or as one number, its place in the vocabulary; default one-hot */
  encoding?: 'one-hot' | 'index'
}

/** Options that every task uses. */
export const commonOptions = ['task', 'batch', 'seed', 'validationSplit', 'epochs', 'steps'] as const

/** Options that a task uses beyond the common ones. */
export const taskOptions: Readonly<Record<TaskName, readonly (keyof SourceOptions)[]>> = {
  dataset: [
    'data',
    'columns',
    'targetColumns',
    'targetKind',
    'targetsPer',
    'groupColumn',
    'length',
    'horizon',
    'stride',
    'scaling',
    'shuffle',
  ],
  sine: ['length', 'noise', 'targetsPer', 'epochSize'],
  adding: ['length', 'epochSize'],
  'temporal-order': ['length', 'symbols', 'epochSize'],
  'copy-memory': ['length', 'remember', 'epochSize'],
  parity: ['length', 'targetsPer', 'epochSize'],
  'delayed-echo': ['length', 'delay', 'epochSize'],
  'embedded-reber': ['length', 'epochSize'],
  'sine-mixture': ['length', 'components', 'horizon', 'targetsPer', 'epochSize'],
  'mackey-glass': ['length', 'tau', 'horizon', 'stride', 'targetsPer', 'scaling', 'shuffle', 'epochSize'],
  lorenz: ['length', 'horizon', 'stride', 'targetsPer', 'scaling', 'shuffle', 'epochSize'],
  narma10: ['length', 'targetsPer', 'epochSize'],
  text: ['text', 'data', 'length', 'stride', 'encoding', 'shuffle'],
  reverse: ['length', 'symbols', 'epochSize'],
  waveform: ['length', 'epochSize'],
}
