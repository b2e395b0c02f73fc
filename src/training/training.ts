/**
 * The loop of the six rooms for one batch size and length: forward, backward, clip, update. What is usual (mean squared
 * error, a limit on the global norm, Adam or SGD) stays in one WebAssembly memory from step to step; anything else goes
 * through the functions of the rooms, with the same result.
 */
import {
  type BpttOptions,
  bpttGradient,
  bpttGradientAsync,
  type Gradient,
} from '../bptt-gradient/bptt-gradient'
import { type ClipperOptions, gradientClipper } from '../clip-gradient/clip-gradient'
import { ExpectedError } from '../expected'
import { type OptimizerOptions, type OptimizerState, optimizer } from '../optimizer/optimizer'
import type { Cell } from '../rnn-cell/cell'
import { applyUpdate } from '../rnn-cell/update'
import { type UnrollOptions, unroll, unrollAsync } from '../unroll/unroll'
import { type Resident, resident } from './resident'

export interface TrainingOptions {
  unroll?: Omit<UnrollOptions, 'initialState' | 'inputScale'>
  bptt?: Omit<BpttOptions, 'terms' | 'factors' | 'credit'>
  /** default: global-norm, 1 */
  clip?: ClipperOptions
  optimizer?: OptimizerOptions
}

export interface TrainingStep {
  /** L, before the update */
  readonly loss: number
  /** of the gradient, before it was clipped */
  readonly norm: number
  /** updates so far */
  readonly step: number
  /** nothing was added, because the gradient is not finite */
  readonly skipped: boolean
}

export interface Training {
  /**
   * One training step. What is wrong with inputs or targets changes nothing.
   *
   * @param inputs see `unroll`
   * @param targets see `bpttGradient`
   */
  step(inputs: unknown, targets: unknown): TrainingStep
  /**
   * The same without holding the event loop up: a large step is taken by worker threads. One step at a time.
   *
   * @param signal ends a step that is under way, as if it had not begun: the promise rejects with its reason
   */
  stepAsync(inputs: unknown, targets: unknown, signal?: AbortSignal): Promise<TrainingStep>
  /** the cell as it is now */
  cell(): Cell
  /** of the optimizer: what `training(cell, options, state)` goes on from */
  state(): OptimizerState
  /** gives the memory back; a later step takes it again */
  close(): void
}

/** @throws ExpectedError for an option that is wrong */
export function training(cell: Cell, options: TrainingOptions = {}, state?: OptimizerState): Training {
  let current = cell
  let rules = optimizer(options.optimizer, state)
  const clipper = gradientClipper(options.clip)
  /** the memory that holds parameters and moments, which are then those that count */
  let memory: Resident | undefined
  let isUnderWay = false
  /** to be closed once the step under way has ended */
  let isClosing = false

  const leave = () => {
    if (!memory) return
    current = memory.cell()
    rules = optimizer(options.optimizer, memory.state())
    memory.close()
    memory = undefined
  }

  /** The memory for inputs and targets of these shapes, if it can be used for them. */
  const memoryFor = (inputs: unknown, targets: unknown): Resident | undefined => {
    if (isUnderWay) throw new ExpectedError('the end of the step that is under way', 'another step')
    if (memory && !memory.takes(inputs, targets)) leave()
    memory ??= resident(current, options, rules.state(), inputs, targets)
    return memory
  }
  const unrollOptions = (targets: unknown): UnrollOptions => ({ ...options.unroll, targets })
  const bpttOptions: BpttOptions = { ...options.bptt, terms: 'none' }
  const outside = (inputs: unknown, targets: unknown): TrainingStep => {
    leave()
    const unrolled = unroll(current, inputs, unrollOptions(targets))
    return add(bpttGradient(unrolled, targets, bpttOptions))
  }
  /** What takes no time is done at once. */
  const outsideAsync = async (inputs: unknown, targets: unknown, signal?: AbortSignal) => {
    leave()
    const unrolling = unrollAsync(current, inputs, unrollOptions(targets), signal)
    const unrolled = unrolling instanceof Promise ? await unrolling : unrolling
    const gradient = bpttGradientAsync(unrolled, targets, bpttOptions, signal)
    return add(gradient instanceof Promise ? await gradient : gradient)
  }
  const add = (gradient: Gradient): TrainingStep => {
    const clipped = clipper.clip(gradient, { parameters: current.parameters })
    const update = rules.update(clipped, current)
    const { step, skipped } = update
    current = applyUpdate(current, update)
    return { loss: gradient.loss, norm: gradient.norm, step, skipped }
  }

  return {
    step: (inputs, targets) => memoryFor(inputs, targets)?.step(inputs, targets) ?? outside(inputs, targets),
    async stepAsync(inputs, targets, signal) {
      const own = memoryFor(inputs, targets)
      isUnderWay = true
      try {
        const taken = own?.isLarge()
          ? await own.stepAsync(inputs, targets, signal)
          : own?.step(inputs, targets)
        return taken ?? (await outsideAsync(inputs, targets, signal))
      } finally {
        isUnderWay = false
        if (isClosing) leave()
        isClosing = false
      }
    },
    cell: () => memory?.cell() ?? current,
    state: () => memory?.state() ?? rules.state(),
    close() {
      if (isUnderWay) isClosing = true
      else leave()
    },
  }
}
