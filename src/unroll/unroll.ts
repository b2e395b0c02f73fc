/** Forward through time: a cell applied along sequences, keeping what backpropagation will need. */
import { describe, ExpectedError, oneOf } from '../expected'
import { addProductTransposed, fillRows } from '../kernel/reference'
import type { Cell } from '../rnn-cell/cell'
import { forwardStep } from '../rnn-cell/rnn'
import { type LinearScale, scaleFeatures } from '../sequence-source/scaling'
import { entry, swapFirstAxes } from '../tensor/axes'
import { fromNested, isTensor, nestedShape } from '../tensor/nested'
import { asDtype, type Floats, sameShape, showShape, type Tensor, tensor } from '../tensor/tensor'
import { planOf, type Topology, topologyNames } from './topology'

export interface UnrollOptions {
  /** default many-to-one */
  topology?: Topology
  /** h_0: [H] for all sequences or [B, H]; default zeros */
  initialState?: unknown
  /** inputs are in the units of the data, and are to be scaled by this first; default: they are what the cell sees */
  inputScale?: LinearScale
}

/** The tape. Time is the first axis; step t of the hidden states is entry t, and entry 0 is h_0. */
export interface Unrolled {
  readonly cell: Cell
  readonly topology: Topology
  /** false for a single sequence given without a batch axis */
  readonly batched: boolean
  /** T */
  readonly steps: number
  /** B */
  readonly batch: number
  /** x [T, B, D] */
  readonly inputs: Tensor
  /** h [T+1, B, H] */
  readonly hidden: Tensor
  /** the times t at which the state was read out, L of them */
  readonly readouts: readonly number[]
  /** o [L, B, O] */
  readonly outputs: Tensor
}

/**
 * Unrolls a cell over inputs.
 *
 * @param inputs [B, T, D]; [T, D] for one sequence; [T] for one sequence of single numbers
 * @throws ExpectedError naming sequence and step of an input that does not fit, or an initial state of another shape
 */
export function unroll(cell: Cell, inputs: unknown, options: UnrollOptions = {}): Unrolled {
  const topology = oneOf('topology', options.topology ?? 'many-to-one', topologyNames)
  const { batched, sequences } = readInputs(inputs, cell, options.inputScale)
  const [batch, inputLength, inputSize] = sequences.shape
  const { hiddenSize } = cell.sizes
  const { steps, readouts } = planOf(topology, inputLength)

  const timeMajor = swapFirstAxes(sequences)
  const hidden = tensor(cell.precision, [steps + 1, batch, hiddenSize])
  hidden.data.set(initialState(cell, batch, options.initialState))
  for (let t = 1; t <= steps; t++)
    forwardStep(
      cell,
      entry(hidden, t - 1),
      timeMajor.data.subarray((t - 1) * batch * inputSize, t * batch * inputSize),
      entry(hidden, t),
      batch,
    )

  return {
    cell,
    topology,
    batched,
    steps,
    batch,
    inputs: timeMajor,
    hidden,
    readouts,
    outputs: readOut(cell, hidden, readouts, batch),
  }
}

/** The last hidden state h_T, [B, H]. */
export const lastState = ({ hidden, steps, batch, cell }: Unrolled): Tensor =>
  tensor(cell.precision, [batch, cell.sizes.hiddenSize], entry(hidden, steps).slice())

/** o_t = V h_t + c at the given times: [L, B, O]. */
function readOut(cell: Cell, hidden: Tensor, readouts: readonly number[], batch: number): Tensor {
  const { hiddenSize, outputSize } = cell.sizes
  const { V, c } = cell.parameters
  const outputs = tensor(cell.precision, [readouts.length, batch, outputSize])
  readouts.forEach((t, index) => {
    const output = entry(outputs, index)
    fillRows(output, c.data, batch)
    addProductTransposed(output, entry(hidden, t), V.data, batch, outputSize, hiddenSize)
  })
  return outputs
}

/** Inputs as [B, T, D], checked against the cell. */
function readInputs(
  given: unknown,
  cell: Cell,
  scale?: LinearScale,
): { batched: boolean; sequences: Tensor } {
  const { precision, sizes } = cell
  const shape = isTensor(given) ? given.shape : nestedShape(given)
  const rank = shape.length
  if (rank < 1 || rank > 3)
    throw new ExpectedError('inputs [steps][features] or [sequences][steps][features]', describe(given))
  const full = rank === 3 ? shape : rank === 2 ? [1, ...shape] : [1, shape[0], 1]
  if (!full.includes(0) && full[2] !== sizes.inputSize)
    throw new ExpectedError(
      `${sizes.inputSize} features at every step (the cell's input size)`,
      `${full[2]} at step 1`,
    )
  const { data } = isTensor(given)
    ? asDtype(given, precision)
    : fromNested(given, precision, rank === 1 ? ['step'] : ['sequence', 'step', 'feature'])
  if (full.includes(0)) throw new ExpectedError('at least one sequence, step and feature', showShape(shape))
  const sequences = { shape: full, dtype: precision, data }
  return { batched: rank === 3, sequences: scale ? scaleFeatures(sequences, scale) : sequences }
}

function initialState(cell: Cell, batch: number, given: unknown): Floats {
  const { hiddenSize } = cell.sizes
  const whole = tensor(cell.precision, [batch, hiddenSize])
  if (given === undefined || given === null) return whole.data
  const state = isTensor(given)
    ? asDtype(given, cell.precision)
    : fromNested(given, cell.precision, ['sequence', 'unit'])
  if (sameShape(state.shape, whole.shape)) return state.data
  if (!sameShape(state.shape, [hiddenSize]))
    throw new ExpectedError(
      `an initial state of shape [${hiddenSize}] or [${batch}, ${hiddenSize}]`,
      showShape(state.shape),
    )
  fillRows(whole.data, state.data, batch)
  return whole.data
}
