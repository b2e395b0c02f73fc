/** Tensor ⇄ message. */
import {
  type Dtype,
  describe,
  ExpectedError,
  floatsOf,
  fromNested,
  isTensor,
  sizeOf,
  type Tensor,
} from '../../src'
import type { MessageTensor, MessageTensors } from './message'

/** The bytes are shared with the tensor: both are values that nobody writes to. */
export const toMessage = ({ shape, dtype, data }: Tensor): MessageTensor => ({
  shape: [...shape],
  dtype,
  data: Buffer.from(data.buffer, data.byteOffset, data.byteLength),
})

export function allToMessage(tensors: Readonly<Record<string, Tensor>>): MessageTensors {
  const all: Record<string, MessageTensor> = {}
  for (const name of Object.keys(tensors)) all[name] = toMessage(tensors[name])
  return all
}

const looksLikeTensor = (value: unknown): value is MessageTensor =>
  typeof value === 'object' && value !== null && 'shape' in value && 'dtype' in value && 'data' in value

/**
 * A tensor of a message. The bytes are shared where they are aligned, copied otherwise.
 *
 * @throws ExpectedError naming `name` if it is not a tensor, or its bytes do not fit its shape
 */
export function fromMessage(value: unknown, name: string): Tensor {
  const expectation = `${name} to be a tensor { shape, dtype, data }`
  if (!looksLikeTensor(value)) throw new ExpectedError(expectation, describe(value))
  const { shape, dtype } = value
  const data = bytesOf(value.data)
  const isShape = Array.isArray(shape) && shape.every((size) => Number.isSafeInteger(size) && size >= 0)
  if (!isShape || (dtype !== 'float32' && dtype !== 'float64'))
    throw new ExpectedError(expectation, describe(value))
  if (isTensor(value)) return value
  if (!Buffer.isBuffer(data)) throw new ExpectedError(`${name}.data to be a Buffer`, describe(data))
  const width = dtype === 'float32' ? 4 : 8
  const count = sizeOf(shape)
  if (data.length !== count * width)
    throw new ExpectedError(`${count * width} bytes in ${name}`, `${data.length}`)
  if (data.byteOffset % width !== 0) return { shape, dtype, data: floatsOf(data, dtype) }
  const view =
    dtype === 'float32'
      ? new Float32Array(data.buffer, data.byteOffset, count)
      : new Float64Array(data.buffer, data.byteOffset, count)
  return { shape, dtype, data: view }
}

/** A Buffer that went through JSON is an object { type: 'Buffer', data: [bytes] }. */
export const bytesOf = (data: unknown): unknown =>
  typeof data === 'object' && data !== null && 'type' in data && data.type === 'Buffer' && 'data' in data
    ? Buffer.from(data.data as number[])
    : data

/** @param precision of what comes as nested arrays; default float64 */
export function allFromMessage(
  tensors: Readonly<Record<string, unknown>>,
  name: string,
  precision: Dtype = 'float64',
): Record<string, Tensor> {
  const all: Record<string, Tensor> = {}
  for (const key of Object.keys(tensors ?? {}))
    all[key] = readTensor(tensors[key], `${name}.${key}`, precision)
  return all
}

/** A tensor from a tensor of a message, nested arrays or a typed array. */
export const readTensor = (value: unknown, name: string, precision: Dtype): Tensor =>
  Array.isArray(value) || ArrayBuffer.isView(value) ? fromNested(value, precision) : fromMessage(value, name)

/** A tensor of a message as a tensor; anything else (nested arrays, typed arrays) as it is. */
export const tensorOrNested = (value: unknown, name: string): unknown =>
  looksLikeTensor(value) ? fromMessage(value, name) : value
