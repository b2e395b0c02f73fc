/** A program in its memory: what the passes over it share, which become lists of kernel calls. */
import type { Kernel } from '../kernel'
import { type Layout, layoutOf } from './layout'
import { type ProgramPlan, type Stretch, stretchesOf } from './plan'

/** What lies where. */
export interface Frame {
  readonly plan: ProgramPlan
  readonly layout: Layout
  readonly stretches: readonly Stretch[]
  /** bytes of a number */
  readonly width: number
}

export interface Machine extends Frame {
  readonly kernel: Kernel
}

/** A kernel call with all its arguments; of a way back 1 if it left the range of numbers. */
export type Call = () => unknown

export function frameOf(plan: ProgramPlan): Frame {
  const width = plan.dtype === 'float32' ? 4 : 8
  return { plan, layout: layoutOf(plan), stretches: stretchesOf(plan), width }
}

/** Number `index` of an array at `pointer`, or 0 where there is no array. */
export const at = ({ width }: Frame, pointer: number, index: number): number =>
  pointer === 0 ? 0 : pointer + index * width

/** The strands of the layer below; none under the first. */
const strandsBelow = ({ plan }: Frame, strand: number): readonly number[] => {
  if (!plan.bidirectional) return strand === 0 ? [] : [strand - 1]
  const first = 2 * (plan.lanes[strand].layer - 2)
  return first < 0 ? [] : [first, first + 1]
}

/** The strands that the readout sees. */
export const topStrands = ({ plan }: Frame): readonly number[] => {
  const last = plan.lanes.length - 1
  return plan.bidirectional ? [last - 1, last] : [last]
}

/**
 * The entry of a strand's states after step t. A reverse strand comes from the other end.
 */
const entryAfter = ({ plan }: Frame, strand: number, t: number): number =>
  plan.lanes[strand].reverse ? t - 1 : t

/** The entry that a strand is read at for a readout at t. */
export const entryRead = (frame: Frame, strand: number, t: number): number =>
  frame.plan.lanes[strand].reverse && frame.plan.readsOnce ? 0 : entryAfter(frame, strand, t)

/** One part of what a step takes in: [steps, B, size], with the columns of U that belong to it. */
export interface InputPart {
  readonly pointer: number
  readonly size: number
  /** the first of its columns */
  readonly column: number
  /** the strand it is the states of; undefined if it was given */
  readonly strand?: number
}

/** What a strand takes in over a stretch: the inputs, or the states of the layer below. */
export function inputParts(frame: Frame, stretchIndex: number, strand: number): InputPart[] {
  const { plan, layout, stretches } = frame
  const { first, lanes } = stretches[stretchIndex]
  const below = strandsBelow(frame, strand)
  if (below.length === 0)
    return [{ pointer: layout.inputs[stretchIndex], size: lanes[strand].inputSize, column: 0 }]
  const state = plan.batch * plan.hiddenSize
  return below.map((lower, index) => ({
    pointer: at(frame, layout.strands[lower].hidden, entryAfter(frame, lower, first) * state),
    size: plan.hiddenSize,
    column: index * plan.hiddenSize,
    strand: lower,
  }))
}

/** Readouts at times that follow one another, which are read in one product. */
export interface ReadRun {
  /** the first of them, from 0, and how many */
  readonly readout: number
  readonly count: number
  readonly t: number
}

export function readRuns({ readouts }: ProgramPlan): ReadRun[] {
  const runs: { readout: number; count: number; t: number }[] = []
  readouts.forEach((t, readout) => {
    const last = runs.at(-1)
    if (last && last.t + last.count === t) last.count += 1
    else runs.push({ readout, count: 1, t })
  })
  return runs
}
