/** The states of a stretch of steps, and the views of one step in them. */
import type { Cell } from '../rnn-cell/cell'
import type { State } from '../rnn-cell/kind'
import { entry } from '../tensor/axes'
import { type Floats, type Tensor, tensor } from '../tensor/tensor'
import type { Network } from './network'

export interface SegmentStrand {
  readonly hidden: Tensor
  readonly cellState?: Tensor
  readonly gates: Tensor
}

/** Steps from+1 … from+n of every strand, with the states on both sides. */
export interface Segment {
  /** steps before the first */
  readonly from: number
  readonly strands: readonly SegmentStrand[]
}

/** Room for so many steps. */
export function emptySegment(
  { precision, sizes }: Cell,
  { kind, hasCellState, lanes }: Network,
  from: number,
  steps: number,
  batch: number,
): Segment {
  const states = () => tensor(precision, [steps + 1, batch, sizes.hiddenSize])
  return {
    from,
    strands: lanes.map(() => ({
      hidden: states(),
      ...(hasCellState && { cellState: states() }),
      gates: tensor(precision, [steps, kind.keeps, batch, sizes.hiddenSize]),
    })),
  }
}

export interface StepViews {
  readonly before: State
  readonly after: State
  readonly gates: Floats
}

/** Step t of a strand. A reverse strand comes to it from the other side. */
export function stepViews(
  { from, strands }: Segment,
  strand: number,
  reverse: boolean,
  t: number,
): StepViews {
  const own = strands[strand]
  const [lower, upper] = [t - 1 - from, t - from]
  return {
    before: stateAt(own, reverse ? upper : lower),
    after: stateAt(own, reverse ? lower : upper),
    gates: entry(own.gates, lower),
  }
}

const stateAt = ({ hidden, cellState }: SegmentStrand, index: number): State => ({
  hidden: entry(hidden, index),
  ...(cellState && { cellState: entry(cellState, index) }),
})
