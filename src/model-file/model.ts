/** What is in a model file. */
import type { CellForm } from '../rnn-cell/form'
import type { Dtype, Tensor } from '../tensor/tensor'
import type { ModelScale } from './scale'

/** A form of which a file that PyTorch made may leave out what it does not tell: φ of an RNN, and what follows V. */
export type ModelForm = Omit<CellForm, 'activation' | 'readout'> &
  Partial<Pick<CellForm, 'activation' | 'readout'>>

export interface Model {
  readonly form: ModelForm
  /** in which its numbers are written */
  readonly precision: Dtype
  /** by our names; a JSON file may have only some of them */
  readonly parameters: Readonly<Record<string, Tensor>>
  /**
   * of the data that the cell has learned from: with it answers are in their units; null if they were not scaled, and
   * undefined if the file does not say
   */
  readonly scale?: ModelScale
}
