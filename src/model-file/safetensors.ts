/**
 * The safetensors format, for float32 and float64 tensors: eight bytes of header length (little endian), a JSON
 * header { name: { dtype, shape, data_offsets } }, then the numbers. https://huggingface.co/docs/safetensors
 */
import { describe, ExpectedError } from '../expected'
import { type Dtype, type Floats, sizeOf, type Tensor, tensor } from '../tensor/tensor'
import { parseJson } from './parse-json'
import { short } from './short'

export interface SafetensorsFile {
  readonly tensors: ReadonlyMap<string, Tensor>
  readonly metadata: Readonly<Record<string, string>>
}

const formatNames: Record<Dtype, string> = { float32: 'F32', float64: 'F64' }

/** The largest header that is read. The format's own library takes ten times as much, for models of many more tensors. */
const maxHeaderBytes = 10_000_000

export function encodeSafetensors(
  tensors: ReadonlyMap<string, Tensor>,
  metadata: Readonly<Record<string, string>>,
): Buffer {
  const entries: [string, unknown][] = [['__metadata__', metadata]]
  const parts: Buffer[] = []
  let offset = 0
  for (const [name, { dtype, shape, data }] of tensors) {
    const range = [offset, offset + data.byteLength]
    entries.push([name, { dtype: formatNames[dtype], shape, data_offsets: range }])
    parts.push(Buffer.from(data.buffer, data.byteOffset, data.byteLength))
    offset += data.byteLength
  }
  const json = Buffer.from(JSON.stringify(Object.fromEntries(entries)))
  const padded = Buffer.concat([json, Buffer.alloc((8 - (json.length % 8)) % 8, ' ')])
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(padded.length))
  return Buffer.concat([length, padded, ...parts])
}

/** @throws ExpectedError for anything that is not a whole file of this format */
export function decodeSafetensors(file: Buffer): SafetensorsFile {
  const headerEnd = file.length < 8 ? 0 : 8 + Number(file.readBigUInt64LE())
  if (headerEnd <= 8 || headerEnd > file.length || headerEnd > maxHeaderBytes)
    throw new ExpectedError('a safetensors file', `${file.length} bytes that do not begin with a header`)
  const header = parseHeader(file.subarray(8, headerEnd).toString('utf8'))
  const body = file.subarray(headerEnd)
  const tensors = new Map<string, Tensor>()
  let metadata: Record<string, string> = {}
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') metadata = readMetadata(entry)
    else tensors.set(name, readTensor(name, entry, body))
  }
  checkRanges(header, body.length)
  return { tensors, metadata }
}

function parseHeader(text: string): Record<string, unknown> {
  const header = parseJson(text, 'a safetensors header of JSON')
  if (typeof header === 'object' && header !== null && !Array.isArray(header))
    return header as Record<string, unknown>
  throw new ExpectedError('a safetensors header of JSON', describe(header))
}

function readMetadata(entry: unknown): Record<string, string> {
  const isObject = typeof entry === 'object' && entry !== null && !Array.isArray(entry)
  if (isObject && Object.values(entry).every((value) => typeof value === 'string'))
    return entry as Record<string, string>
  throw new ExpectedError('metadata of texts', describe(entry))
}

/** The tensors fill the body: they neither overlap nor leave a hole, as the format asks. */
function checkRanges(header: Record<string, unknown>, bodyLength: number): void {
  const ranges = Object.entries(header)
    .filter(([name]) => name !== '__metadata__')
    .map(([, entry]) => (entry as { data_offsets: number[] }).data_offsets)
    .sort(([a, aEnd], [b, bEnd]) => a - b || aEnd - bEnd)
  let filled = 0
  for (const [begin, end] of [...ranges, [bodyLength, bodyLength]]) {
    if (begin !== filled)
      throw new ExpectedError(`numbers that go on at byte ${filled}`, `the next ones at ${begin}`)
    filled = end
  }
}

function readTensor(fullName: string, entry: unknown, body: Buffer): Tensor {
  const name = short(fullName)
  const { dtype: formatName, shape, data_offsets: offsets } = (entry ?? {}) as Record<string, unknown>
  const dtype = (Object.keys(formatNames) as Dtype[]).find((known) => formatNames[known] === formatName)
  if (!dtype) throw new ExpectedError(`${name} of type F32 or F64`, describe(formatName))
  const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0
  if (!Array.isArray(shape) || !shape.every(isCount) || !Array.isArray(offsets) || !offsets.every(isCount))
    throw new ExpectedError(`${name} with a shape and offsets`, 'a header without')
  const [begin, end] = offsets as number[]
  const bytes = sizeOf(shape) * (dtype === 'float32' ? 4 : 8)
  if (end > body.length || end - begin !== bytes)
    throw new ExpectedError(`${bytes} bytes for ${name}`, `the range ${begin} to ${end} of ${body.length}`)
  return tensor(dtype, shape, floatsOf(body.subarray(begin, end), dtype))
}

/** The numbers in little-endian bytes; a copy, since bytes of a file lie where they lie. */
export function floatsOf(bytes: Buffer, dtype: Dtype): Floats {
  const copy = new Uint8Array(bytes).buffer
  return dtype === 'float32' ? new Float32Array(copy) : new Float64Array(copy)
}
