/** What an unrolling was asked for, read and checked. */
import { describe, ExpectedError, oneOf } from '../expected'
import { wholeWithin } from '../limits'
import type { Cell } from '../rnn-cell/cell'
import type { LinearScale } from '../sequence-source/scaling'
import { swapFirstAxes } from '../tensor/axes'
import { isTensor, nestedShape } from '../tensor/nested'
import type { Tensor } from '../tensor/tensor'
import { checkpointSteps } from './checkpoint'
import type { Extent } from './compile'
import { type Feeding, type FeedingOptions, feedingOf } from './feeding'
import { readInputs, withoutPadding } from './inputs'
import { checkMemory } from './memory'
import { type PresenceOptions, presence } from './presence'
import { type InitialState, initialState } from './state'
import { isFed, type Plan, planOf, type Topology, topologyNames } from './topology'

export const kernelNames = ['auto', 'reference'] as const
export type KernelName = (typeof kernelNames)[number]

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
  /** reference: step by step in plain TypeScript, by what defines the network; default auto: by WebAssembly where it can */
  kernel?: KernelName
  /** inputs are in the units of the data, and are to be scaled by this first; default: they are what the cell sees */
  inputScale?: LinearScale
}

export interface Run {
  readonly cell: Cell
  readonly topology: Topology
  readonly plan: Plan
  readonly batched: boolean
  readonly batch: number
  /** x [inputSteps, B, D] */
  readonly inputs: Tensor
  readonly present?: Uint8Array
  readonly zeroPastEnd: boolean
  readonly start: InitialState
  readonly feeding?: Feeding
  /** when checkpointed */
  readonly every?: number
  /** what a program is made for; missing where the steps are to be taken one by one */
  readonly extent?: Extent
}

/** Everything that was asked for, read and checked. */
export function prepare(cell: Cell, inputs: unknown, options: UnrollOptions): Run {
  const topology = oneOf('topology', options.topology ?? 'many-to-one', topologyNames)
  const kernel = oneOf('kernel', options.kernel ?? 'auto', kernelNames)
  if (cell.bidirectional && isFed(topology))
    throw new ExpectedError(`a cell of one direction for ${topology}`, 'a bidirectional one')
  const { batched, sequences } = readInputs(inputs, cell, topology, options.inputScale)
  const [batch, inputLength] = sequences.shape
  const plan = readPlan(topology, inputLength, batched, options)
  const every = checkpointSteps(options.checkpoint, plan.steps, cell)
  checkMemory(cell, plan, batch, every)
  const present = presence(options, topology, plan, batch)
  const pastEnd = oneOf('pastEnd', options.pastEnd ?? 'zero', ['zero', 'hold'])
  const start = initialState(cell, batch, options.initialState)
  const feeding = feedingOf(cell, topology, plan, batch, options)
  const swapped = swapFirstAxes(sequences)
  const isProgram = kernel === 'auto' && !every && (!feeding || feeding.isKnown)
  return {
    cell,
    topology,
    plan,
    batched,
    batch,
    inputs: present ? withoutPadding(swapped, present) : swapped,
    ...(present && { present }),
    zeroPastEnd: pastEnd === 'zero',
    start,
    ...(feeding && { feeding }),
    ...(every && { every }),
    ...(isProgram && { extent: { topology, batch, ...plan, masked: present !== undefined } }),
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
  const isList = Array.isArray(readouts) && readouts.length > 0 && readouts.length <= plan.steps
  const rises =
    isList &&
    readouts.every((t, index) => Number.isInteger(t) && t > (readouts[index - 1] ?? 0) && t <= plan.steps)
  if (!rises)
    throw new ExpectedError(
      `readouts rising from 1 to ${plan.steps}`,
      isList && readouts.every((t) => typeof t === 'number') ? readouts.join(', ') : describe(readouts),
    )
  return { ...plan, readouts: [...readouts] }

  function fedSteps(): number {
    const shape = isTensor(targets) ? targets.shape : nestedShape(targets)
    const given = steps ?? shape[batched ? 1 : 0] ?? inputLength
    return wholeWithin('steps', given, 1, 'maxSteps')
  }
}
