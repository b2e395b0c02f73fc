/**
 * Gradient checkpointing (Chen et al. 2016; for recurrent networks Gruslys et al. 2016): of T steps only every k-th
 * state is kept, and the steps in between are taken again on the way back. With k near √T the memory of states grows as √T.
 */
import { ExpectedError, numberIn } from '../expected'
import type { Cell } from '../rnn-cell/cell'
import { entry } from '../tensor/axes'
import { type Tensor, tensor } from '../tensor/tensor'
import type { Network } from './network'
import type { Segment, SegmentStrand } from './segment'
import type { Strand } from './unrolled'

/** k from the option: a number, or true for √T. Undefined if every state is to be kept. */
export function checkpointSteps(
  option: boolean | number | undefined,
  steps: number,
  cell: Cell,
): number | undefined {
  if (option === undefined || option === false) return undefined
  if (cell.bidirectional)
    throw new ExpectedError('a cell of one direction for checkpointing', 'a bidirectional one')
  return option === true
    ? Math.ceil(Math.sqrt(steps))
    : numberIn('checkpoint', option, { min: 1, integer: true })
}

/** Room for the states after 0, k, 2k … and T steps. */
export function emptyCheckpoints(
  { precision, sizes }: Cell,
  { hasCellState, lanes }: Network,
  steps: number,
  every: number,
  batch: number,
): Strand[] {
  const states = () => tensor(precision, [Math.ceil(steps / every) + 1, batch, sizes.hiddenSize])
  return lanes.map(({ layer, reverse }) => ({
    layer,
    reverse,
    hidden: states(),
    ...(hasCellState && { cellState: states() }),
  }))
}

/** Copies the states after the last step of a segment into the checkpoints. */
export function keepLast(strands: readonly Strand[], segment: Segment, every: number, last: number): void {
  copyStates(segment.strands, strands, last - segment.from, Math.ceil(last / every))
}

/** Copies the checkpoint before a segment into its beginning. */
export function restoreFirst(strands: readonly Strand[], segment: Segment, every: number): void {
  copyStates(strands, segment.strands, segment.from / every, 0)
}

type States = Pick<SegmentStrand, 'hidden' | 'cellState'>

function copyStates(
  from: readonly States[],
  to: readonly States[],
  fromIndex: number,
  toIndex: number,
): void {
  const copy = (source: Tensor, target: Tensor) => entry(target, toIndex).set(entry(source, fromIndex))
  from.forEach(({ hidden, cellState }, strand) => {
    const target = to[strand]
    copy(hidden, target.hidden)
    if (cellState && target.cellState) copy(cellState, target.cellState)
  })
}
