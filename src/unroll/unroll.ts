/** Forward through time: a cell applied along sequences, keeping what backpropagation will need. */
import type { Cell } from '../rnn-cell/cell'
import { entry } from '../tensor/axes'
import { type Tensor, tensor } from '../tensor/tensor'
import { type Computed, forwardBySteps } from './by-steps'
import { sideBySide } from './forward'
import { readoutMask, zeroPastEnd } from './past-end'
import { prepare, type Run, type UnrollOptions } from './prepare'
import type { Runner } from './programs'
import { readStep } from './readable'
import { squash, squashes } from './readout'
import { loaded, type ProgramInput, type Taken, takeOut } from './run-program'
import { forwardAside, type Stepped } from './unroll-aside'
import type { Unrolled } from './unrolled'
import { isLarge, runHere, runInWorkers, type Task, type Work } from './work'

export { type KernelName, kernelNames, type UnrollOptions } from './prepare'
export type { Fed, Strand, Unrolled } from './unrolled'

/**
 * Unrolls a cell over inputs: by WebAssembly, except where the steps must be taken one by one, with checkpoints and
 * where what was said is fed back.
 *
 * @param inputs [B, T, D]; [T, D] for one sequence; [T] for one sequence of single numbers; where a topology takes in
 *   once also [D], or [B, D] of several sequences
 * @throws ExpectedError naming sequence and step of an input that does not fit, or what else does not
 */
export function unroll(cell: Cell, inputs: unknown, options: UnrollOptions = {}): Unrolled {
  return unrollRun(prepare(cell, inputs, options))
}

/** What was read and checked before. */
export function unrollRun(run: Run): Unrolled {
  if (!run.extent) return unrolledOf(run, forwardBySteps(run))
  const input = inputOf(run)
  const runner = loaded(input, run.extent)
  runHere(runner, wayForward)
  return unrolledOf(run, readTaken(run, takeOut(runner, input)))
}

/**
 * The same without holding the event loop up: large work is done on worker threads, and a promise of its result comes
 * back; small work is done at once.
 *
 * @param signal ends work that is under way: the promise rejects with its reason
 */
export function unrollAsync(
  cell: Cell,
  inputs: unknown,
  options: UnrollOptions = {},
  signal?: AbortSignal,
): Unrolled | Promise<Unrolled> {
  const run = prepare(cell, inputs, options)
  if (!run.extent) return unrollAside(run, options, signal)
  const { extent } = run
  const input = inputOf(run)
  const begin = (): Work => ({ runner: loaded(input, extent), tasks: wayForward })
  const finish = (runner: Runner) => unrolledOf(run, readTaken(run, takeOut(runner, input)))
  const work = begin()
  if (isLarge(work.runner, wayForward)) return runInWorkers(work, begin, signal, finish)
  runHere(work.runner, wayForward)
  return finish(work.runner)
}

function unrollAside(run: Run, options: UnrollOptions, signal?: AbortSignal): Unrolled | Promise<Unrolled> {
  const finish = ({ computed, fed }: Stepped) =>
    unrolledOf({ ...run, ...(run.feeding && fed && { feeding: { ...run.feeding, fed } }) }, computed)
  const stepped = forwardAside(run, options, signal)
  return stepped instanceof Promise ? stepped.then(finish) : finish(stepped)
}

const wayForward: readonly Task[] = [{ action: 'forward', terms: 'none' }]

const inputOf = (run: Run): ProgramInput => ({
  ...run,
  ...(run.feeding && { fed: run.feeding.fed.inputs }),
})

/** The outputs of what a program has left. */
function readTaken(run: Run, { strands, logits: taken }: Taken): Computed {
  const { cell, plan } = run
  const logits = taken ?? readStates(run, strands)
  const outputs = squashes(cell) ? tensor(cell.precision, logits.shape) : logits
  if (squashes(cell)) squash(cell, logits.data, outputs.data)
  if (run.present)
    plan.readouts.forEach((_, readout) => {
      for (const { data } of [logits, outputs]) zeroPastEnd(run, entry({ ...logits, data }, readout), readout)
    })
  return { strands, logits, outputs }
}

/** Without a readout the states themselves are what is said. */
function readStates({ cell, topology, plan, batch }: Run, strands: Computed['strands']): Tensor {
  const top = strands.filter(({ layer }) => layer === cell.layers)
  const logits = tensor(cell.precision, [plan.readouts.length, batch, cell.sizes.outputSize])
  plan.readouts.forEach((t, readout) => {
    const states = top.map(({ reverse, hidden }) => {
      const step = readStep(topology, reverse, t)
      return entry(hidden, reverse ? step - 1 : step)
    })
    entry(logits, readout).set(states.length === 1 ? states[0] : sideBySide(states, batch))
  })
  return logits
}

function unrolledOf(run: Run, { strands, logits, outputs }: Computed): Unrolled {
  const { cell, topology, batched, batch, plan, inputs, feeding, present, every } = run
  const mask = readoutMask(run)
  return {
    cell,
    topology,
    batched,
    steps: plan.steps,
    batch,
    inputSteps: plan.inputSteps,
    inputs,
    ...(feeding && { fed: feeding.fed }),
    ...(present && { present }),
    zeroPastEnd: run.zeroPastEnd,
    strands,
    ...(every && { checkpointEvery: every }),
    hidden: strands[cell.bidirectional ? strands.length - 2 : strands.length - 1].hidden,
    readouts: plan.readouts,
    ...(mask && { readoutMask: mask }),
    logits,
    outputs,
  }
}
