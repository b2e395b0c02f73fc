/** The one message that travels the loop, and what each node adds to it. README, "The message". */
import type {
  Anomaly,
  CellForm,
  Clip,
  Credit,
  Dtype,
  Evaluation,
  Explosion,
  Gradient,
  OmittedSpectrum,
  RecurrentSpectrum,
  Regularization,
  Scale,
  TargetKind,
  Topology,
} from '../../src'
import type { Plain } from './plain'

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
  /** valid input steps of each sequence; missing if all have the same */
  lengths?: readonly number[]
  /** [B][T] of 1 and 0: a step of 0 keeps the state as it is */
  mask?: unknown
  /** valid output steps of each sequence, where steps are fed */
  targetLengths?: readonly number[]
  /** [B][L] of 1 and 0: a target of 0 does not count */
  targetMask?: unknown
  /** characters or classes by their number */
  vocabulary?: readonly string[]
  classes?: readonly (string | number)[]
  scale?: Scale
  /** B scales, where the sequences of a batch have each its own */
  scales?: readonly Scale[]
  /** predict: steps of a stream */
  stream?: MessageStream
  /** validate: which message of how many in this pass, from 1 */
  part?: number
  parts?: number
  /** validate: the budget is spent, this pass is the last */
  last?: boolean
  /** validate: root mean squared error of the forecast that nothing changes */
  naive?: number
}

/** Steps of a stream that a message brings, to be predicted from; with the truth that they are. */
export interface MessageStream {
  /** nothing of before is to be remembered */
  begins: boolean
  /** the number of each step, of its topic from 1 */
  steps: readonly number[]
  /** of each step, ms since 1970 */
  times: readonly number[]
  /** [n][O] in the units of the data, what was to be predicted; null for a step that was made up */
  truths: readonly (readonly number[] | null)[]
  /** what was predicted after step s is about step s + horizon */
  horizon: number
}

export interface MessageCell extends CellForm {
  id?: string
  precision: Dtype
  parameters: MessageTensors
  version?: number
  /** of the data it has learned from */
  scale?: Scale
  /** it has learned from topics that have each a scale of their own */
  scaledByTopic?: true
  /** rnn-cell keeps its best, and wants to hear how good it is on held-out sequences */
  judged?: true
}

/** h [K, B, H], K being layers × directions, with one [B, H]; of an LSTM h and c in this layout. */
export type MessageState = MessageTensor | { h: MessageTensor; c: MessageTensor }

export interface MessageStrand {
  layer: number
  reverse: boolean
  hidden: MessageTensor
  cellState?: MessageTensor
  gates?: MessageTensor
}

/** As `Unrolled` of the library, its flags as Buffers. */
export interface MessageUnrolled {
  topology: Topology
  batched: boolean
  steps: number
  batch: number
  inputSteps: number
  readouts: number[]
  zeroPastEnd: boolean
  checkpointEvery?: number
  inputs: MessageTensor
  fed?: { inputs: MessageTensor; throughOutput: Buffer }
  present?: Buffer
  readoutMask?: Buffer
  strands: MessageStrand[]
  /** h of the last layer, forward: its strand's */
  hidden: MessageTensor
  logits: MessageTensor
  outputs: MessageTensor
}

export type MessageGradient = Omit<Gradient, 'parameters' | 'loss' | 'credit' | 'regularization'> & {
  parameters: MessageTensors
  credit?: Plain<Credit>
  regularization?: Plain<Regularization>
}

/** What recurrent weights and steps say about gradients; null is exactly zero, or no finite number. */
export interface MessageSpectrum {
  /** by the name of the W */
  recurrent: Readonly<Record<string, Plain<RecurrentSpectrum> | OmittedSpectrum>>
  /** leading Lyapunov exponent of the first sequence, in nats a step */
  lyapunov: number | null | OmittedSpectrum
  /** log ‖∂s_T/∂s_i‖₂ of the first sequence for i = 1 … T */
  jacobians: (number | null)[] | OmittedSpectrum
}

export interface MessageUpdate {
  parameters: MessageTensors
  step: number
  learningRate: number
  skipped: boolean
  /** gradients that wait for the next update */
  accumulated?: number
}

export interface RnnMessage {
  _msgid?: string
  topic?: unknown
  payload?: unknown
  reset?: unknown
  /** to sequence-source: pause, resume, step, which is one batch, or stop */
  control?: unknown
  /** to a stream: true, and its scales stay as they are; false, and they follow again */
  freeze?: unknown
  target?: unknown
  sequence?: MessageSequence
  cell?: MessageCell | { id: string; version: number; judged?: true }
  initialState?: unknown
  unrolled?: MessageUnrolled
  state?: MessageState
  /** a prediction is not finite; it is null in the payload */
  nonfinite?: true
  /** how far off the earlier prediction was whose truth has come */
  anomaly?: Anomaly
  loss?: number
  validation?: Evaluation & { naive?: number }
  gradient?: MessageGradient
  spectrum?: MessageSpectrum
  explosion?: Explosion
  clip?: Clip
  update?: MessageUpdate
  parameters?: unknown
  /** to rnn-cell: 'best' */
  restore?: unknown
  export?: unknown
  filename?: unknown
}
