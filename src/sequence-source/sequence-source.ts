/** A source of batches: a task, an order, a budget, and a position that can be written down. */
import { ExpectedError, numberIn, oneOf } from '../expected'
import { random } from '../random/random'
import { datasetTask } from './dataset'
import { type Generator, generatedTask } from './generated'
import type { Readings } from './readings'
import type { Examples, TargetKind, TargetsPer, Task } from './task'
import { adding } from './tasks/adding'
import { copyMemory } from './tasks/copy-memory'
import { sine } from './tasks/sine'
import { temporalOrder } from './tasks/temporal-order'

export const taskNames = ['dataset', 'sine', 'adding', 'temporal-order', 'copy-memory'] as const
export type TaskName = (typeof taskNames)[number]

export interface SourceOptions {
  task: TaskName
  /** T: readings in a window, steps of a generated sequence; for copy-memory the delay. Default 20. */
  length?: number
  /** B, sequences in a batch; default 32 */
  batch?: number
  /** default 1 */
  seed?: number
  /** share held out for validation: of a data set the last readings, of a generated task that many more
   *  sequences; default 0.2 */
  validationSplit?: number
  /** budget: stop after this many passes over the data; default none */
  epochs?: number
  /** budget: stop after this many batches; default none */
  steps?: number
  /** dataset, sine: one target a sequence or one a step; default sequence */
  targetsPer?: TargetsPer

  /** dataset: the readings */
  data?: Readings
  /** dataset: columns the network sees; default: all that hold numbers */
  columns?: readonly string[]
  /** dataset: columns it should say; default: the same */
  targetColumns?: readonly string[]
  /** dataset: default value */
  targetKind?: TargetKind
  /** dataset: how many readings ahead the target lies; default 1 */
  horizon?: number
  /** dataset: readings between the starts of two windows; default 1 */
  stride?: number
  /** dataset: another order each epoch; default true */
  shuffle?: boolean
  /** dataset: default z-score */
  scaling?: 'z-score' | 'none'

  /** generated tasks: sequences in an epoch; default 3200 */
  epochSize?: number
  /** sine: standard deviation of the noise on the inputs; default 0.1 */
  noise?: number
  /** copy-memory: symbols to remember; default 10 */
  remember?: number
}

export interface Batch extends Examples {
  readonly phase: 'train' | 'validate'
  /** from 1 */
  readonly epoch: number
  /** training batches served so far, this one included */
  readonly step: number
}

export interface SourceState {
  readonly epoch: number
  readonly step: number
  /** sequences of this epoch already served */
  readonly served: number
  /** the generator as it was when this epoch began, and as it is now */
  readonly epochRandom: readonly number[]
  readonly random: readonly number[]
}

export interface SequenceSource extends Iterable<Batch> {
  readonly name: TaskName
  /** the next training batch; done when the budget is spent */
  next(): IteratorResult<Batch, undefined>
  /** whether an epoch or the budget has just ended, so that this is the moment to validate */
  validationDue(): boolean
  /** everything that is held out, batch by batch */
  validation(): Iterable<Batch>
  state(): SourceState
  readonly task: Omit<Task, 'train' | 'validation'>
  /** batches in an epoch */
  readonly epochSteps: number
  /** batches in what is held out */
  readonly validationSteps: number
  /** batches in the whole budget; undefined if there is none */
  readonly totalSteps: number | undefined
}

/**
 * @param state of an earlier source with the same options, to go on from there bit for bit
 * @throws ExpectedError for an option out of its range, or data that cannot be read
 */
export function sequenceSource(options: SourceOptions, state?: SourceState): SequenceSource {
  const batchSize = whole('batch', options.batch ?? 32, 1, 65536)
  const seed = numberIn('seed', options.seed ?? 1, { integer: true })
  const task = makeTask(options, seed)
  const shuffle = options.task === 'dataset' && (options.shuffle ?? true)
  const epochSteps = Math.ceil(task.trainCount / batchSize)
  const totalSteps = budget(options, epochSteps)

  let generator = random(state?.epochRandom ?? seed)
  let epochRandom = generator.state()
  let order = shuffle ? generator.permutation(task.trainCount) : undefined
  if (state) generator = random(state.random)
  let epoch = state?.epoch ?? 1
  let step = state?.step ?? 0
  let served = state?.served ?? 0

  const beginEpoch = () => {
    epoch += 1
    served = 0
    epochRandom = generator.state()
    order = shuffle ? generator.permutation(task.trainCount) : undefined
  }

  const next = (): IteratorResult<Batch, undefined> => {
    if (totalSteps !== undefined && step >= totalSteps) return { done: true, value: undefined }
    if (served >= task.trainCount) beginEpoch()
    const count = Math.min(batchSize, task.trainCount - served)
    const indices = Array.from({ length: count }, (_, index) => order?.[served + index] ?? served + index)
    const examples = task.train(indices, generator)
    served += count
    step += 1
    return { done: false, value: { ...examples, phase: 'train', epoch, step } }
  }

  return {
    name: options.task,
    next,
    [Symbol.iterator]: () => ({ next }),
    validationDue: () =>
      step > 0 && task.validationCount > 0 && (served >= task.trainCount || step === totalSteps),
    *validation() {
      for (let start = 0; start < task.validationCount; start += batchSize) {
        const count = Math.min(batchSize, task.validationCount - start)
        const examples = task.validation(Array.from({ length: count }, (_, index) => start + index))
        yield { ...examples, phase: 'validate', epoch, step }
      }
    },
    state: () => ({ epoch, step, served, epochRandom, random: generator.state() }),
    task,
    epochSteps,
    validationSteps: Math.ceil(task.validationCount / batchSize),
    totalSteps,
  }
}

const whole = (name: string, value: number, min: number, max = 10_000_000) =>
  numberIn(name, value, { min, max, integer: true })

function budget({ epochs, steps }: SourceOptions, epochSteps: number): number | undefined {
  const limits = [
    ...(steps === undefined ? [] : [whole('steps', steps, 1, Number.MAX_SAFE_INTEGER)]),
    ...(epochs === undefined ? [] : [whole('epochs', epochs, 1, Number.MAX_SAFE_INTEGER) * epochSteps]),
  ]
  return limits.length === 0 ? undefined : Math.min(...limits)
}

function makeTask(options: SourceOptions, seed: number): Task {
  const name = oneOf('task', options.task, taskNames)
  const length = whole(
    'length',
    options.length ?? 20,
    name === 'copy-memory' || name === 'dataset' ? 1 : 2,
    100_000,
  )
  const targetsPer = oneOf('targetsPer', options.targetsPer ?? 'sequence', ['sequence', 'step'])
  const validationSplit = numberIn('validationSplit', options.validationSplit ?? 0.2, { min: 0, max: 0.9 })
  if (name === 'dataset') {
    if (options.data === undefined) throw new ExpectedError('data for the task dataset', 'none')
    return datasetTask({
      data: options.data,
      columns: options.columns ?? [],
      targetColumns: options.targetColumns ?? [],
      targetKind: oneOf('targetKind', options.targetKind ?? 'value', ['value', 'class']),
      targetsPer,
      length,
      horizon: whole('horizon', options.horizon ?? 1, 0),
      stride: whole('stride', options.stride ?? 1, 1),
      validationSplit,
      scaling: oneOf('scaling', options.scaling ?? 'z-score', ['z-score', 'none']),
    })
  }
  const epochSize = whole('epochSize', options.epochSize ?? 3200, 1)
  const generators: Record<Exclude<TaskName, 'dataset'>, () => Generator> = {
    sine: () => sine(length, numberIn('noise', options.noise ?? 0.1, { min: 0 }), targetsPer),
    adding: () => adding(length),
    'temporal-order': () => temporalOrder(length),
    'copy-memory': () => copyMemory(whole('remember', options.remember ?? 10, 1, 1000), length),
  }
  return generatedTask(generators[name](), epochSize, Math.round(epochSize * validationSplit), seed)
}
