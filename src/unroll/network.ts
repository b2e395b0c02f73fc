/** A cell laid out over a plan: which weights each step of each strand has, and which strands feed which. */
import type { Cell } from '../rnn-cell/cell'
import type { KindOfForm, Weights } from '../rnn-cell/kind'
import { kindOf } from '../rnn-cell/kinds'
import { decoderLanesOf, type Lane, lanesOf } from '../rnn-cell/lanes'
import { weightsOf } from '../rnn-cell/weights'
import type { Topology } from './topology'

export interface Network {
  readonly kind: KindOfForm
  readonly hasCellState: boolean
  /** g */
  readonly gateCount: number
  /** one a strand, in the order of the strands */
  readonly lanes: readonly Lane[]
  /** the strands of the layer below that a strand takes in; none for the first layer */
  below(strand: number): readonly number[]
  /** strands that the readout sees */
  readonly top: readonly number[]
  /** the lane whose weights a strand has at step t: the encoder's, or after the inputs the decoder's */
  laneAt(strand: number, t: number): Lane
  weightsAt(strand: number, t: number): Weights
}

export function networkOf(cell: Cell, topology: Topology, inputSteps: number): Network {
  const kind = kindOf(cell)
  const lanes = lanesOf(cell)
  const decoder = topology === 'encoder-decoder' ? decoderLanesOf(cell) : lanes
  const bound = new Map([...lanes, ...decoder].map((lane) => [lane.suffix, weightsOf(cell, lane)]))
  const strandsOf = (layer: number) => lanes.flatMap((lane, strand) => (lane.layer === layer ? [strand] : []))
  const belows = lanes.map(({ layer }) => strandsOf(layer - 1))
  const laneAt = (strand: number, t: number) => (t <= inputSteps ? lanes : decoder)[strand]
  return {
    kind: kind.of(cell),
    hasCellState: kind.hasCellState,
    gateCount: kind.gates.length,
    lanes,
    below: (strand) => belows[strand],
    top: strandsOf(cell.layers),
    laneAt,
    weightsAt: (strand, t) => bound.get(laneAt(strand, t).suffix) as Weights,
  }
}
