/** ONNX's bytes ⇄ messages, by the protobuf library. */
import type { DescMessage } from '@bufbuild/protobuf'
import { ExpectedError } from '../../expected'
import { checkFields } from './field-count'
import { type Draft, fieldsOf, isMessage, type Message, type MessageName, messages } from './messages'

/** Loaded with the first ONNX file, which most flows never see: it takes a third of the time of all the rest. */
const library = () => require('@bufbuild/protobuf') as typeof import('@bufbuild/protobuf')
const wellKnown = () => require('@bufbuild/protobuf/wkt') as typeof import('@bufbuild/protobuf/wkt')

let known: DescMessage | undefined

/** ModelProto as the library knows messages: by a descriptor of the file it is declared in. */
function modelSchema(): DescMessage {
  if (known) return known
  const { create, createFileRegistry } = library()
  const {
    FieldDescriptorProto_Label: labels,
    FieldDescriptorProto_Type: types,
    FileDescriptorProtoSchema,
  } = wellKnown()
  const scalars = {
    int32: types.INT32,
    int64: types.INT64,
    float: types.FLOAT,
    double: types.DOUBLE,
    string: types.STRING,
    bytes: types.BYTES,
  }
  const messageType = (Object.keys(messages) as MessageName[]).map((name) => ({
    name,
    field: fieldsOf(name).map(([fieldName, { number, type, repeated }]) => ({
      name: fieldName,
      number,
      label: repeated ? labels.REPEATED : labels.OPTIONAL,
      ...(isMessage(type)
        ? { type: types.MESSAGE, typeName: `.onnx.${type}` }
        : { type: scalars[type as keyof typeof scalars] }),
    })),
  }))
  const file = create(FileDescriptorProtoSchema, {
    name: 'onnx.proto3',
    package: 'onnx',
    syntax: 'proto3',
    messageType,
  })
  known = createFileRegistry(file, () => undefined).getMessage('onnx.ModelProto') as DescMessage
  return known
}

export function encodeModel(model: Draft<'ModelProto'>): Buffer {
  const { create, toBinary } = library()
  const bytes = toBinary(modelSchema(), create(modelSchema(), model as Record<string, unknown>))
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** @throws ExpectedError for bytes that are no message, or of more fields than any model has */
export function decodeModel(file: Buffer): Message<'ModelProto'> {
  try {
    checkFields(file)
    const { fromBinary } = library()
    return fromBinary(modelSchema(), file, { readUnknownFields: false }) as unknown as Message<'ModelProto'>
  } catch (error) {
    if (error instanceof ExpectedError) throw error
    throw new ExpectedError('a whole ONNX file', `bytes that end otherwise: ${(error as Error).message}`)
  }
}
