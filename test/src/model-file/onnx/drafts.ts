/** ONNX files to change: what is in one, as something to write again. */

import { tensor } from '../../../../src'
import { decodeModel, encodeModel } from '../../../../src/model-file/onnx/codec'
import type { Draft, Message, MessageName } from '../../../../src/model-file/onnx/messages'
import { toIntegersProto, toTensorProto } from '../../../../src/model-file/onnx/tensor-proto'
import { type Attributes, graphBuilder } from '../../../../src/model-file/onnx/write/graph-builder'

/** A message all of whose parts may be changed and taken away. */
type Open<T> = T extends Uint8Array ? T : T extends object ? { -readonly [Key in keyof T]: Open<T[Key]> } : T
export type OpenMessage<Name extends MessageName> = Open<Message<Name>>
export type OpenModel = OpenMessage<'ModelProto'> & { graph: OpenMessage<'GraphProto'> }

export const draftOf = (file: Buffer): OpenModel => plain(decodeModel(file)) as OpenModel

/** Without what the library adds to name its messages. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (value instanceof Uint8Array || typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !name.startsWith('$'))
      .map(([name, part]) => [name, plain(part)]),
  )
}

/** The file with something of it changed in place. */
export function changed(file: Buffer, change: (model: OpenModel) => void): Buffer {
  const model = draftOf(file)
  change(model)
  return encodeModel(model as Draft<'ModelProto'>)
}

export type NodeOf = [operator: string, inputs: string[], outputs: string[], attributes?: Attributes]

/** Numbers that differ from each other. */
export const numbers = (...shape: number[]) =>
  tensor(
    'float32',
    shape,
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, index) => Math.sin(index + 1)),
  )

export interface GraphOf {
  readonly nodes: readonly NodeOf[]
  /** tensors, or whole numbers */
  readonly constants?: Readonly<Record<string, ReturnType<typeof numbers> | number[]>>
  /** default X [t, b, 2] */
  readonly inputs?: Readonly<Record<string, (string | number)[]>>
  readonly outputs: readonly string[]
  readonly opset?: number
}

/** A model as another program might write it. */
export function modelOf({
  nodes,
  constants = {},
  inputs = { X: ['t', 'b', 2] },
  outputs,
  opset = 14,
}: GraphOf): Buffer {
  const graph = graphBuilder()
  for (const node of nodes) graph.node(...node)
  const floats = (name: string, shape: (string | number)[]) => ({
    name,
    type: {
      tensorType: {
        elemType: 1,
        shape: {
          dim: shape.map((size) =>
            typeof size === 'string' ? { dimParam: size } : { dimValue: BigInt(size) },
          ),
        },
      },
    },
  })
  return encodeModel({
    irVersion: 7n,
    opsetImport: [{ version: BigInt(opset) }],
    graph: {
      name: 'made',
      node: graph.nodes,
      initializer: Object.entries(constants).map(([name, value]) =>
        Array.isArray(value) ? toIntegersProto(name, value) : toTensorProto(name, value),
      ),
      input: Object.entries(inputs).map(([name, shape]) => floats(name, shape)),
      output: outputs.map((name) => ({ name })),
    },
  })
}
