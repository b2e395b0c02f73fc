/** A cell as a file and back: safetensors under PyTorch's names, or JSON that a person can read. */
import type { Cell } from '../rnn-cell/cell'
import { fromTorch } from './from-torch'
import { fromJson, toJson } from './json'
import type { Model, ModelForm } from './model'
import { decodeSafetensors, encodeSafetensors } from './safetensors'
import { toTorch } from './to-torch'

export type { Model, ModelForm } from './model'

export const modelFormats = ['safetensors', 'json'] as const
export type ModelFormat = (typeof modelFormats)[number]

/** The whole cell, form and parameters. Both formats bring every number back bit for bit. */
export function saveModel(cell: Cell, format: 'json'): string
export function saveModel(cell: Cell, format: 'safetensors'): Buffer
export function saveModel(cell: Cell, format: ModelFormat): Buffer | string
export function saveModel(cell: Cell, format: ModelFormat): Buffer | string {
  if (format === 'json') return toJson(cell)
  const { tensors, metadata } = toTorch(cell)
  return encodeSafetensors(tensors, metadata)
}

/**
 * What is in a model file: `rnnCell({ ...form, ...form.sizes, precision, parameters })` is the cell.
 *
 * It may also be the state_dict of a PyTorch module, as safetensors: one torch.nn.RNN, GRU or LSTM under any prefix
 * (`lstm.weight_ih_l0`), with biases or without, and beside it at most one nn.Linear under any name (`fc.weight` [O, S]
 * and `fc.bias`), which is the readout. Of two recurrent networks one must have `decoder` for a part of its prefix. A
 * PyTorch GRU resets after the product.
 *
 * @throws ExpectedError if it is neither format, or not plainly one cell
 */
export function loadModel(file: Buffer | string): Model & Pick<ModelForm, 'activation'> {
  const text = typeof file === 'string' ? file : file.toString('utf8', 0, 64)
  // a length of a header may begin with the byte of a brace, but it has zeros in it, which JSON has not
  const isJson = text.trimStart().startsWith('{') && !text.includes('\0')
  const model = isJson ? fromJson(file.toString()) : fromTorch(decodeSafetensors(Buffer.from(file)))
  return { ...model, activation: model.form.activation }
}
