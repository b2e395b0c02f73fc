/** What is in a model file. */
import type { CellForm } from '../rnn-cell/form'
import type { Dtype } from '../tensor/tensor'

/** A form of which a file that PyTorch made may leave out what it does not tell: φ of an RNN, and what follows V. */
export type ModelForm = Omit<CellForm, 'activation' | 'readout'> &
  Partial<Pick<CellForm, 'activation' | 'readout'>>

export interface Model {
  readonly form: ModelForm
  /** in which its numbers are written */
  readonly precision: Dtype
  /** by our names; tensors, or of JSON nested arrays. `withParameters` checks them against a cell. */
  readonly parameters: Readonly<Record<string, unknown>>
}
