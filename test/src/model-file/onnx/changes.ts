/** Changes of a graph at random: another operator, input, constant, order … */
import fc from 'fast-check'
import type { OpenModel } from './drafts'

const operators = [
  ...['RNN', 'GRU', 'LSTM', 'MatMul', 'Gemm', 'Add', 'Mul', 'Sub', 'Div', 'Sigmoid', 'Softmax', 'Identity'],
  ...['Constant', 'ConstantOfShape', 'Expand', 'Shape', 'Gather', 'Slice', 'Split', 'Unsqueeze', 'Squeeze'],
  ...['Concat', 'Transpose', 'Reshape', 'Dropout', 'Cast', 'Relu', 'toString'],
]

/** Of what a change is. */
export const kindsOfChange = [
  'operator',
  'input',
  'output',
  'attribute',
  'value',
  'dims',
  'order',
  'opset',
] as const

interface Change {
  readonly what: (typeof kindsOfChange)[number]
  readonly at: number
  readonly to: number
  readonly number: number
  readonly operator: string
}

export const changesOf = (...kinds: Change['what'][]): fc.Arbitrary<Change[]> =>
  fc.array(
    fc.record({
      what: fc.constantFrom(...kinds),
      at: fc.nat(100),
      to: fc.nat(100),
      number: fc.constantFrom(-2, -1, 0, 1, 2, 3, 2 ** 31),
      operator: fc.constantFrom(...operators),
    }),
    { minLength: 1, maxLength: 4 },
  )

/** Changes a model in place. */
export function applyChange(
  { graph, opsetImport }: OpenModel,
  { what, at, to, number, operator }: Change,
): void {
  const one = <T>(list: readonly T[], index: number): T => list[index % list.length]
  const node = one(graph.node, at)
  const names = [
    ...graph.input.map(({ name }) => name),
    ...graph.initializer.map(({ name }) => name),
    ...graph.node.flatMap(({ output }) => output),
    '',
  ]
  const constant = one(graph.initializer, at)
  if (what === 'operator') node.opType = operator
  if (what === 'input') node.input[to % (node.input.length + 1)] = one(names, to + number + 2)
  if (what === 'output') node.output[to % (node.output.length + 1)] = one(names, to + number + 2)
  if (what === 'attribute') {
    node.attribute.splice(to % 3, 1)
    const name = one(['axis', 'axes', 'perm', 'direction', 'starts', 'transB', 'activations', 'clip'], to)
    node.attribute.push({
      ...{
        name,
        type: one([1, 2, 3, 6, 7, 8], to + number + 2),
        f: number,
        i: BigInt(number),
        s: new Uint8Array(),
      },
      ...{
        t: undefined,
        floats: [number],
        ints: [BigInt(number), BigInt(to % 4)],
        strings: [new Uint8Array([84])],
      },
    })
  }
  if (what === 'value' && constant.int64Data.length > 0)
    constant.int64Data = constant.int64Data.map((value, index) => (index === to % 3 ? BigInt(number) : value))
  if (what === 'dims') constant.dims = to % 2 === 0 ? constant.dims.toReversed() : [...constant.dims, 1n]
  if (what === 'order')
    graph.node.splice(to % graph.node.length, 0, ...graph.node.splice(at % graph.node.length, 1))
  if (what === 'opset') opsetImport[0].version = BigInt(Math.max(0, number) + 7)
}
