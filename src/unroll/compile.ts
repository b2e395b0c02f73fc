/** A network over a batch as the plan of a program, where the kernels can run it. */
import { activationCodes, gateActivationCodes } from '../kernel/kernel'
import type { ProgramPlan } from '../kernel/program/plan'
import { shardsOf } from '../kernel/program/shards'
import type { Cell } from '../rnn-cell/cell'
import { decoderLanesOf, lanesOf } from '../rnn-cell/lanes'
import { readsOnce, type Topology } from './topology'

export interface Extent {
  readonly topology: Topology
  readonly batch: number
  readonly steps: number
  readonly inputSteps: number
  readonly readouts: readonly number[]
  readonly masked: boolean
}

/** What two runs must have in common to share a program. */
export function programKey(
  cell: Cell,
  { topology, batch, steps, inputSteps, readouts, masked }: Extent,
): string {
  const { type, precision, activation, gateActivation, clip, layers, sizes, readout } = cell
  const flags = [
    cell.resetAfter,
    cell.peepholes,
    cell.bidirectional,
    cell.decoder,
    masked,
    readout === 'none',
  ]
  const areUsual =
    readouts.length === 1 || readouts[readouts.length - 1] - readouts[0] === readouts.length - 1
  const read = areUsual ? `${readouts[0]}+${readouts.length}` : readouts.join()
  const { inputSize, hiddenSize, outputSize } = sizes
  return `${type} ${precision} ${activation} ${gateActivation} ${clip} ${layers} ${inputSize} ${hiddenSize} ${outputSize} ${flags} ${topology} ${batch} ${steps} ${inputSteps} ${read}`
}

export function programPlan(cell: Cell, extent: Extent): ProgramPlan {
  const { type, precision, activation, gateActivation, clip, readout, sizes, bidirectional } = cell
  const { topology, ...own } = extent
  const plan = {
    ...own,
    dtype: precision,
    kind: type,
    resetAfter: type === 'gru' && cell.resetAfter,
    peepholes: type === 'lstm' && cell.peepholes,
    activation: activationCodes[activation],
    gateActivation: gateActivationCodes[gateActivation],
    clip: clip ?? Number.POSITIVE_INFINITY,
    hiddenSize: sizes.hiddenSize,
    outputSize: readout === 'none' ? 0 : sizes.outputSize,
    bidirectional,
    lanes: lanesOf(cell),
    ...(topology === 'encoder-decoder' && cell.decoder && { decoder: decoderLanesOf(cell) }),
    readsOnce: readsOnce(topology),
    parameters: Object.entries(cell.parameters).map(([name, { data }]) => [name, data.length] as const),
  }
  return { ...plan, shards: shardsOf(plan) }
}
