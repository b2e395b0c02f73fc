/** The gates of a tape whose states are all there: each step is taken again from the state before it. */
import { type Tensor, tensor } from '../tensor/tensor'
import { type Forward, forwardStep } from './forward'
import type { Segment } from './segment'
import type { Unrolled } from './unrolled'

/** All steps as one segment. The states are those that were given; only the gates are new. */
export function withGates({ cell, strands, steps, batch }: Unrolled, forward: Forward): Segment {
  const { kind, lanes } = forward.network
  const copy = (states: Tensor): Tensor => ({ ...states, data: states.data.slice() })
  const segment = {
    from: 0,
    strands: strands.map(({ hidden, cellState, gates }) => ({
      hidden: copy(hidden),
      ...(cellState && { cellState: copy(cellState) }),
      gates: gates ?? tensor(cell.precision, [steps, kind.keeps, batch, cell.sizes.hiddenSize]),
    })),
  }
  strands.forEach(({ gates }, strand) => {
    if (gates) return
    for (let step = 1; step <= steps; step++)
      forwardStep(forward, segment, strand, lanes[strand].reverse ? steps + 1 - step : step)
  })
  return segment
}
