/** A source of batches: a task, an order, a budget, and a position that can be written down. */
import { numberIn } from '../expected'
import { checkSize, wholeWithin } from '../limits'
import { random } from '../random/random'
import { wholeIn } from './checks'
import { type SourceOptions, type TaskName, taskOptions } from './options'
import { makeTask } from './registry'
import { type Examples, numbersOf, type Task } from './task'

export { type SourceOptions, type TaskName, taskNames } from './options'

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
 * @throws ExpectedError for an option out of its range, data that cannot be read, or too large a batch
 */
export function sequenceSource(options: SourceOptions, state?: SourceState): SequenceSource {
  const batchSize = wholeWithin('batch', options.batch ?? 32, 1, 'maxBatch')
  const seed = numberIn('seed', options.seed ?? 1, { integer: true })
  const task = makeTask(options, seed)
  checkBatch(task, batchSize)
  const shuffle = taskOptions[options.task].includes('shuffle') && (options.shuffle ?? true)
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

function checkBatch(task: Task, batchSize: number): void {
  const most = Math.min(batchSize, Math.max(task.trainCount, task.validationCount))
  checkSize('maxElements', most * numbersOf(task), 'numbers in a batch')
}

function budget({ epochs, steps }: SourceOptions, epochSteps: number): number | undefined {
  const limits = [
    ...(steps === undefined ? [] : [wholeIn('steps', steps, 1, Number.MAX_SAFE_INTEGER)]),
    ...(epochs === undefined ? [] : [wholeIn('epochs', epochs, 1, Number.MAX_SAFE_INTEGER) * epochSteps]),
  ]
  return limits.length === 0 ? undefined : Math.min(...limits)
}
