/**
 * Files that somebody means harm with, or that a disk has spoiled: whatever they are, what comes is a model or an
 * ExpectedError, soon, in little memory, and no object is changed.
 */
import fc from 'fast-check'
import should from 'should'
import {
  type Cell,
  type CellOptions,
  ExpectedError,
  encodeSafetensors,
  loadModel,
  modelFormats,
  rnnCell,
  saveModel,
  tensor,
} from '../../../src'
import { encodeModel } from '../../../src/model-file/onnx/codec'
import { bytesOf, cellOf } from './forms'
import { applyChange, changesOf, kindsOfChange } from './onnx/changes'
import { changed, draftOf, modelOf, type NodeOf, numbers } from './onnx/drafts'

const scale = { input: { mean: [1, 2], std: [3, 4] }, target: { mean: [5], std: [6] } }
const options: CellOptions[] = [
  { type: 'gru', inputSize: 2, hiddenSize: 2, outputSize: 1 },
  {
    type: 'lstm',
    peepholes: true,
    clip: 0.5,
    bidirectional: true,
    layers: 2,
    inputSize: 2,
    hiddenSize: 1,
    outputSize: 1,
  },
]
const files = options
  .map((each) => rnnCell(each))
  .flatMap((cell: Cell) =>
    modelFormats.flatMap((format) => [
      Buffer.from(saveModel(cell, format, { scale })),
      ...(format === 'onnx' ? [saveModel(cell, format, { scale, scaleInside: true })] : []),
    ]),
  )
const someFile = fc.constantFrom(...files)

/** A cell comes of it, or it is refused as it should be. */
function isHarmless(file: Buffer | string): void {
  try {
    cellOf(loadModel(file))
  } catch (error) {
    should(error).be.instanceOf(ExpectedError)
    should((error as Error).message.length).be.below(1000)
  }
}

afterEach('no object is changed', () => {
  should(Object.keys(Object.prototype)).be.empty()
  for (const name of ['shape', 'dtype', 'type', 'layers', 'mean', 'std', 'polluted'])
    should(({} as Record<string, unknown>)[name]).be.undefined()
})

describe('a spoiled model file does no harm', () => {
  it('cut short anywhere', () => {
    for (const file of files) {
      const whole = bytesOf(cellOf(loadModel(file)))
      for (let length = 0; length < file.length; length += file.length > 2000 ? 3 : 1) {
        try {
          const part = cellOf(loadModel(file.subarray(0, length)))
          // all that is missing: the line feed after JSON, or metadata behind the graph of ONNX
          should(bytesOf(part)).eql(whole)
        } catch (error) {
          should(error).be.instanceOf(ExpectedError)
        }
      }
    }
  })

  it('with bits flipped', () => {
    fc.assert(
      fc.property(someFile, fc.array(fc.nat(80_000), { minLength: 1, maxLength: 5 }), (file, bits) => {
        const flipped = Buffer.from(file)
        for (const bit of bits) flipped[(bit >> 3) % flipped.length] ^= 1 << (bit & 7)
        isHarmless(flipped)
      }),
      { numRuns: 3000 },
    )
  })

  it('with bytes put in, taken out and moved', () => {
    const places = fc.tuple(fc.nat(4000), fc.nat(4000), fc.uint8Array({ maxLength: 12 }))
    fc.assert(
      fc.property(someFile, places, (file, [start, end, bytes]) => {
        const [from, to] = [start % file.length, end % file.length].sort((a, b) => a - b)
        isHarmless(Buffer.concat([file.subarray(0, from), bytes, file.subarray(to)]))
        isHarmless(Buffer.concat([file.subarray(0, to), bytes, file.subarray(from)]))
      }),
      { numRuns: 1500 },
    )
  })

  it('with nodes, constants and attributes changed: a graph that says something else, or nothing', () => {
    const graphs = files.filter((file) => file[0] === 8).map(draftOf)
    fc.assert(
      fc.property(fc.nat(), changesOf(...kindsOfChange), (which, changes) => {
        const model = structuredClone(graphs[which % graphs.length])
        for (const each of changes) applyChange(model, each)
        isHarmless(encodeModel(model))
      }),
      { numRuns: 1500 },
    )
  })

  it('made of parts of others', () => {
    fc.assert(
      fc.property(someFile, someFile, fc.nat(4000), (file, other, at) => {
        isHarmless(Buffer.concat([file.subarray(0, at % file.length), other.subarray(at % other.length)]))
      }),
      { numRuns: 2000 },
    )
  })

  it('of bytes that only begin as one does', () => {
    const beginnings = fc.constantFrom(
      Buffer.from([8, 7]),
      Buffer.from([8, 7, 58]),
      Buffer.from([32, 0, 0, 0, 0, 0, 0, 0, 123]),
      Buffer.from('{'),
    )
    fc.assert(
      fc.property(beginnings, fc.uint8Array({ maxLength: 200 }), (beginning, bytes) =>
        isHarmless(Buffer.concat([beginning, bytes])),
      ),
      { numRuns: 3000 },
    )
  })
})

/** The largest amounts of time and memory that any of the following may take. */
const [mostMilliseconds, mostBytes] = [10_000, 300e6]

function isCheap(file: Buffer | string): void {
  const started = performance.now()
  const before = process.memoryUsage()
  isHarmless(file)
  const after = process.memoryUsage()
  should(performance.now() - started).be.below(mostMilliseconds)
  should(after.heapUsed - before.heapUsed).be.below(mostBytes)
  should(after.arrayBuffers - before.arrayBuffers).be.below(mostBytes)
}

describe('a model file that claims much takes little', () => {
  const good = saveModel(rnnCell(options[0]), 'onnx')
  const varint = (value: number): number[] =>
    value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))]
  const bytesField = (field: number, ...content: Uint8Array[]) => {
    const body = Buffer.concat(content)
    return Buffer.concat([Buffer.from([...varint(field * 8 + 2), ...varint(body.length)]), body])
  }
  const onnx = (...parts: Uint8Array[]) => Buffer.concat([Buffer.from([8, 7]), ...parts])

  it('of 2 GB and more, in a length of protobuf', () => {
    for (const length of [2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 35])
      for (const field of [2, 7, 8, 14, 100])
        isCheap(onnx(Buffer.from([...varint(field * 8 + 2), ...varint(length), 1, 2, 3])))
  })

  it('of more numbers than there are, in the shape of a tensor', () => {
    for (const dims of [
      [2n ** 31n, 2n ** 31n],
      [2n ** 62n],
      [-1n, -1n],
      [0n, 2n ** 53n],
      new Array(1000).fill(1n),
    ])
      for (const index of [0, 1, 2])
        isCheap(
          changed(good, ({ graph }) => {
            graph.initializer[index].dims = dims
          }),
        )
    const header = (shape: unknown, offsets: unknown) => {
      const text = Buffer.from(
        JSON.stringify({ weight_hh_l0: { dtype: 'F32', shape, data_offsets: offsets } }),
      )
      const length = Buffer.alloc(8)
      length.writeBigUInt64LE(BigInt(text.length))
      return Buffer.concat([length, text, Buffer.alloc(8)])
    }
    for (const [shape, offsets] of [
      [
        [2 ** 30, 2 ** 30],
        [0, 8],
      ],
      [[2 ** 31], [0, 2 ** 33]],
      [[2], [0, 2 ** 53]],
      [
        [2 ** 53 - 1, 0],
        [0, 0],
      ],
      [new Array(100_000).fill(1), [0, 4]],
    ])
      isCheap(header(shape, offsets))
  })

  it('of attributes beyond all sizes', () => {
    for (const value of [2n ** 40n, -1n, 0n])
      isCheap(
        changed(good, ({ graph }) => {
          for (const node of graph.node)
            for (const attribute of node.attribute) if (attribute.type === 2) attribute.i = value
        }),
      )
  })

  it('of fields without number: nodes, names, whole numbers', () => {
    const empties = (field: number) => Buffer.alloc(8_000_000, Buffer.from([field * 8 + 2, 0]))
    isCheap(onnx(bytesField(7, empties(1))))
    isCheap(onnx(bytesField(7, bytesField(1, empties(1)))))
    isCheap(onnx(empties(8)))
    isCheap(onnx(bytesField(7, bytesField(5, bytesField(1, Buffer.alloc(8_000_000, 1))))))
    isCheap(onnx(bytesField(7, bytesField(5, Buffer.alloc(8_000_000, Buffer.from([8, 1]))))))
    isCheap(onnx(Buffer.alloc(8_000_000, Buffer.from([8, 1]))))
  })

  it('of groups in groups, an old way of nesting messages', () => {
    for (const field of [1, 7, 100]) {
      const tag = Buffer.from(varint(field * 8 + 3))
      isCheap(onnx(Buffer.alloc(1_000_000 * tag.length, tag)))
      isCheap(onnx(bytesField(7, Buffer.alloc(100_000 * tag.length, tag))))
    }
  })

  it('of a value that doubles with every node', () => {
    const doubled = (operator: string, begin: string): NodeOf[] =>
      Array.from({ length: 2000 }, (_, index) => [
        operator,
        index === 0 ? [begin, begin] : [`v${index}`, `v${index}`],
        [`v${index + 1}`],
        { axis: 0 },
      ])
    const constants = { shape: [1, 2], row: numbers(2) }
    for (const begin of ['shape', 'row', 'X'])
      for (const operator of ['Concat', 'Add', 'Mul', 'Gather', 'Unsqueeze'])
        isCheap(modelOf({ nodes: doubled(operator, begin), constants, outputs: ['v2000'] }))
  })

  it('of names without end', () => {
    const long = 'x'.repeat(1_000_000)
    isCheap(
      changed(good, ({ graph }) => {
        graph.node[0].opType = long
      }),
    )
    isCheap(
      changed(good, ({ graph }) => {
        graph.node[0].input[0] = long
      }),
    )
    isCheap(
      changed(good, ({ graph }) => {
        graph.initializer[0].name = long
        graph.initializer[0].rawData = new Uint8Array(3)
      }),
    )
    isCheap(
      changed(good, (model) => {
        model.metadataProps = [
          { key: 'type', value: long },
          { key: 'activation', value: long },
        ]
      }),
    )
    isCheap(encodeSafetensors(new Map([[long, tensor('float32', [1])]]), {}))
    isCheap(`{"${long}":1}`)
  })

  it('of sizes beyond all memory, in JSON', () => {
    const json = (sizes: object, parameters: object) =>
      JSON.stringify({ format: '@unrolled/node-red-rnn cell', type: 'rnn', sizes, parameters })
    const all = { inputSize: 65536, hiddenSize: 65536, outputSize: 65536 }
    isHarmlessWithoutCell(json(all, {}))
    isHarmlessWithoutCell(json(all, { c: [1] }))
    isCheap(json(all, { W: new Array(65536).fill([]) }))
    isCheap(json(all, { W: [new Array(65536).fill(0)] }))
    isCheap(json({ ...all, hiddenSize: 1e300 }, {}))
  })

  /** A file may have only some of the parameters: it is read, and nothing is made of the sizes that it says. */
  function isHarmlessWithoutCell(file: string): void {
    try {
      loadModel(file)
    } catch (error) {
      should(error).be.instanceOf(ExpectedError)
    }
  }
})

describe('names of every object do no harm', () => {
  for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'])
    it(name, () => {
      const good = saveModel(rnnCell(options[0]), 'onnx')
      isHarmless(
        changed(good, ({ graph }) => {
          for (const each of [...graph.initializer, ...graph.node, ...graph.input]) each.name = name
        }),
      )
      isHarmless(
        changed(good, ({ graph }) => {
          graph.node[0].opType = name
        }),
      )
      isHarmless(
        changed(good, (model) => {
          model.metadataProps.push({ key: name, value: '{"polluted":1}' })
        }),
      )
      isHarmless(encodeSafetensors(new Map([[name, tensor('float32', [1, 1])]]), { [name]: 'polluted' }))
      const json = saveModel(rnnCell(options[0]), 'json', { scale })
      for (const place of [
        '"type"',
        '"sizes"',
        '"scale"',
        '"input"',
        '"mean"',
        '"parameters"',
        '"W"',
        '"inputSize"',
      ])
        isHarmless(json.replace(place, `"${name}": {"polluted": 1}, ${place}`))
    })
})
