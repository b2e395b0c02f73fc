/** A training loop whose parameters, gradient and moments stay in the memory of one program. */

import { bestKernel } from '../kernel/best-kernel'
import { giveMemory, takeMemory } from '../kernel/memories'
import { program, programBytes } from '../kernel/program/program'
import { checkSize } from '../limits'
import { belongsTo } from '../optimizer/memory'
import type { OptimizerState } from '../optimizer/optimizer'
import type { Cell } from '../rnn-cell/cell'
import { mapParameters } from '../rnn-cell/parameters'
import { isTensor } from '../tensor/nested'
import { type Floats, sameShape, type Tensor, tensor } from '../tensor/tensor'
import { programPlan } from '../unroll/compile'
import { checkMemory } from '../unroll/memory'
import { planOf, readsOnce } from '../unroll/topology'
import { isLarge, runHere, runTasks, type Task } from '../unroll/work'
import { residentRules } from './resident-rules'
import type { TrainingOptions, TrainingStep } from './training'

export interface Resident {
  /** whether inputs and targets have the shapes it was made for */
  takes(inputs: unknown, targets: unknown): boolean
  /** undefined, and nothing changed, if the numbers left the range in which this is right */
  step(inputs: unknown, targets: unknown): TrainingStep | undefined
  stepAsync(inputs: unknown, targets: unknown, signal?: AbortSignal): Promise<TrainingStep | undefined>
  /** whether a step would hold the event loop up for too long */
  isLarge(): boolean
  cell(): Cell
  state(): OptimizerState
  close(): void
}

const wayForward: readonly Task[] = [{ action: 'forward', terms: 'none' }]
const wayBack: readonly Task[] = [
  { action: 'backward', terms: 'none' },
  { action: 'gradients', terms: 'none' },
]

/** Undefined if something was asked for that is not usual: options, a mask, targets that have to be read first. */
export function resident(
  cell: Cell,
  options: TrainingOptions,
  state: OptimizerState,
  inputs: unknown,
  targets: unknown,
): Resident | undefined {
  const rules = residentRules(cell, options)
  const isFitting = !state.accumulated && belongsTo(state, cell.parameters)
  if (!rules || !isFitting) return undefined
  if (!isTensor(inputs) || !isTensor(targets) || inputs.shape.length !== 3 || inputs.shape.includes(0))
    return undefined
  const [batch, steps, inputSize] = inputs.shape
  const { topology } = rules
  checkSize('maxBatch', batch, 'sequences')
  checkSize('maxSteps', steps, 'steps')
  const { inputSteps, readouts } = planOf(topology, steps, steps)
  const { outputSize } = cell.sizes
  const target = readsOnce(topology) ? [batch, outputSize] : [batch, readouts.length, outputSize]
  const fits = (given: unknown, shape: readonly number[]): given is Tensor =>
    isTensor(given) && sameShape(given.shape, shape)
  const takes = (x: unknown, y: unknown) => fits(x, [batch, steps, inputSize]) && fits(y, target)
  if (!takes(inputs, targets) || inputSize !== cell.sizes.inputSize || steps !== inputSteps) return undefined
  checkMemory(cell, { inputSteps, steps, readouts }, batch)
  const plan = programPlan(cell, { topology, batch, steps, inputSteps, readouts, masked: false })

  const bytes = programBytes(plan).backward
  const own = room(bytes, cell, readouts.length * batch * outputSize)
  const memory = takeMemory(own.end)
  memory.reserve(own.end)
  const kernel = bestKernel(memory.memory, plan.dtype)
  const run = program(plan, memory.memory, kernel)
  const { layout } = run
  const machine = { program: run, memory }
  const count = layout.parameterCount
  const at = (block: number, name: string) =>
    run.floats(block + layout.parameters[name] - layout.parameterBlock, cell.parameters[name].data.length)
  const moment = (name: string, which: 'first' | 'second') => at(own[which], name)
  const names = Object.keys(cell.parameters)
  for (const name of names) {
    at(layout.parameterBlock, name).set(cell.parameters[name].data)
    rules.moments.forEach((key, index) => {
      const kept = state.moments[name]?.[key]
      if (kept) moment(name, index === 0 ? 'first' : 'second').set(kept)
    })
  }
  const x = run.floats(layout.inputs[0], inputs.data.length)
  const y = run.floats(own.targets, targets.data.length)
  let made = state.step

  const { first, second } = own
  const { parameterBlock, gradientBlock } = layout
  const blocks = { parameterBlock, gradientBlock, first, second, count }
  const load = (inputs: Tensor, targets: Tensor) => {
    toTimeMajor(inputs.data, x, batch, steps)
    toTimeMajor(targets.data, y, batch, readouts.length)
  }
  const lossOf = () =>
    kernel.meanSquaredError(layout.logits, own.targets, layout.logitGradient, y.length, 1 / y.length)
  const update = (loss: number): TrainingStep | undefined => {
    const norm = Math.sqrt(kernel.squaredNorm(layout.gradientBlock, count))
    if (!Number.isFinite(loss) || !Number.isFinite(norm) || !rules.isSafe(made + 1, norm)) return undefined
    made += 1
    rules.update(kernel, blocks, made, norm)
    return { loss, norm, step: made, skipped: false }
  }

  return {
    takes,
    step(inputs, targets) {
      load(inputs as Tensor, targets as Tensor)
      runHere(machine, wayForward)
      const loss = lossOf()
      return runHere(machine, wayBack) ? update(loss) : undefined
    },
    async stepAsync(inputs, targets, signal) {
      load(inputs as Tensor, targets as Tensor)
      await runTasks(machine, wayForward, signal)
      const loss = lossOf()
      return (await runTasks(machine, wayBack, signal)) ? update(loss) : undefined
    },
    isLarge: () => isLarge(machine, [...wayForward, ...wayBack]),
    cell: () => ({
      ...cell,
      parameters: mapParameters(cell.parameters, ({ shape, dtype }, name) =>
        tensor(dtype, shape, at(layout.parameterBlock, name).slice()),
      ),
    }),
    state: () => ({
      ...state,
      step: made,
      moments:
        made === 0
          ? state.moments
          : Object.fromEntries(
              names.map((name) => [
                name,
                Object.fromEntries(
                  rules.moments.map((key, index) => [
                    key,
                    moment(name, index === 0 ? 'first' : 'second').slice(),
                  ]),
                ),
              ]),
            ),
    }),
    close: () => giveMemory(memory),
  }
}

/** Behind the program: the targets, and two moments of the parameters, in blocks like theirs. */
function room(from: number, { precision, parameters }: Cell, targetCount: number) {
  const width = precision === 'float32' ? 4 : 8
  const block = Object.values(parameters).reduce(
    (sum, { data }) => sum + Math.ceil((data.length * width) / 64) * 64,
    0,
  )
  const targets = Math.ceil(from / 64) * 64
  const first = targets + Math.ceil((targetCount * width) / 64) * 64
  return { targets, first, second: first + block, end: first + 2 * block }
}

/** [B, T, …] into [T, B, …] */
function toTimeMajor(from: Floats, to: Floats, batch: number, steps: number): void {
  if (batch === 1 || steps === 1) {
    to.set(from)
    return
  }
  const size = from.length / batch / steps
  for (let row = 0; row < batch; row++)
    for (let step = 0; step < steps; step++) {
      const start = (row * steps + step) * size
      const begin = (step * batch + row) * size
      for (let index = 0; index < size; index++) to[begin + index] = from[start + index]
    }
}
