/** Forward through time: a cell applied along sequences, keeping what backpropagation will need. */
import { describe, ExpectedError, numberIn, oneOf } from '../expected'
import type { Cell } from '../rnn-cell/cell'
import type { LinearScale } from '../sequence-source/scaling'
import { entry, swapFirstAxes } from '../tensor/axes'
import { isTensor, nestedShape } from '../tensor/nested'
import { type Floats, type Tensor, tensor } from '../tensor/tensor'
import { checkpointSteps, emptyCheckpoints, keepLast } from './checkpoint'
import { type Feeding, type FeedingOptions, feeding } from './feeding'
import { absentRows, type Forward, forwardStep } from './forward'
import { readInputs, withoutPadding } from './inputs'
import { type Network, networkOf } from './network'
import { type PresenceOptions, presence } from './presence'
import { readableState } from './readable'
import { readLogits, squash, squashes } from './readout'
import { emptySegment, type Segment } from './segment'
import { type InitialState, initialState } from './state'
import { isFed, type Plan, planOf, readsOnce, type Topology, topologyNames } from './topology'
import type { Strand, Unrolled } from './unrolled'

export type { Fed, Strand, Unrolled } from './unrolled'

export interface UnrollOptions extends FeedingOptions, PresenceOptions {
  /** default many-to-one */
  topology?: Topology
  /** one-to-many: all steps; encoder-decoder: the decoder's. Default: as many as `targets` has, or as there are inputs. */
  steps?: number
  /** many-to-many: the times at which the state is read, rising, from 1; default all */
  readouts?: readonly number[]
  /** h_0, or of an LSTM { h, c }: as `lastState` hands it out, or [H] for all sequences; default zeros */
  initialState?: unknown
  /** outputs past the end of a sequence: zero (PyTorch's pad_packed_sequence), or read off the state that is held;
   *  default zero */
  pastEnd?: 'zero' | 'hold'
  /** keep only every k-th state, and take the steps in between again on the way back: k, or true for √T; default
   *  false */
  checkpoint?: boolean | number
  /** inputs are in the units of the data, and are to be scaled by this first; default: they are what the cell sees */
  inputScale?: LinearScale
}

const mostSteps = 10_000_000

/**
 * Unrolls a cell over inputs.
 *
 * @param inputs [B, T, D]; [T, D] for one sequence; [T] for one sequence of single numbers; where a topology takes in
 *   once also [D], or [B, D] of several sequences
 * @throws ExpectedError naming sequence and step of an input that does not fit, or what else does not
 */
export function unroll(cell: Cell, inputs: unknown, options: UnrollOptions = {}): Unrolled {
  const topology = oneOf('topology', options.topology ?? 'many-to-one', topologyNames)
  if (cell.bidirectional && isFed(topology))
    throw new ExpectedError(`a cell of one direction for ${topology}`, 'a bidirectional one')
  const { batched, sequences } = readInputs(inputs, cell, topology, options.inputScale)
  const [batch, inputLength] = sequences.shape
  const plan = readPlan(topology, inputLength, batched, options)
  const present = presence(options, topology, plan, batch)
  const pastEnd = oneOf('pastEnd', options.pastEnd ?? 'zero', ['zero', 'hold'])
  const start = initialState(cell, batch, options.initialState)
  const fed = feeding(cell, topology, plan, batch, options)
  const every = checkpointSteps(options.checkpoint, plan.steps, cell)

  const swapped = swapFirstAxes(sequences)
  const timeMajor = present ? withoutPadding(swapped, present) : swapped
  const network = networkOf(cell, topology, plan.inputSteps)
  const run: Run = {
    cell,
    topology,
    plan,
    network,
    batch,
    ...(present && { present }),
    zeroPastEnd: pastEnd === 'zero',
    fed,
    input: (t) =>
      t <= plan.inputSteps
        ? entry(timeMajor, t - 1)
        : entry(fed?.fed.inputs as Tensor, t - plan.inputSteps - 1),
    ...emptyReadouts(cell, plan, batch),
  }
  const strands = cell.bidirectional ? runLayers(run, start) : runSteps(run, start, every)
  return {
    cell,
    topology,
    batched,
    steps: plan.steps,
    batch,
    inputSteps: plan.inputSteps,
    inputs: timeMajor,
    ...(fed && { fed: fed.fed }),
    ...(present && { present }),
    zeroPastEnd: run.zeroPastEnd,
    strands,
    ...(every && { checkpointEvery: every }),
    hidden: strands[network.top[0]].hidden,
    readouts: plan.readouts,
    ...readoutMask(present, plan, topology, batch),
    logits: run.logits,
    outputs: run.outputs,
  }
}

function readPlan(
  topology: Topology,
  inputLength: number,
  batched: boolean,
  { steps, targets, readouts }: UnrollOptions,
): Plan {
  if (steps !== undefined && !isFed(topology))
    throw new ExpectedError('steps for one-to-many or encoder-decoder', `them for ${topology}`)
  const plan = planOf(topology, inputLength, isFed(topology) ? fedSteps() : inputLength)
  if (readouts === undefined) return plan
  if (topology !== 'many-to-many')
    throw new ExpectedError('readouts for many-to-many', `them for ${topology}`)
  const isList = Array.isArray(readouts) && readouts.length > 0
  const rises =
    isList &&
    readouts.every((t, index) => Number.isInteger(t) && t > (readouts[index - 1] ?? 0) && t <= plan.steps)
  if (!rises)
    throw new ExpectedError(
      `readouts rising from 1 to ${plan.steps}`,
      isList ? readouts.join(', ') : describe(readouts),
    )
  return { ...plan, readouts: [...readouts] }

  function fedSteps(): number {
    const shape = isTensor(targets) ? targets.shape : nestedShape(targets)
    const given = steps ?? shape[batched ? 1 : 0] ?? inputLength
    return numberIn('steps', given, { min: 1, max: mostSteps, integer: true })
  }
}

interface Run extends Forward {
  readonly cell: Cell
  readonly topology: Topology
  readonly plan: Plan
  readonly network: Network
  readonly zeroPastEnd: boolean
  readonly fed: Feeding | undefined
  readonly logits: Tensor
  readonly outputs: Tensor
}

function emptyReadouts(cell: Cell, { readouts }: Plan, batch: number): { logits: Tensor; outputs: Tensor } {
  const shape = [readouts.length, batch, cell.sizes.outputSize]
  const logits = tensor(cell.precision, shape)
  return { logits, outputs: squashes(cell) ? tensor(cell.precision, shape) : logits }
}

/** Step by step, all layers at each. With checkpoints one stretch of states is used again and again. */
function runSteps(run: Run, start: InitialState, every: number | undefined): readonly Strand[] {
  const { cell, network, plan, batch, fed } = run
  const kept = every ? emptyCheckpoints(cell, network, plan.steps, every, batch) : undefined
  const length = every ?? plan.steps
  let segment = emptySegment(cell, network, 0, Math.min(length, plan.steps), batch)
  setStart(segment, start, run)
  if (kept && every) keepLast(kept, segment, every, 0)
  let readout = 0
  for (let t = 1; t <= plan.steps; t++) {
    if (t > plan.inputSteps) fed?.feed(t, readout > 0 ? entry(run.outputs, readout - 1) : undefined)
    for (let strand = 0; strand < network.lanes.length; strand++) forwardStep(run, segment, strand, t)
    if (plan.readouts[readout] === t) readAt(run, segment, readout++)
    if (!kept || !every || (t % every !== 0 && t !== plan.steps)) continue
    keepLast(kept, segment, every, t)
    segment = { ...segment, from: t }
    for (const { hidden, cellState } of segment.strands)
      for (const states of cellState ? [hidden, cellState] : [hidden])
        entry(states, 0).set(entry(states, states.shape[0] - 1))
  }
  return kept ?? asStrands(network, segment)
}

/** Layer by layer, since a layer needs the one below in both directions. */
function runLayers(run: Run, start: InitialState): readonly Strand[] {
  const { cell, network, plan, batch } = run
  const segment = emptySegment(cell, network, 0, plan.steps, batch)
  setStart(segment, start, run)
  network.lanes.forEach(({ reverse }, strand) => {
    for (let step = 1; step <= plan.steps; step++)
      forwardStep(run, segment, strand, reverse ? plan.steps + 1 - step : step)
  })
  plan.readouts.forEach((_, readout) => {
    readAt(run, segment, readout)
  })
  return asStrands(network, segment)
}

const asStrands = ({ lanes }: Network, { strands }: Segment): Strand[] =>
  strands.map((strand, index) => ({ layer: lanes[index].layer, reverse: lanes[index].reverse, ...strand }))

function setStart({ strands }: Segment, start: InitialState, { network, plan }: Run): void {
  strands.forEach(({ hidden, cellState }, strand) => {
    const first = network.lanes[strand].reverse ? plan.steps : 0
    entry(hidden, first).set(entry(start.hidden, strand))
    if (cellState && start.cellState) entry(cellState, first).set(entry(start.cellState, strand))
  })
}

/** Reads the state at a readout; past the end of a sequence zeros, if it is to be so. */
function readAt(run: Run, segment: Segment, readout: number): void {
  const { cell, network, topology, plan, batch, present, zeroPastEnd } = run
  const t = plan.readouts[readout]
  const logits = entry(run.logits, readout)
  const outputs = entry(run.outputs, readout)
  readLogits(cell, readableState(network, segment, topology, t, batch), logits, batch)
  if (squashes(cell)) squash(cell, logits, outputs)
  if (!present || !zeroPastEnd || readsOnce(topology)) return
  for (const row of absentRows(present, t, batch))
    for (const values of [logits, outputs]) zeroRow(values, row, batch)
}

function zeroRow(values: Floats, row: number, batch: number): void {
  const size = values.length / batch
  values.fill(0, row * size, (row + 1) * size)
}

/** Past its end a sequence is not judged; one that is read once is judged by the state it ended in. */
function readoutMask(
  present: Uint8Array | undefined,
  { readouts }: Plan,
  topology: Topology,
  batch: number,
): { readoutMask?: Uint8Array } {
  if (!present || readsOnce(topology)) return {}
  const mask = new Uint8Array(readouts.length * batch)
  readouts.forEach((t, readout) => {
    mask.set(present.subarray((t - 1) * batch, t * batch), readout * batch)
  })
  return mask.includes(0) ? { readoutMask: mask } : {}
}
