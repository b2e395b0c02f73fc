/** A cell as a file and back: safetensors under PyTorch's names, or JSON that a person can read. */
import { describe, ExpectedError } from '../expected'
import type { Cell } from '../rnn-cell/cell'
import { type ParameterName, parameterNames } from '../rnn-cell/parameters'
import { toNested } from '../tensor/nested'
import { type Tensor, tensor } from '../tensor/tensor'
import { decodeSafetensors, encodeSafetensors } from './safetensors'

export const modelFormats = ['safetensors', 'json'] as const
export type ModelFormat = (typeof modelFormats)[number]

const jsonFormat = '@unrolled/node-red-rnn cell'

/** torch.nn.RNN's names, and those of an nn.Linear called readout. Its two biases are added, so ours is its first. */
const torchNames: Record<ParameterName, string> = {
  W: 'weight_hh_l0',
  U: 'weight_ih_l0',
  b: 'bias_ih_l0',
  V: 'readout.weight',
  c: 'readout.bias',
}
const torchSecondBias = 'bias_hh_l0'

export function saveModel(cell: Cell, format: 'json'): string
export function saveModel(cell: Cell, format: 'safetensors'): Buffer
export function saveModel(cell: Cell, format: ModelFormat): Buffer | string
export function saveModel(cell: Cell, format: ModelFormat): Buffer | string {
  const { type, activation, precision, sizes, parameters } = cell
  if (format === 'json') {
    const nested = Object.fromEntries(parameterNames.map((name) => [name, toNested(parameters[name])]))
    return JSON.stringify(
      { format: jsonFormat, type, activation, precision, sizes, parameters: nested },
      undefined,
      2,
    )
  }
  const tensors = new Map<string, Tensor>(parameterNames.map((name) => [torchNames[name], parameters[name]]))
  tensors.set(torchSecondBias, tensor(precision, parameters.b.shape))
  return encodeSafetensors(tensors, { type, activation })
}

export interface Model {
  /** φ, if the file says it */
  readonly activation?: string
  /** by our names; `withParameters` checks them against a cell */
  readonly parameters: Record<string, unknown>
}

/**
 * What is in a model file.
 *
 * @throws ExpectedError if it is neither format
 */
export function loadModel(file: Buffer | string): Model {
  const text = typeof file === 'string' ? file : file.toString('utf8', 0, 64)
  // a length of a header may begin with the byte of a brace, but it has zeros in it, which JSON has not
  const isJson = text.trimStart().startsWith('{') && !text.includes('\0')
  return isJson ? fromJson(file.toString()) : fromSafetensors(Buffer.from(file))
}

function fromJson(text: string): Model {
  let model: unknown
  try {
    model = JSON.parse(text)
  } catch (error) {
    throw new ExpectedError('a model file of JSON', (error as Error).message)
  }
  const { format, activation, parameters } = (model ?? {}) as Record<string, unknown>
  if (format !== jsonFormat || typeof parameters !== 'object' || parameters === null)
    throw new ExpectedError(`a model file of the format "${jsonFormat}"`, describe(format))
  return {
    ...(typeof activation === 'string' && { activation }),
    parameters: parameters as Record<string, unknown>,
  }
}

function fromSafetensors(file: Buffer): Model {
  const { tensors, metadata } = decodeSafetensors(file)
  const ours = new Map(parameterNames.map((name) => [torchNames[name], name]))
  const parameters: Record<string, Tensor> = {}
  for (const [name, read] of tensors) {
    const own = ours.get(name)
    if (own) parameters[own] = read
    else if (name !== torchSecondBias) throw new ExpectedError(`one of ${[...ours.keys()].join(', ')}`, name)
  }
  if (tensors.size === 0)
    throw new ExpectedError(`one of ${[...ours.keys()].join(', ')}`, 'a file without tensors')
  const second = tensors.get(torchSecondBias)
  const first = parameters.b
  if (first && second) {
    if (first.data.length !== second.data.length)
      throw new ExpectedError(`${torchSecondBias} of ${first.data.length} numbers`, `${second.data.length}`)
    parameters.b = { ...first, data: first.data.map((value, index) => value + second.data[index]) }
  }
  return { ...(metadata.activation !== undefined && { activation: metadata.activation }), parameters }
}
