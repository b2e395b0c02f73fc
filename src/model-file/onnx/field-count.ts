/**
 * Counts the fields of an ONNX file before anything is made of it: a field of two bytes becomes an object of some two
 * hundred, so that a file of a few megabytes could take up gigabytes.
 */
import { ExpectedError } from '../../expected'
import { fieldsOf, isMessage, type MessageName, messages } from './messages'

/** A cell of eight layers in both directions has fifteen hundred. */
const mostFields = 200_000

const byNumber = Object.fromEntries(
  (Object.keys(messages) as MessageName[]).map((name) => [
    name,
    new Map(fieldsOf(name).map(([, field]) => [field.number, field])),
  ]),
)

/** @throws ExpectedError for too many; any other error of the library for bytes that are no message */
export function checkFields(file: Buffer): void {
  const { BinaryReader, WireType } =
    require('@bufbuild/protobuf/wire') as typeof import('@bufbuild/protobuf/wire')
  let count = 0
  const add = (fields: number) => {
    count += fields
    if (count > mostFields) throw new ExpectedError(`an ONNX file of at most ${mostFields} fields`, 'more')
  }
  const walk = (name: MessageName, bytes: Uint8Array) => {
    const reader = new BinaryReader(bytes)
    while (reader.pos < reader.len) {
      add(1)
      const [number, wireType] = reader.tag()
      const type = byNumber[name].get(number)?.type
      if (wireType !== WireType.LengthDelimited || !type) {
        reader.skip(wireType, number)
        continue
      }
      const part = reader.bytes()
      if (isMessage(type)) walk(type, part)
      // whole numbers in a row, which may have a byte each
      else if (type === 'int64' || type === 'int32') add(part.length)
    }
  }
  walk('ModelProto', file)
}
