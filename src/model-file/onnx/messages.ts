/**
 * The messages of ONNX, as far as a recurrent network needs them: fields and their numbers from
 * https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3, names in camel case. What is left out (subgraphs, sparse
 * and quantized tensors, functions, training) is skipped in a file that has it.
 */

/** Types of values: protobuf's own, or the name of a message. */
type FieldType = keyof Scalars | MessageName

interface Scalars {
  int32: number
  int64: bigint
  float: number
  double: number
  string: string
  bytes: Uint8Array
}

interface Field<Type extends string = string, Repeated extends boolean = boolean> {
  readonly number: number
  readonly type: Type
  readonly repeated: Repeated
}

const one = <const Type extends string>(number: number, type: Type): Field<Type, false> => ({
  number,
  type,
  repeated: false,
})
const many = <const Type extends string>(number: number, type: Type): Field<Type, true> => ({
  number,
  type,
  repeated: true,
})

export const messages = {
  ModelProto: {
    irVersion: one(1, 'int64'),
    producerName: one(2, 'string'),
    docString: one(6, 'string'),
    graph: one(7, 'GraphProto'),
    opsetImport: many(8, 'OperatorSetIdProto'),
    metadataProps: many(14, 'StringStringEntryProto'),
  },
  OperatorSetIdProto: { domain: one(1, 'string'), version: one(2, 'int64') },
  StringStringEntryProto: { key: one(1, 'string'), value: one(2, 'string') },
  GraphProto: {
    node: many(1, 'NodeProto'),
    name: one(2, 'string'),
    initializer: many(5, 'TensorProto'),
    input: many(11, 'ValueInfoProto'),
    output: many(12, 'ValueInfoProto'),
  },
  NodeProto: {
    input: many(1, 'string'),
    output: many(2, 'string'),
    name: one(3, 'string'),
    opType: one(4, 'string'),
    attribute: many(5, 'AttributeProto'),
    domain: one(7, 'string'),
  },
  AttributeProto: {
    name: one(1, 'string'),
    f: one(2, 'float'),
    i: one(3, 'int64'),
    s: one(4, 'bytes'),
    t: one(5, 'TensorProto'),
    floats: many(7, 'float'),
    ints: many(8, 'int64'),
    strings: many(9, 'bytes'),
    /** of AttributeProto.AttributeType, below */
    type: one(20, 'int32'),
  },
  TensorProto: {
    dims: many(1, 'int64'),
    /** of TensorProto.DataType, below */
    dataType: one(2, 'int32'),
    floatData: many(4, 'float'),
    int64Data: many(7, 'int64'),
    name: one(8, 'string'),
    rawData: one(9, 'bytes'),
    doubleData: many(10, 'double'),
    /** 1: the numbers are in another file */
    dataLocation: one(14, 'int32'),
  },
  ValueInfoProto: { name: one(1, 'string'), type: one(2, 'TypeProto'), docString: one(3, 'string') },
  /** of its oneof only tensor_type */
  TypeProto: { tensorType: one(1, 'TypeProtoTensor') },
  TypeProtoTensor: { elemType: one(1, 'int32'), shape: one(2, 'TensorShapeProto') },
  TensorShapeProto: { dim: many(1, 'Dimension') },
  /** one of the two, or neither for a size that nobody knows */
  Dimension: { dimValue: one(1, 'int64'), dimParam: one(2, 'string') },
} as const

type Messages = typeof messages
export type MessageName = keyof Messages

type ValueOf<Type> = Type extends keyof Scalars
  ? Scalars[Type]
  : Type extends MessageName
    ? Message<Type>
    : never
type IsMessage<Type> = Type extends MessageName ? true : false

/** A message that was read: numbers and texts that are not in the file are 0 and empty, messages undefined. */
export type Message<Name extends MessageName> = {
  readonly [Key in keyof Messages[Name]]: Messages[Name][Key] extends Field<infer Type, infer Repeated>
    ? Repeated extends true
      ? readonly ValueOf<Type>[]
      : IsMessage<Type> extends true
        ? ValueOf<Type> | undefined
        : ValueOf<Type>
    : never
}

type DraftOf<Type> = Type extends keyof Scalars
  ? Scalars[Type]
  : Type extends MessageName
    ? Draft<Type>
    : never

/** A message to write, of which anything may be left out. */
export type Draft<Name extends MessageName> = {
  readonly [Key in keyof Messages[Name]]?: Messages[Name][Key] extends Field<infer Type, infer Repeated>
    ? Repeated extends true
      ? readonly DraftOf<Type>[]
      : DraftOf<Type>
    : never
}

export const fieldsOf = (name: MessageName): [string, Field<FieldType>][] =>
  Object.entries(messages[name]) as [string, Field<FieldType>][]

export const isMessage = (type: FieldType): type is MessageName => Object.hasOwn(messages, type)

/** TensorProto.DataType */
export const dataTypes = { FLOAT: 1, INT64: 7, DOUBLE: 11 } as const

/** AttributeProto.AttributeType */
export const attributeTypes = {
  FLOAT: 1,
  INT: 2,
  STRING: 3,
  TENSOR: 4,
  FLOATS: 6,
  INTS: 7,
  STRINGS: 8,
} as const
