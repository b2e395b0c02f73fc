/** Forward step by step, in plain TypeScript: what defines a network, and what can do everything. */
import type { Cell } from '../rnn-cell/cell'
import { entry } from '../tensor/axes'
import { type Tensor, tensor } from '../tensor/tensor'
import { emptyCheckpoints, keepLast } from './checkpoint'
import { type Forward, forwardStep } from './forward'
import { type Network, networkOf } from './network'
import { zeroPastEnd } from './past-end'
import type { Run } from './prepare'
import { readableState } from './readable'
import { readLogits, squash, squashes } from './readout'
import { emptySegment, type Segment } from './segment'
import type { Plan } from './topology'
import type { Strand } from './unrolled'

interface Steps extends Forward, Omit<Run, 'present'> {
  readonly network: Network
  readonly logits: Tensor
  readonly outputs: Tensor
}

export interface Computed {
  readonly strands: readonly Strand[]
  readonly logits: Tensor
  readonly outputs: Tensor
}

export function forwardBySteps(run: Run): Computed {
  const { cell, topology, plan, batch, inputs, feeding } = run
  const steps: Steps = {
    ...run,
    network: networkOf(cell, topology, plan.inputSteps),
    input: (t) =>
      t <= plan.inputSteps
        ? entry(inputs, t - 1)
        : entry(feeding?.fed.inputs as Tensor, t - plan.inputSteps - 1),
    ...emptyReadouts(cell, plan, batch),
  }
  const strands = cell.bidirectional ? runLayers(steps) : runSteps(steps)
  return { strands, logits: steps.logits, outputs: steps.outputs }
}

function emptyReadouts(cell: Cell, { readouts }: Plan, batch: number): { logits: Tensor; outputs: Tensor } {
  const shape = [readouts.length, batch, cell.sizes.outputSize]
  const logits = tensor(cell.precision, shape)
  return { logits, outputs: squashes(cell) ? tensor(cell.precision, shape) : logits }
}

/** Step by step, all layers at each. With checkpoints one stretch of states is used again and again. */
function runSteps(run: Steps): readonly Strand[] {
  const { cell, network, plan, batch, feeding, every } = run
  const kept = every ? emptyCheckpoints(cell, network, plan.steps, every, batch) : undefined
  const length = every ?? plan.steps
  let segment = emptySegment(cell, network, 0, Math.min(length, plan.steps), batch)
  setStart(segment, run)
  if (kept && every) keepLast(kept, segment, every, 0)
  let readout = 0
  for (let t = 1; t <= plan.steps; t++) {
    if (t > plan.inputSteps) feeding?.feed(t, readout > 0 ? entry(run.outputs, readout - 1) : undefined)
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
function runLayers(run: Steps): readonly Strand[] {
  const { cell, network, plan, batch } = run
  const segment = emptySegment(cell, network, 0, plan.steps, batch)
  setStart(segment, run)
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

function setStart({ strands }: Segment, { network, plan, start }: Steps): void {
  strands.forEach(({ hidden, cellState }, strand) => {
    const first = network.lanes[strand].reverse ? plan.steps : 0
    entry(hidden, first).set(entry(start.hidden, strand))
    if (cellState && start.cellState) entry(cellState, first).set(entry(start.cellState, strand))
  })
}

/** Reads the state at a readout. */
function readAt(run: Steps, segment: Segment, readout: number): void {
  const { cell, network, topology, plan, batch } = run
  const logits = entry(run.logits, readout)
  const outputs = entry(run.outputs, readout)
  readLogits(cell, readableState(network, segment, topology, plan.readouts[readout], batch), logits, batch)
  if (squashes(cell)) squash(cell, logits, outputs)
  for (const values of [logits, outputs]) zeroPastEnd(run, values, readout)
}
