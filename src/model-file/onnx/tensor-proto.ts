/** TensorProto ⇄ tensors of numbers, and of whole numbers as shapes and axes are given. */
import { ExpectedError } from '../../expected'
import { type Dtype, type Floats, sizeOf, type Tensor, tensor } from '../../tensor/tensor'
import { floatsOf } from '../safetensors'
import { short } from '../short'
import { type Draft, dataTypes, type Message } from './messages'

export type TensorProto = Message<'TensorProto'>

export const toTensorProto = (name: string, { shape, dtype, data }: Tensor): Draft<'TensorProto'> => ({
  name,
  dims: shape.map(BigInt),
  dataType: dtype === 'float32' ? dataTypes.FLOAT : dataTypes.DOUBLE,
  rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
})

export const toIntegersProto = (name: string, values: readonly number[]): Draft<'TensorProto'> => ({
  name,
  dims: [BigInt(values.length)],
  dataType: dataTypes.INT64,
  int64Data: values.map(BigInt),
})

/** Whole numbers of a tensor with one axis, or with none. */
export interface Integers {
  readonly values: readonly number[]
  readonly isScalar: boolean
}

/** A shape, an axis or an index is never longer. */
const mostIntegers = 64

/** @throws ExpectedError naming the tensor if it has more axes, or other bytes than its shape needs */
export function fromIntegersProto(proto: TensorProto): Integers {
  const shape = shapeOf(proto)
  const count = sizeOf(shape)
  if (shape.length > 1 || count > mostIntegers)
    throw new ExpectedError(
      `at most ${mostIntegers} whole numbers in ${short(proto.name)}`,
      `shape [${shape}]`,
    )
  const given = proto.rawData.length > 0 ? integersOf(proto) : proto.int64Data
  const values = given.map(Number)
  if (values.length !== count)
    throw new ExpectedError(`${count} whole numbers in ${short(proto.name)}`, `${values.length}`)
  return { values, isScalar: shape.length === 0 }
}

function integersOf({ rawData, name }: TensorProto): bigint[] {
  if (rawData.length % 8 !== 0)
    throw new ExpectedError(`eight bytes for each number of ${short(name)}`, `${rawData.length}`)
  const view = new DataView(rawData.buffer, rawData.byteOffset, rawData.length)
  return Array.from({ length: rawData.length / 8 }, (_, index) => view.getBigInt64(index * 8, true))
}

/** @throws ExpectedError naming the tensor if it is of another type, or its numbers are not those of its shape */
export function fromTensorProto(proto: TensorProto): Tensor {
  const { name, dataType, dataLocation } = proto
  if (dataLocation !== 0)
    throw new ExpectedError(`the numbers of ${short(name)} in the file itself`, 'another file')
  const dtype = dtypeOf(proto)
  if (!dtype) throw new ExpectedError(`${short(name)} of type FLOAT or DOUBLE`, `data type ${dataType}`)
  const shape = shapeOf(proto)
  return tensor(dtype, shape, numbersOf(proto, dtype, sizeOf(shape)))
}

export const isIntegers = ({ dataType }: TensorProto): boolean => dataType === dataTypes.INT64

const dtypeOf = ({ dataType }: TensorProto): Dtype | undefined =>
  dataType === dataTypes.FLOAT ? 'float32' : dataType === dataTypes.DOUBLE ? 'float64' : undefined

function numbersOf(proto: TensorProto, dtype: Dtype, count: number): Floats {
  const { rawData, name } = proto
  const width = dtype === 'float32' ? 4 : 8
  const listed = dtype === 'float32' ? proto.floatData : proto.doubleData
  const found = rawData.length > 0 ? rawData.length / width : listed.length
  if (found !== count) throw new ExpectedError(`${count} numbers in ${short(name)}`, `${found}`)
  if (rawData.length > 0)
    return floatsOf(Buffer.from(rawData.buffer, rawData.byteOffset, rawData.length), dtype)
  return dtype === 'float32' ? Float32Array.from(listed) : Float64Array.from(listed)
}

function shapeOf({ dims, name }: TensorProto): number[] {
  const shape = dims.map(Number)
  if (shape.length > 8 || !shape.every((size) => Number.isSafeInteger(size) && size >= 0))
    throw new ExpectedError(`${short(name)} with a shape`, `[${dims.slice(0, 9)}]`)
  return shape
}
