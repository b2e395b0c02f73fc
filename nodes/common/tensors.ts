/** Tensor ⇄ message. */
import {
  checkSize,
  type Dtype,
  describe,
  ExpectedError,
  floatsOf,
  fromNested,
  mostAxes,
  sizeOf,
  type Tensor,
} from '../../src'
import { shapeOf } from './brought'
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
 * A tensor of a message. The bytes are shared where they are aligned, copied otherwise. Each property is read once: a
 * second look could find something else.
 *
 * @throws ExpectedError naming `name` if it is not a tensor, has too many numbers, or its bytes do not fit its shape
 */
function fromMessage(value: unknown, name: string): Tensor {
  const expectation = `${name} to be a tensor { shape, dtype, data }`
  if (!looksLikeTensor(value)) throw new ExpectedError(expectation, describe(value))
  const { shape: axes, dtype } = value
  const numbers: unknown = value.data
  const shape = Array.isArray(axes) && axes.length <= mostAxes ? [...axes] : [-1]
  const isShape = shape.every((size) => Number.isSafeInteger(size) && size >= 0)
  if (!isShape || (dtype !== 'float32' && dtype !== 'float64'))
    throw new ExpectedError(expectation, describe(value))
  const count = checkSize('maxElements', sizeOf(shape), `numbers in ${name}`)
  const isOwn = numbers instanceof (dtype === 'float32' ? Float32Array : Float64Array)
  if (isOwn && numbers.length === count) return { shape, dtype, data: numbers }
  const width = dtype === 'float32' ? 4 : 8
  const data = bytesOf(numbers, `${name}.data`, count * width)
  if (!Buffer.isBuffer(data)) throw new ExpectedError(`${name}.data to be a Buffer`, describe(data))
  if (data.length !== count * width)
    throw new ExpectedError(`${count * width} bytes in ${name}`, `${data.length}`)
  if (data.byteOffset % width !== 0) return { shape, dtype, data: floatsOf(data, dtype) }
  const view =
    dtype === 'float32'
      ? new Float32Array(data.buffer, data.byteOffset, count)
      : new Float64Array(data.buffer, data.byteOffset, count)
  return { shape, dtype, data: view }
}

/**
 * A Buffer that went through JSON is an object { type: 'Buffer', data: [bytes] }.
 *
 * @param most bytes that there may be
 * @throws ExpectedError for more
 */
export function bytesOf(given: unknown, name: string, most: number): unknown {
  if (typeof given !== 'object' || given === null || !('type' in given) || !('data' in given)) return given
  const { type, data } = given
  if (type !== 'Buffer' || !Array.isArray(data)) return given
  const { length } = data
  if (!(length <= most)) throw new ExpectedError(`${most} bytes in ${name}`, `${length}`)
  return Buffer.from(Uint8Array.from({ length }, (_, index) => data[index]).buffer)
}

/**
 * Tensors by name.
 *
 * @param precision of what comes as nested arrays; default float64
 * @throws ExpectedError for what is none, or if all of them together are too many numbers
 */
export function allFromMessage(
  tensors: Readonly<Record<string, unknown>> | undefined,
  name: string,
  precision: Dtype = 'float64',
): Record<string, Tensor> {
  const all: Record<string, Tensor> = {}
  let count = 0
  for (const key of namesIn(tensors, name)) {
    const given = tensors?.[key]
    count += Math.max(sizeOf(shapeOf(given).slice(0, mostAxes)) || 0, 0)
    checkSize('maxElements', count, `numbers in ${name}`)
    all[key] = readTensor(given, `${name}.${key}`, precision)
  }
  return all
}

/** Of an object by name; what is a row of many things has as many names. */
export function namesIn(given: unknown, name: string): string[] {
  if (given === undefined || given === null) return []
  if (typeof given === 'object' && !Array.isArray(given) && !ArrayBuffer.isView(given))
    return Object.keys(given)
  throw new ExpectedError(`${name} to be an object by name (W, U, b, V, c)`, describe(given))
}

/** A tensor from a tensor of a message, nested arrays or a typed array. */
export const readTensor = (value: unknown, name: string, precision: Dtype): Tensor =>
  Array.isArray(value) || ArrayBuffer.isView(value) ? fromNested(value, precision) : fromMessage(value, name)

/** A tensor of a message as a tensor; anything else (nested arrays, typed arrays) as it is. */
export const tensorOrNested = (value: unknown, name: string): unknown =>
  looksLikeTensor(value) ? fromMessage(value, name) : value
