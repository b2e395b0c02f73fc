/** The tape: what a forward pass leaves behind for the way back. Time is the first axis of every tensor. */
import type { Cell } from '../rnn-cell/cell'
import type { Tensor } from '../tensor/tensor'
import type { Topology } from './topology'

/**
 * The states of one layer in one direction. Entry t of a forward strand is the state after step t, entry 0 the initial
 * one. A reverse strand comes from the other end: entry t-1 is the state after step t, entry T the initial one.
 */
export interface Strand {
  /** from 1 */
  readonly layer: number
  readonly reverse: boolean
  /** h [T+1, B, H]; when checkpointed the entries 0, k, 2k … and T */
  readonly hidden: Tensor
  /** c [T+1, B, H] of an LSTM; when checkpointed the same entries */
  readonly cellState?: Tensor
  /** gates and what else the way back needs, [T, keeps, B, H]; missing when checkpointed, and where a
   *  program has them in its memory */
  readonly gates?: Tensor
}

/** What the steps took in that were not given an input. */
export interface Fed {
  /** [T - inputSteps, B, D'] */
  readonly inputs: Tensor
  /** [(T - inputSteps) · B], 1 where the input is the output of the step before, through which gradients flow */
  readonly throughOutput: Uint8Array
}

export interface Unrolled {
  readonly cell: Cell
  readonly topology: Topology
  /** false for a single sequence given without a batch axis */
  readonly batched: boolean
  /** T */
  readonly steps: number
  /** B */
  readonly batch: number
  /** steps 1 … inputSteps took in `inputs`, those after it `fed.inputs` */
  readonly inputSteps: number
  /** x [inputSteps, B, D] */
  readonly inputs: Tensor
  readonly fed?: Fed
  /** [T · B], 0 where a sequence pauses or has ended: its state stays as it is. Missing if none does. */
  readonly present?: Uint8Array
  /** outputs past the end of a sequence are zero, instead of read off the state that is held */
  readonly zeroPastEnd: boolean
  /** layer by layer, forward before reverse */
  readonly strands: readonly Strand[]
  /** when checkpointed: k, steps between two states that were kept */
  readonly checkpointEvery?: number
  /** h of the last layer, forward: its strand's */
  readonly hidden: Tensor
  /** the times t at which the state was read out, L of them */
  readonly readouts: readonly number[]
  /** [L · B], 0 where a readout is past the end of its sequence and counts for nothing. Missing if all count. */
  readonly readoutMask?: Uint8Array
  /** V s_t + c, before the readout's activation [L, B, O] */
  readonly logits: Tensor
  /** o [L, B, O]; the same tensor as `logits` if the readout is linear or none */
  readonly outputs: Tensor
}
