/** What a cell is apart from its numbers: its kind, its options, its sizes. */
import type { ActivationName, GateActivationName } from './activation'
import type { CellSizes } from './parameters'

export const cellTypes = ['rnn', 'gru', 'lstm'] as const
export type CellType = (typeof cellTypes)[number]

/** What is read off the hidden state: V h + c, through a sigmoid or softmax or not; or the hidden state itself. */
export const readoutNames = ['linear', 'sigmoid', 'softmax', 'none'] as const
export type ReadoutName = (typeof readoutNames)[number]

export interface CellForm {
  readonly type: CellType
  /** φ; of a GRU the candidate's, of an LSTM the candidate's and the output's */
  readonly activation: ActivationName
  /** of the gates of a GRU or LSTM */
  readonly gateActivation: GateActivationName
  /** gru: the reset gate comes after the recurrent product (PyTorch, Keras), or before it (ONNX's default) */
  readonly resetAfter: boolean
  /** lstm: the gates see the cell state */
  readonly peepholes: boolean
  /** what goes into the activations is limited to ±clip; undefined: it is not */
  readonly clip?: number
  readonly layers: number
  readonly bidirectional: boolean
  /** a decoder (topology encoder-decoder) has weights of its own */
  readonly decoder: boolean
  readonly readout: ReadoutName
  readonly sizes: CellSizes
}

/** 2 if bidirectional. */
export const directionsOf = ({ bidirectional }: Pick<CellForm, 'bidirectional'>): number =>
  bidirectional ? 2 : 1

/** S, numbers that the readout sees: the hidden state of the last layer, in both directions. */
export const readableSize = (form: Pick<CellForm, 'bidirectional' | 'sizes'>): number =>
  directionsOf(form) * form.sizes.hiddenSize
