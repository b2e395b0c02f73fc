/** What a program runs: the sizes of a network over a batch, as plain values, so that a worker can be told as well. */
import type { Dtype } from '../../tensor/tensor'

/** One layer in one direction, as rnn-cell's lanes. */
export interface ProgramLane {
  /** from 1 */
  readonly layer: number
  readonly reverse: boolean
  /** behind the names of its parameters */
  readonly suffix: string
  readonly inputSize: number
}

export interface ProgramPlan {
  readonly dtype: Dtype
  readonly kind: 'rnn' | 'gru' | 'lstm'
  /** of a GRU */
  readonly resetAfter: boolean
  readonly peepholes: boolean
  /** see `activationCodes` */
  readonly activation: number
  /** see `gateActivationCodes` */
  readonly gateActivation: number
  /** Infinity for none */
  readonly clip: number
  /** B */
  readonly batch: number
  /** T */
  readonly steps: number
  /** steps that the lanes take; after them come those of the decoder's, if it has its own */
  readonly inputSteps: number
  /** H */
  readonly hiddenSize: number
  /** O; 0 if the network hands out its state */
  readonly outputSize: number
  readonly bidirectional: boolean
  /** layer by layer, forward before reverse */
  readonly lanes: readonly ProgramLane[]
  readonly decoder?: readonly ProgramLane[]
  /** the times at which the state is read, rising */
  readonly readouts: readonly number[]
  /** the reverse direction is read where it has ended, after step 1 */
  readonly readsOnce: boolean
  /** whether sequences pause or end */
  readonly masked: boolean
  readonly parameters: readonly (readonly [name: string, count: number])[]
  /** sequences in each shard of the batch */
  readonly shards: readonly number[]
}

/** Steps that go through the same weights: first … first + steps - 1. */
export interface Stretch {
  readonly first: number
  readonly steps: number
  readonly lanes: readonly ProgramLane[]
}

export function stretchesOf({ steps, inputSteps, lanes, decoder }: ProgramPlan): Stretch[] {
  if (!decoder) return [{ first: 1, steps, lanes }]
  return [
    { first: 1, steps: inputSteps, lanes },
    { first: inputSteps + 1, steps: steps - inputSteps, lanes: decoder },
  ]
}

const gates = { rnn: 1, gru: 3, lstm: 4 } as const

/** G, numbers in the gates of a sequence */
export const gateSize = ({ kind, hiddenSize }: ProgramPlan): number => gates[kind] * hiddenSize

/** S, numbers that the readout sees of a sequence */
export const readSize = ({ hiddenSize, bidirectional }: ProgramPlan): number =>
  bidirectional ? 2 * hiddenSize : hiddenSize

/** Multiply-adds of a pass forward; a training step takes about three times as many. */
export function workOf(plan: ProgramPlan): number {
  const { batch, outputSize, readouts, hiddenSize } = plan
  const ofLanes = stretchesOf(plan).reduce(
    (sum, { steps, lanes }) =>
      sum + steps * lanes.reduce((all, { inputSize }) => all + gateSize(plan) * (hiddenSize + inputSize), 0),
    0,
  )
  return batch * (ofLanes + readouts.length * outputSize * readSize(plan))
}
