/**
 * What is kept, as one value that is safe in JSON: a safetensors file in base64 and, behind a point, the checksum of that
 * text, so that a damaged byte is not taken for a weight. Earlier versions kept it without one.
 */
import { crc32 } from 'node:zlib'
import {
  decodeSafetensors,
  describe,
  ExpectedError,
  encodeSafetensors,
  type SafetensorsFile,
} from '../../src'

const checksum = (text: string): string => crc32(text).toString(16).padStart(8, '0')

export function textOf({ tensors, metadata }: SafetensorsFile): string {
  const text = encodeSafetensors(tensors, metadata).toString('base64')
  return `${text}.${checksum(text)}`
}

/** @throws ExpectedError if it is no such text, or damaged */
export function fileOf(kept: unknown): SafetensorsFile {
  if (typeof kept !== 'string') throw new ExpectedError('a text', describe(kept))
  const point = kept.indexOf('.')
  const text = point < 0 ? kept : kept.slice(0, point)
  const sum = point < 0 ? undefined : kept.slice(point + 1)
  if (sum !== undefined && sum !== checksum(text))
    throw new ExpectedError(`the checksum ${checksum(text)}`, sum === '' ? 'none' : sum)
  const bytes = Buffer.from(text, 'base64')
  // what is no base64 would be passed over
  if (sum === undefined && bytes.toString('base64') !== text)
    throw new ExpectedError('base64', describe(text))
  return decodeSafetensors(bytes)
}
