/**
 * What ONNX demands of a model, from its specification (https://github.com/onnx/onnx/blob/main/docs/IR.md, Operators.md)
 * and what its own checker looks at: written here once more, on the messages of a file.
 */
import { decodeModel } from '../../../../src/model-file/onnx/codec'
import type { Message } from '../../../../src/model-file/onnx/messages'

/** Inputs and outputs at least and at most, and the attributes that must and may be there: of opset 14. */
interface Signature {
  readonly inputs: readonly [least: number, most: number]
  readonly outputs: readonly [least: number, most: number]
  readonly needs?: readonly string[]
  readonly may?: readonly string[]
}

const recurrent = [
  'activation_alpha',
  'activation_beta',
  'activations',
  'clip',
  'direction',
  'hidden_size',
  'layout',
]
const many = Number.POSITIVE_INFINITY
const signatures: Readonly<Record<string, Signature>> = {
  RNN: { inputs: [3, 6], outputs: [0, 2], may: recurrent },
  GRU: { inputs: [3, 6], outputs: [0, 2], may: [...recurrent, 'linear_before_reset'] },
  LSTM: { inputs: [3, 8], outputs: [0, 3], may: [...recurrent, 'input_forget'] },
  Split: { inputs: [1, 2], outputs: [1, many], may: ['axis'] },
  Concat: { inputs: [1, many], outputs: [1, 1], needs: ['axis'] },
  Squeeze: { inputs: [1, 2], outputs: [1, 1] },
  Transpose: { inputs: [1, 1], outputs: [1, 1], may: ['perm'] },
  Reshape: { inputs: [2, 2], outputs: [1, 1], may: ['allowzero'] },
  MatMul: { inputs: [2, 2], outputs: [1, 1] },
  Add: { inputs: [2, 2], outputs: [1, 1] },
  Sub: { inputs: [2, 2], outputs: [1, 1] },
  Mul: { inputs: [2, 2], outputs: [1, 1] },
  Div: { inputs: [2, 2], outputs: [1, 1] },
  Sigmoid: { inputs: [1, 1], outputs: [1, 1] },
  Softmax: { inputs: [1, 1], outputs: [1, 1], may: ['axis'] },
  Identity: { inputs: [1, 1], outputs: [1, 1] },
}

/** The field that holds a value, by AttributeProto.AttributeType. */
const fieldOfType: Readonly<Record<number, keyof Message<'AttributeProto'>>> = {
  1: 'f',
  2: 'i',
  3: 's',
  4: 't',
  6: 'floats',
  7: 'ints',
  8: 'strings',
}
const widths: Readonly<Record<number, number>> = { 1: 4, 7: 8, 11: 8 }
/** The highest opset of an IR version: https://github.com/onnx/onnx/blob/main/docs/Versioning.md */
const highestOpset: Readonly<Record<number, number>> = { 3: 8, 4: 9, 5: 10, 6: 11, 7: 14, 8: 18 }

/** Everything that is wrong with a file; nothing, of a good one. */
export function brokenRules(file: Buffer): string[] {
  const broken: string[] = []
  const rule = (holds: boolean, what: string) => {
    if (!holds) broken.push(what)
  }
  const model = decodeModel(file)
  const { graph, irVersion, opsetImport, metadataProps } = model
  rule(irVersion >= 3n, 'an IR version')
  const own = opsetImport.filter(({ domain }) => domain === '')
  rule(opsetImport.length > 0 && own.length === 1, 'an opset for the domain of ONNX')
  rule(new Set(opsetImport.map(({ domain }) => domain)).size === opsetImport.length, 'one opset a domain')
  const opset = Number(own[0]?.version ?? 0)
  rule(
    opset >= 14 && opset <= (highestOpset[Number(irVersion)] ?? 0),
    'an opset of the time of the IR version',
  )
  rule(new Set(metadataProps.map(({ key }) => key)).size === metadataProps.length, 'one property a key')
  if (!graph) return [...broken, 'a graph']

  isIdentifier(graph.name, 'graph')
  const defined = new Set<string>()
  const define = (name: string, what: string) => {
    isIdentifier(name, what)
    rule(!defined.has(name), `${name} is defined once`)
    defined.add(name)
  }
  function isIdentifier(name: string, what: string) {
    rule(/^[A-Za-z_][A-Za-z0-9_]*$/.test(name), `${what} "${name}" is an identifier`)
  }
  for (const info of graph.input) {
    define(info.name, 'an input')
    checkType(info, rule)
  }
  for (const constant of graph.initializer) {
    define(constant.name, 'a constant')
    checkTensor(constant, rule)
  }
  const nodeNames = graph.node.map(({ name }) => name).filter((name) => name !== '')
  rule(new Set(nodeNames).size === nodeNames.length, 'a name of its own for every node')
  for (const node of graph.node) {
    if (node.name !== '') isIdentifier(node.name, 'a node')
    rule(node.output.length > 0, `${node.name} has an output`)
    for (const name of node.input)
      rule(name === '' || defined.has(name), `${node.name} takes in ${name}, which is there before it`)
    for (const name of node.output) if (name !== '') define(name, 'an output of a node')
    checkNode(node, rule)
  }
  rule(graph.output.length > 0, 'an output of the graph')
  for (const info of graph.output) {
    rule(defined.has(info.name), `the output ${info.name} is there`)
    checkType(info, rule)
  }
  return broken
}

type Rule = (holds: boolean, what: string) => void

function checkNode(
  { opType, name, domain, input, output, attribute }: Message<'NodeProto'>,
  rule: Rule,
): void {
  const signature = signatures[opType]
  rule(domain === '' && signature !== undefined, `${opType} is an operator of ONNX`)
  if (!signature) return
  const { inputs, outputs, needs = [], may = [] } = signature
  rule(input.length >= inputs[0] && input.length <= inputs[1], `${name} has as many inputs as ${opType}`)
  rule(output.length >= outputs[0] && output.length <= outputs[1], `${name} has as many outputs as ${opType}`)
  rule(
    input.slice(0, inputs[0]).every((given) => given !== ''),
    `${name} has the inputs that ${opType} needs`,
  )
  const names = attribute.map((given) => given.name)
  rule(new Set(names).size === names.length, `${name} has each attribute once`)
  rule(
    needs.every((needed) => names.includes(needed)),
    `${name} has the attributes that ${opType} needs`,
  )
  for (const given of attribute) {
    rule([...needs, ...may].includes(given.name), `${opType} has an attribute ${given.name}`)
    const field = fieldOfType[given.type]
    rule(field !== undefined, `${name}.${given.name} has a type`)
    for (const other of Object.values(fieldOfType)) {
      const value = given[other]
      const isThere = Array.isArray(value) || value instanceof Uint8Array ? value.length > 0 : Boolean(value)
      rule(other === field || !isThere, `${name}.${given.name} holds nothing beside its value`)
    }
  }
}

function checkTensor({ name, dims, dataType, ...data }: Message<'TensorProto'>, rule: Rule): void {
  const width = widths[dataType]
  rule(width !== undefined, `${name} has a type`)
  const count = dims.reduce((product, size) => product * Number(size), 1)
  const listed = { 1: data.floatData, 7: data.int64Data, 11: data.doubleData }[dataType] ?? []
  const filled = [data.rawData, data.floatData, data.int64Data, data.doubleData].filter(
    ({ length }) => length > 0,
  )
  rule(filled.length === (count === 0 ? 0 : 1), `${name} holds its numbers in one place`)
  const found = data.rawData.length > 0 ? data.rawData.length / width : listed.length
  rule(found === count, `${name} holds ${count} numbers`)
  rule(data.dataLocation === 0, `${name} is in the file`)
}

function checkType({ name, type }: Message<'ValueInfoProto'>, rule: Rule): void {
  const { elemType = 0, shape } = type?.tensorType ?? {}
  rule(widths[elemType] !== undefined, `${name} has a type`)
  rule(shape !== undefined && shape.dim.length > 0, `${name} has a shape`)
  for (const { dimValue, dimParam } of shape?.dim ?? [])
    rule(dimValue > 0n !== (dimParam !== ''), `an axis of ${name} has a size or a name`)
}
