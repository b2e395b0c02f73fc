/** A cell as a file and back: safetensors under PyTorch's names, an ONNX model, or JSON that a person can read. */
import { ExpectedError } from '../expected'
import { checkSize } from '../limits'
import { type Cell, parameterCount } from '../rnn-cell/cell'
import { checkedParameters } from './checked'
import { fromTorch } from './from-torch'
import { fromJson, toJson } from './json'
import type { Model, ModelForm } from './model'
import { fromOnnx } from './onnx/read/from-onnx'
import { toOnnx } from './onnx/write/to-onnx'
import { decodeSafetensors, encodeSafetensors } from './safetensors'
import { readScale, type Scale } from './scale'
import { toTorch } from './to-torch'

export type { Model, ModelForm } from './model'

export const modelFormats = ['safetensors', 'onnx', 'json'] as const
export type ModelFormat = (typeof modelFormats)[number]

export interface SaveOptions {
  /** of the data that the cell has learned from; null: they were not scaled; default: the file says nothing of it */
  scale?: Scale | null
  /** onnx: the graph takes in and gives numbers in the units of the data; default false */
  scaleInside?: boolean
}

/**
 * The whole cell: form, parameters, and the scale of its data.
 *
 * safetensors and JSON bring every number back bit for bit; ONNX has float32, which is what ONNX Runtime computes
 * recurrent operators in.
 *
 * @throws ExpectedError for a scale of other features, or a file larger than one that is read again; for ONNX if the cell
 *   has a decoder of its own, numbers beyond float32, or no scale to put inside
 */
export function saveModel(cell: Cell, format: 'json', options?: SaveOptions): string
export function saveModel(cell: Cell, format: 'safetensors' | 'onnx', options?: SaveOptions): Buffer
export function saveModel(cell: Cell, format: ModelFormat, options?: SaveOptions): Buffer | string
export function saveModel(
  cell: Cell,
  format: ModelFormat,
  { scale: given, scaleInside = false }: SaveOptions = {},
): Buffer | string {
  const scale = given && readScale(given, cell.sizes)
  if (scaleInside && format !== 'onnx')
    throw new ExpectedError('scaleInside for the format onnx only', `it for ${format}`)
  checkFileSize(parameterCount(cell) * bytesOfNumber(cell, format))
  if (format === 'json') return toJson(cell, scale)
  if (format === 'onnx') return toOnnx(cell, { scale, scaleInside })
  const { tensors, metadata } = toTorch(cell, scale)
  return encodeSafetensors(tensors, metadata)
}

/**
 * What is in a model file: `rnnCell({ ...form, ...form.sizes, precision, parameters })` is the cell.
 *
 * It may also be the state_dict of a PyTorch module, as safetensors: one torch.nn.RNN, GRU or LSTM under any prefix
 * (`lstm.weight_ih_l0`), with biases or without, and beside it at most one nn.Linear under any name (`fc.weight` [O, S]
 * and `fc.bias`), which is the readout. Of two recurrent networks one must have `decoder` for a part of its prefix. A
 * PyTorch GRU resets after the product. Or an ONNX model that another program exported: RNN, GRU or LSTM, layer on
 * layer, and at most one readout (MatMul and Add, or Gemm), with a Sigmoid or Softmax behind it or not.
 *
 * @throws ExpectedError if it is too large, none of the formats, or not plainly one cell
 */
export function loadModel(file: Buffer | string): Model & Pick<ModelForm, 'activation'> {
  checkFileSize(file.length)
  const model = readers[formatOf(file)](file)
  return { ...model, parameters: checkedParameters(model), activation: model.form.activation }
}

const checkFileSize = (bytes: number) => checkSize('maxFileSize', bytes, 'bytes in a model file')

/** JSON takes some twenty characters for most numbers, and no fewer than ten for nearly all. */
const bytesOfNumber = ({ precision }: Cell, format: ModelFormat): number =>
  format === 'json' ? 10 : format === 'onnx' || precision === 'float32' ? 4 : 8

const readers: Readonly<Record<ModelFormat, (file: Buffer | string) => Model>> = {
  safetensors: (file) => fromTorch(decodeSafetensors(bytesOf(file))),
  onnx: (file) => fromOnnx(bytesOf(file)),
  json: (file) => fromJson(file.toString()),
}

const bytesOf = (file: Buffer | string): Buffer => (typeof file === 'string' ? Buffer.from(file) : file)

/** safetensors have their header behind eight bytes of its length, ONNX begins with the field of its IR version. */
function formatOf(file: Buffer | string): ModelFormat {
  const bytes = typeof file === 'string' ? Buffer.from(file.slice(0, 64)) : file.subarray(0, 64)
  const text = bytes.toString('utf8')
  // a length of a header may begin with the byte of a brace, but it has zeros in it, which JSON has not
  if (text.trimStart().startsWith('{') && !text.includes('\0')) return 'json'
  if (bytes[8] === brace && bytes.readUInt16LE(6) === 0) return 'safetensors'
  if (bytes[0] === irVersionTag) return 'onnx'
  throw new ExpectedError(
    'a model file: safetensors, ONNX or JSON',
    bytes.length === 0 ? 'an empty one' : 'bytes that begin otherwise',
  )
}

const brace = '{'.charCodeAt(0)
/** field 1, a varint */
const irVersionTag = 0x08
