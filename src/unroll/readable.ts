/** What the readout sees of the states: those of the last layer, in both directions side by side. */
import type { Floats } from '../tensor/tensor'
import { sideBySide } from './forward'
import type { Network } from './network'
import { type Segment, stepViews } from './segment'
import { readsOnce, type Topology } from './topology'

/**
 * The step after which a direction is read for a readout at t: t, except that a network which reads once sees the
 * reverse direction where it has ended, after step 1 (as PyTorch's h_n).
 */
export const readStep = (topology: Topology, reverse: boolean, t: number): number =>
  reverse && readsOnce(topology) ? 1 : t

/** s_t [B, S] */
export function readableState(
  { top, lanes }: Network,
  segment: Segment,
  topology: Topology,
  t: number,
  batch: number,
): Floats {
  const states = top.map((strand) => {
    const { reverse } = lanes[strand]
    return stepViews(segment, strand, reverse, readStep(topology, reverse, t)).after.hidden
  })
  return states.length === 1 ? states[0] : sideBySide(states, batch)
}
