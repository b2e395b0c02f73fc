/** The steps of an unrolled network, one by one and in any order, as the way back asks for them. */
import type { Step } from '../rnn-cell/kind'
import { entry } from '../tensor/axes'
import type { Floats, Tensor } from '../tensor/tensor'
import { restoreFirst } from './checkpoint'
import { type Forward, forwardStep, stepOf } from './forward'
import { withGates } from './gates'
import { type Network, networkOf } from './network'
import { readableState } from './readable'
import { emptySegment, type Segment, type SegmentStrand } from './segment'
import type { Unrolled } from './unrolled'

export interface Tape {
  readonly network: Network
  /** the stretch of states in which step t lies */
  segment(t: number): Segment
  /** step t of a strand */
  step(strand: number, t: number): Step
  /** s_t [B, S], what the readout at t saw */
  readable(t: number): Floats
}

/** Of a network that was checkpointed the steps are taken again, a stretch at a time: ask for them in order. */
export function tapeOf(unrolled: Unrolled): Tape {
  const { cell, topology, inputSteps, inputs, fed, batch, present } = unrolled
  const network = networkOf(cell, topology, inputSteps)
  const forward: Forward = {
    network,
    batch,
    ...(present && { present }),
    input: (t) => (t <= inputSteps ? entry(inputs, t - 1) : entry(fed?.inputs as Tensor, t - inputSteps - 1)),
  }
  const segmentAt = unrolled.checkpointEvery ? replayed(unrolled, forward) : whole(unrolled, forward)
  return {
    network,
    segment: segmentAt,
    step: (strand, t) => stepOf(forward, segmentAt(t), strand, t),
    readable: (t) => readableState(network, segmentAt(t), topology, t, batch),
  }
}

/** What a program left in its memory is taken again, once somebody asks. */
function whole(unrolled: Unrolled, forward: Forward): () => Segment {
  let segment: Segment | undefined
  return () => {
    segment ??= unrolled.strands.every(({ gates }) => gates)
      ? { from: 0, strands: unrolled.strands as readonly SegmentStrand[] }
      : withGates(unrolled, forward)
    return segment
  }
}

function replayed(unrolled: Unrolled, forward: Forward): (t: number) => Segment {
  const { cell, steps, batch, strands } = unrolled
  const every = unrolled.checkpointEvery as number
  let segment = emptySegment(cell, forward.network, -1, Math.min(every, steps), batch)
  return (t) => {
    const from = Math.floor((t - 1) / every) * every
    if (segment.from === from) return segment
    segment = { ...segment, from }
    restoreFirst(strands, segment, every)
    for (let step = from + 1; step <= Math.min(from + every, steps); step++)
      for (let strand = 0; strand < strands.length; strand++) forwardStep(forward, segment, strand, step)
    return segment
  }
}
