/** The one message that travels the loop, and what each node adds to it. README, "The message". */
import type { Clip, Dtype, Evaluation, Explosion, Gradient, Scale, TargetKind, Topology } from '../../src'

/** A tensor in a message: little endian, row major; the bytes are shared between copies and never written to. */
export interface MessageTensor {
  readonly shape: readonly number[]
  readonly dtype: Dtype
  readonly data: Buffer
}

export type MessageTensors = Readonly<Record<string, MessageTensor>>

/** Where a batch comes from; added by sequence-source. */
export interface MessageSequence {
  /** which start of which source; a message of an earlier start is dropped when it comes back */
  run?: string
  task?: string
  phase?: 'train' | 'validate' | 'predict'
  epoch?: number
  step?: number
  /** batches in the budget, if there is one */
  steps?: number
  /** B, sequences in this message */
  batch?: number
  /** T */
  length?: number
  inputSize?: number
  outputSize?: number
  targetKind?: TargetKind
  scale?: Scale
  /** validate: which message of how many in this pass, from 1 */
  part?: number
  parts?: number
  /** validate: the budget is spent, this pass is the last */
  last?: boolean
  /** validate: root mean squared error of the forecast that nothing changes */
  naive?: number
}

export interface MessageCell {
  id?: string
  type: string
  activation: string
  sizes: { inputSize: number; hiddenSize: number; outputSize: number }
  precision: Dtype
  parameters: MessageTensors
  version?: number
  /** of the data it has learned from */
  scale?: Scale
}

export interface MessageUnrolled {
  topology: Topology
  batched: boolean
  steps: number
  batch: number
  readouts: number[]
  inputs: MessageTensor
  hidden: MessageTensor
  outputs: MessageTensor
}

export type MessageGradient = Omit<Gradient, 'parameters' | 'loss'> & { parameters: MessageTensors }

export interface MessageUpdate {
  parameters: MessageTensors
  step: number
  learningRate: number
  skipped: boolean
}

export interface RnnMessage {
  _msgid?: string
  topic?: unknown
  payload?: unknown
  reset?: unknown
  target?: unknown
  sequence?: MessageSequence
  cell?: MessageCell | { id: string; version: number }
  initialState?: unknown
  unrolled?: MessageUnrolled
  state?: MessageTensor
  /** a prediction is not finite; it is null in the payload */
  nonfinite?: true
  loss?: number
  validation?: Evaluation & { naive?: number }
  gradient?: MessageGradient
  explosion?: Explosion
  clip?: Clip
  update?: MessageUpdate
  parameters?: unknown
  export?: unknown
  filename?: unknown
}
