/** Forward through time: the steps of a network over a segment. */
import type { Step } from '../rnn-cell/kind'
import type { Floats } from '../tensor/tensor'
import { floats } from '../tensor/tensor'
import type { Network } from './network'
import { type Segment, stepViews } from './segment'

export interface Forward {
  readonly network: Network
  readonly batch: number
  /** what step t takes in [B, D] */
  readonly input: (t: number) => Floats
  readonly present?: Uint8Array
}

/** What a strand takes in at step t: the input, or the states of the layer below after that step, [B, D]. */
function strandInput(
  { network, batch, input }: Forward,
  segment: Segment,
  strand: number,
  t: number,
): Floats {
  const below = network.below(strand)
  if (below.length === 0) return input(t)
  const states = below.map((lower) => stepViews(segment, lower, network.lanes[lower].reverse, t).after.hidden)
  return states.length === 1 ? states[0] : sideBySide(states, batch)
}

/** [B, H] and [B, H] as [B, 2H]. */
export function sideBySide(parts: readonly Floats[], batch: number): Floats {
  const [first] = parts
  const size = first.length / batch
  const joined = floats(first instanceof Float32Array ? 'float32' : 'float64', parts.length * first.length)
  parts.forEach((part, index) => {
    for (let row = 0; row < batch; row++)
      joined.set(part.subarray(row * size, (row + 1) * size), (row * parts.length + index) * size)
  })
  return joined
}

/** Everything that step t of a strand works on. */
export const stepOf = (forward: Forward, segment: Segment, strand: number, t: number): Step => ({
  batch: forward.batch,
  input: strandInput(forward, segment, strand, t),
  ...stepViews(segment, strand, forward.network.lanes[strand].reverse, t),
})

/** One step of one strand. Where a sequence is not present its state stays as it is. */
export function forwardStep(forward: Forward, segment: Segment, strand: number, t: number): void {
  const { network, batch, present } = forward
  const step = stepOf(forward, segment, strand, t)
  network.kind.forward(network.weightsAt(strand, t), step)
  if (!present) return
  const { before, after } = step
  for (const row of absentRows(present, t, batch)) {
    copyRow(after.hidden, before.hidden, row, batch)
    if (after.cellState && before.cellState) copyRow(after.cellState, before.cellState, row, batch)
  }
}

/** The sequences that pause or have ended at step t. */
export function absentRows(present: Uint8Array, t: number, batch: number): number[] {
  const rows: number[] = []
  for (let row = 0; row < batch; row++) if (present[(t - 1) * batch + row] === 0) rows.push(row)
  return rows
}

function copyRow(to: Floats, from: Floats, row: number, batch: number): void {
  const size = to.length / batch
  to.set(from.subarray(row * size, (row + 1) * size), row * size)
}
