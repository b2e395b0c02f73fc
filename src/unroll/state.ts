/** Hidden states in and out, in PyTorch's layout: h [K, B, H], K being layers × directions; an LSTM has c besides. */
import { ExpectedError } from '../expected'
import type { Cell } from '../rnn-cell/cell'
import { directionsOf } from '../rnn-cell/form'
import { kindOf } from '../rnn-cell/kinds'
import { entry } from '../tensor/axes'
import { fromNested, isTensor } from '../tensor/nested'
import { asDtype, type Floats, sameShape, showShape, type Tensor, tensor } from '../tensor/tensor'
import type { Unrolled } from './unrolled'

/** h [K, B, H], with one lane [B, H]; of an LSTM h and c in this layout. */
export type CellState = Tensor | { readonly h: Tensor; readonly c: Tensor }

export interface InitialState {
  /** [K, B, H] */
  readonly hidden: Tensor
  readonly cellState?: Tensor
}

/** The state that each lane ends in: after step T, of a reverse lane after step 1. */
export function lastState({ strands, steps, batch, cell, checkpointEvery }: Unrolled): CellState {
  const { hiddenSize } = cell.sizes
  const size = batch * hiddenSize
  const gather = (states: readonly Tensor[]) => {
    const shape = strands.length === 1 ? [batch, hiddenSize] : [strands.length, batch, hiddenSize]
    const gathered = tensor(cell.precision, shape)
    states.forEach((state, index) => {
      const last = checkpointEvery ? state.shape[0] - 1 : steps
      gathered.data.set(entry(state, strands[index].reverse ? 0 : last), index * size)
    })
    return gathered
  }
  const h = gather(strands.map(({ hidden }) => hidden))
  const cells = strands.flatMap(({ cellState }) => cellState ?? [])
  return cells.length > 0 ? { h, c: gather(cells) } : h
}

/** The state that an unrolled network started from, [K, B, H] whatever the number of lanes. */
export function startOf({ strands, steps, batch, cell }: Unrolled): InitialState {
  const gather = (states: readonly Tensor[]): Tensor => {
    const gathered = tensor(cell.precision, [strands.length, batch, cell.sizes.hiddenSize])
    states.forEach((state, strand) => {
      entry(gathered, strand).set(entry(state, strands[strand].reverse ? steps : 0))
    })
    return gathered
  }
  const cells = strands.flatMap(({ cellState }) => cellState ?? [])
  return {
    hidden: gather(strands.map(({ hidden }) => hidden)),
    ...(cells.length > 0 && { cellState: gather(cells) }),
  }
}

/**
 * The state to start from: zeros, or what was given, as `lastState` hands it out. [H] is for all sequences alike.
 *
 * @throws ExpectedError for another shape, or for c where the cell has none
 */
export function initialState(cell: Cell, batch: number, given: unknown): InitialState {
  const { hasCellState } = kindOf(cell)
  const isPair = typeof given === 'object' && given !== null && ('h' in given || 'c' in given)
  const { h, c } = (isPair ? given : { h: given }) as { h?: unknown; c?: unknown }
  if (c !== undefined && !hasCellState)
    throw new ExpectedError(`an initial state without c, which is an lstm's`, `one for ${cell.type}`)
  return {
    hidden: readState(cell, batch, h, 'an initial state'),
    ...(hasCellState && { cellState: readState(cell, batch, c, 'an initial cell state c') }),
  }
}

function readState(cell: Cell, batch: number, given: unknown, name: string): Tensor {
  const { hiddenSize } = cell.sizes
  const lanes = cell.layers * directionsOf(cell)
  const whole = tensor(cell.precision, [lanes, batch, hiddenSize])
  if (given === undefined || given === null) return whole
  const state = isTensor(given)
    ? asDtype(given, cell.precision)
    : fromNested(given, cell.precision, ['lane', 'sequence', 'unit'])
  const { shape } = state
  if (sameShape(shape, whole.shape)) return state
  if (lanes === 1 && sameShape(shape, [batch, hiddenSize])) return { ...state, shape: whole.shape }
  if (sameShape(shape, [hiddenSize])) return repeated(state.data, whole)
  if (lanes > 1 && sameShape(shape, [lanes, hiddenSize])) return repeatedByLane(state, whole)
  const fits = lanes === 1 ? `[${hiddenSize}] or [${batch}, ${hiddenSize}]` : showShape(whole.shape)
  throw new ExpectedError(`${name} of shape ${fits}`, showShape(shape))
}

function repeated(row: Floats, whole: Tensor): Tensor {
  for (let start = 0; start < whole.data.length; start += row.length) whole.data.set(row, start)
  return whole
}

function repeatedByLane(state: Tensor, whole: Tensor): Tensor {
  for (let lane = 0; lane < whole.shape[0]; lane++) {
    const row = entry(state, lane)
    const own = entry(whole, lane)
    for (let start = 0; start < own.length; start += row.length) own.set(row, start)
  }
  return whole
}
