/** Of a network that was checkpointed: the states among which the first is that is not finite. */
import { entry } from '../tensor/axes'
import { allFinite } from '../tensor/tensor'
import type { Tape } from '../unroll/tape'
import type { Strand, Unrolled } from '../unroll/unrolled'

export interface Stretch {
  readonly strands: readonly Strand[]
  /** steps before the first state in them */
  readonly from: number
}

/** All states where all were kept; otherwise the stretch up to the first checkpoint that is not finite. */
export function badStretch({ strands, checkpointEvery, steps }: Unrolled, tape: Tape): Stretch {
  if (!checkpointEvery) return { strands, from: 0 }
  const isGood = (index: number) =>
    strands.every(
      ({ hidden, cellState }) =>
        allFinite(entry(hidden, index)) && (!cellState || allFinite(entry(cellState, index))),
    )
  let last = 1
  while (last * checkpointEvery < steps && isGood(last)) last++
  const segment = tape.segment(Math.min(last * checkpointEvery, steps))
  return {
    strands: segment.strands.map((states, strand) => ({ ...strands[strand], ...states })),
    from: segment.from,
  }
}
