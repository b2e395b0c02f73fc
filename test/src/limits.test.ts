/** How large may be what comes in: every limit, where it counts, and sizes that are said but are not there. */
import should from 'should'
import {
  bpttGradient,
  type CellOptions,
  checkedUnrolled,
  configureLimits,
  ExpectedError,
  fromNested,
  isTensor,
  type LimitName,
  type Limits,
  limitNames,
  limitOf,
  loadModel,
  nestedShape,
  rnnCell,
  type SourceOptions,
  saveModel,
  sensorStream,
  sentLimits,
  sequenceSource,
  takeLimits,
  tensor,
  training,
  type Unrolled,
  type UnrollOptions,
  unroll,
  usualLimits,
} from '../../src'
import { bytesOfSteps } from '../../src/unroll/memory'
import { throwsExpected } from '../support/throws'

const titled = (limit: LimitName, most: number, what: string, came: number | string) =>
  `expected at most ${most} ${what} (${limit} of configureLimits), got ${came}`
const option = (limit: LimitName, most: number, name: string, came: number | string) =>
  `expected ${name} to be at most ${most} (${limit} of configureLimits), got ${came}`

afterEach(() => configureLimits())

describe('limits', () => {
  it('are the usual ones until others are set, and again when none are given', () => {
    for (const limit of limitNames) should(limitOf(limit)).equal(usualLimits[limit])
    configureLimits({ maxSteps: 7, maxBatch: undefined })
    should([limitOf('maxSteps'), limitOf('maxBatch')]).eql([7, usualLimits.maxBatch])
    configureLimits({ maxBatch: 3 })
    should([limitOf('maxSteps'), limitOf('maxBatch')]).eql([usualLimits.maxSteps, 3])
    configureLimits()
    should(limitOf('maxBatch')).equal(usualLimits.maxBatch)
  })

  it('are whole numbers from 1 under names that there are, or nothing changes', () => {
    configureLimits({ maxSteps: 7 })
    for (const wrong of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '5', null])
      throwsExpected(
        () => configureLimits({ maxBatch: 3, maxSteps: wrong as number }),
        /^expected maxSteps of configureLimits to be a whole number from 1, got /,
      )
    throwsExpected(
      () => configureLimits({ maxStep: 3 } as object),
      /^expected a limit to be one of maxEl.*"maxStep"/,
    )
    should([limitOf('maxSteps'), limitOf('maxBatch')]).eql([7, usualLimits.maxBatch])
  })

  it('go to another thread with their names', () => {
    configureLimits({ maxSteps: 7 }, (limit) => `${limit} of somewhere`)
    const sent = structuredClone(sentLimits())
    configureLimits()
    takeLimits(sent)
    throwsExpected(() => sequenceSource({ task: 'sine', length: 8 }), /\(maxSteps of somewhere\), got 8$/)
  })
})

const cell = rnnCell({ inputSize: 2, hiddenSize: 3, outputSize: 1, seed: 1 })
const rows = (steps: number, features = 2) =>
  Array.from({ length: steps }, () => new Array(features).fill(0.5))
const unrolled = (options: UnrollOptions = {}, inputs: unknown = rows(4)) => unroll(cell, inputs, options)
const source = (options: Partial<SourceOptions>) => () => sequenceSource({ task: 'sine', ...options })
const made = (options: Partial<CellOptions>) => () =>
  rnnCell({ inputSize: 1, hiddenSize: 2, outputSize: 1, ...options })
const text = (length: number) => 'abcdefgh'.repeat(length).slice(0, length)
const oneToMany: UnrollOptions = { topology: 'one-to-many' }

/** What is refused with the limit set so low, and taken with the limit one higher. */
const cases: {
  limit: LimitName
  most: number
  what: string
  action: () => unknown
  says: string
}[] = [
  ...[
    ['steps of inputs', () => unrolled({}, rows(5)), titled('maxSteps', 4, 'steps', 5)],
    [
      'steps of a tensor',
      () => unrolled({}, tensor('float32', [1, 5, 2])),
      titled('maxSteps', 4, 'steps', 5),
    ],
    [
      'steps that are fed',
      () => unrolled({ ...oneToMany, steps: 5 }, [1, 2]),
      option('maxSteps', 4, 'steps', 5),
    ],
    [
      'steps of targets',
      () => unrolled({ ...oneToMany, targets: [1, 2, 3, 4, 5] }, [1, 2]),
      option('maxSteps', 4, 'steps', 5),
    ],
    ['the length of a task', source({ length: 5 }), option('maxSteps', 4, 'length', 5)],
    [
      'the length of a window',
      source({ task: 'dataset', data: [1, 2, 3, 4, 5, 6, 7, 8, 9], length: 5 }),
      option('maxSteps', 4, 'length', 5),
    ],
    ['the length of a stream', () => sensorStream({ length: 5 }), option('maxSteps', 4, 'length', 5)],
    [
      'steps in the memory of training',
      () => training(cell, { unroll: {} }).step(tensor('float32', [1, 5, 2]), tensor('float32', [1, 1])),
      titled('maxSteps', 4, 'steps', 5),
    ],
  ].map(([what, action, says]) => ({ limit: 'maxSteps', most: 4, what, action, says })),
  {
    limit: 'maxSteps',
    most: 21,
    what: 'a sequence that is longer than its length',
    action: source({ task: 'copy-memory', length: 2, remember: 10, epochSize: 5 }),
    says: titled('maxSteps', 21, 'steps in a sequence', 22),
  },
  ...[
    ['sequences', () => unrolled({}, [rows(2), rows(2), rows(2)]), titled('maxBatch', 2, 'sequences', 3)],
    ['the batch of a source', source({ batch: 3 }), option('maxBatch', 2, 'batch', 3)],
    [
      'sequences in the memory of training',
      () => training(cell).step(tensor('float32', [3, 2, 2]), tensor('float32', [3, 1])),
      titled('maxBatch', 2, 'sequences', 3),
    ],
  ].map(([what, action, says]) => ({ limit: 'maxBatch', most: 2, what, action, says })),
  {
    limit: 'maxBatch',
    most: 2,
    what: 'the batch of a stream',
    action: () => sensorStream({ batch: 3 }),
    says: 'expected batch to be a whole number from 1 up to 2, got 3',
  },
  {
    limit: 'maxFeatures',
    most: 2,
    what: 'inputs of a cell',
    action: made({ inputSize: 3 }),
    says: option('maxFeatures', 2, 'inputSize', 3),
  },
  {
    limit: 'maxFeatures',
    most: 2,
    what: 'outputs of a cell',
    action: made({ outputSize: 3 }),
    says: option('maxFeatures', 2, 'outputSize', 3),
  },
  ...(
    [
      ['arrays', rows(30, 3)],
      ['objects', rows(30, 3).map(([a, b, c]) => ({ a, b, c }))],
      ['CSV', '1,2,3\n'.repeat(30)],
    ] as const
  ).map(([form, data]) => ({
    limit: 'maxFeatures' as const,
    most: 2,
    what: `columns of ${form}`,
    action: source({ task: 'dataset', data, length: 2 }),
    says: titled('maxFeatures', 2, 'columns', 3),
  })),
  ...(
    [
      ['an array', [1, 2, 3], 'fields in a reading'],
      ['an object', { a: 1, b: 2, c: 3 }, 'fields in a reading'],
      ['arrays', [[1, 2, 3]], 'numbers in a reading'],
      ['a typed array', new Float32Array(3), 'numbers in a reading'],
    ] as const
  ).map(([form, reading, what]) => ({
    limit: 'maxFeatures' as const,
    most: 2,
    what: `a reading as ${form}`,
    action: () => sensorStream().take('', reading, 0),
    says: titled('maxFeatures', 2, form === 'an array' ? 'numbers in a reading' : what, 3),
  })),
  {
    limit: 'maxHiddenSize',
    most: 2,
    what: 'H',
    action: made({ hiddenSize: 3 }),
    says: option('maxHiddenSize', 2, 'hiddenSize', 3),
  },
  {
    limit: 'maxLayers',
    most: 2,
    what: 'layers',
    action: made({ layers: 3 }),
    says: option('maxLayers', 2, 'layers', 3),
  },
  {
    limit: 'maxVocabulary',
    most: 7,
    what: 'characters',
    action: source({ task: 'text', text: text(100), length: 5 }),
    says: titled('maxVocabulary', 7, 'different characters in a text', 8),
  },
  {
    limit: 'maxVocabulary',
    most: 7,
    what: 'classes',
    action: source({
      task: 'dataset',
      targetKind: 'class',
      columns: ['x'],
      targetColumns: ['y'],
      data: Array.from(text(100), (y, x) => ({ x, y })),
    }),
    says: titled('maxVocabulary', 7, 'classes in column y', 8),
  },
  ...(
    [
      ['an array', new Array(40).fill(1)],
      ['a typed array', new Float64Array(40)],
      ['CSV', '1\n'.repeat(40)],
    ] as const
  ).map(([form, data]) => ({
    limit: 'maxReadings' as const,
    most: 39,
    what: `readings in ${form}`,
    action: source({ task: 'dataset', data: data as never, length: 2 }),
    says: titled('maxReadings', 39, 'readings', 40),
  })),
  {
    limit: 'maxReadings',
    most: 39,
    what: 'a text',
    action: source({ task: 'text', text: text(40), length: 5 }),
    says: titled('maxReadings', 39, 'characters in a text', 40),
  },
  {
    limit: 'maxReadings',
    most: 51,
    what: 'a series that is computed',
    action: source({ task: 'lorenz', epochSize: 50, length: 2, validationSplit: 0 }),
    says: titled('maxReadings', 51, 'samples for this epochSize, length and stride', 52),
  },
  {
    limit: 'maxFileSize',
    most: 79,
    what: 'a CSV text',
    action: source({ task: 'dataset', data: '1\n'.repeat(40), length: 2 }),
    says: titled('maxFileSize', 79, 'characters of CSV', 80),
  },
  ...(['safetensors', 'onnx', 'json'] as const).map((format) => {
    const file = saveModel(cell, format)
    return {
      limit: 'maxFileSize' as const,
      most: file.length - 1,
      what: `a model file of ${format}`,
      action: () => loadModel(file),
      says: titled('maxFileSize', file.length - 1, 'bytes in a model file', file.length),
    }
  }),
  ...(
    [
      ['safetensors', 88],
      ['json', 220],
    ] as const
  ).map(([format, bytes]) => ({
    limit: 'maxFileSize' as const,
    most: bytes - 1,
    what: `the export of a model as ${format}`,
    action: () => saveModel(cell, format),
    says: titled('maxFileSize', bytes - 1, 'bytes in a model file', bytes),
  })),
  {
    limit: 'maxTopics',
    most: 2,
    what: 'topics of a stream',
    action: () => sensorStream({ topics: 3 }),
    says: option('maxTopics', 2, 'topics', 3),
  },
  ...(['topics', 'replay'] as const).map((name) => ({
    limit: 'maxStreamSteps' as const,
    most: 62,
    what: `${name} of a stream`,
    action: () => sensorStream({ [name]: 3 }),
    says: option('maxStreamSteps', 62, `${name} × (length + horizon)`, 63),
  })),
  ...(
    [
      [
        'nested arrays',
        5,
        () => fromNested(rows(3), 'float32'),
        titled('maxElements', 5, 'numbers in nested arrays', 6),
      ],
      [
        'the parameters of a cell',
        9,
        made({ readout: 'none', outputSize: 2, inputSize: 2, hiddenSize: 2 }),
        titled('maxElements', 9, 'parameters of a cell', 10),
      ],
      [
        'all parameters together',
        27,
        made({ layers: 3 }),
        titled('maxElements', 27, 'parameters of a cell', 31),
      ],
      [
        'a batch of sequences that are made up',
        83,
        source({ length: 20, batch: 4, epochSize: 4, validationSplit: 0 }),
        titled('maxElements', 83, 'numbers in a batch', 84),
      ],
      [
        'a batch of one-hot characters',
        89,
        source({ task: 'text', text: text(40), length: 5, batch: 2 }),
        titled('maxElements', 89, 'numbers in a batch', 90),
      ],
      [
        'sequences that are held out',
        83,
        source({ length: 20, batch: 1, epochSize: 8, validationSplit: 0.5 }),
        titled('maxElements', 83, 'numbers in held-out sequences', 84),
      ],
      [
        'samples of three quantities',
        155,
        source({ task: 'lorenz', epochSize: 50, length: 2, batch: 1, validationSplit: 0 }),
        titled('maxElements', 155, 'numbers in all samples', 156),
      ],
      [
        'readings of many columns',
        89,
        source({ task: 'dataset', data: rows(30, 3), length: 2, batch: 1 }),
        titled('maxElements', 89, 'numbers in the readings', 90),
      ],
      [
        'a column that is named again and again',
        89,
        source({
          task: 'dataset',
          data: rows(30, 2),
          columns: ['1', '1', '1'],
          length: 2,
          batch: 1,
        }),
        titled('maxElements', 89, 'numbers in the columns', 90),
      ],
      [
        'the fields of readings in all windows',
        1_000_000,
        () => sensorStream({ length: 999 }).take('', new Array(2).fill(1), 0),
        option('maxElements', 1_000_000, 'topics × (length + horizon) × fields', 2_000_000),
      ],
      [
        'credit',
        47,
        () => bpttGradient(unrolled({ topology: 'many-to-many' }), [[1], [1], [1], [1]], { credit: true }),
        titled('maxElements', 47, 'numbers of credit', 48),
      ],
    ] as const
  ).map(([what, most, action, says]) => ({
    limit: 'maxElements' as const,
    most,
    what,
    action,
    says,
  })),
  {
    limit: 'maxMemory',
    most: bytesOfSteps(cell, { inputSteps: 4, steps: 4, readouts: [4] }, 1) - 1,
    what: 'the steps of a batch',
    action: () => unrolled(),
    says: '',
  },
  {
    limit: 'maxMemory',
    most:
      bytesOfSteps(
        cell,
        { inputSteps: 1, steps: 50, readouts: Array.from({ length: 50 }, (_, t) => t + 1) },
        1,
      ) - 1,
    what: 'steps that are fed',
    action: () => unrolled({ ...oneToMany, steps: 50 }, [1, 2]),
    says: '',
  },
] as never

describe('a limit', () => {
  for (const { limit, most, what, action, says } of cases)
    it(`${limit} of ${what} is kept`, () => {
      action()
      configureLimits({ [limit]: most } as Partial<Limits>)
      throwsExpected(action, says || new RegExp(`^expected at most ${most} bytes for .* \\(${limit} of conf`))
      configureLimits({ [limit]: most * 2 } as Partial<Limits>)
      action()
    })
})

/** What says to be large, and is not there. */
const large = 1_000_000_000
const hollow = new Array(large)
const inItself: unknown[] = []
inItself.push(inItself)
/** Each look at it finds another size. */
let looks = 0
const growing = new Proxy([0], {
  get(of, name) {
    if (name !== 'length') return Reflect.get(of, name)
    looks += 1
    return looks * 1000
  },
})
const rowsOfOne = new Proxy([[0.5, 0.5]], {
  get: (of, name) => (name === 'length' ? large : Reflect.get(of, name)),
})
const says = { shape: [large, large], dtype: 'float32', data: Buffer.alloc(4) }
const nothingInMany = { shape: [large, 0, 2], dtype: 'float32', data: new Float32Array(0) }
const likeAnArray = { length: large }

const hostile: [string, unknown][] = [
  ['an array without entries', hollow],
  ['such arrays in an array', [hollow, hollow]],
  ['one behind a good row', [[0.5, 0.5], hollow]],
  ['one in a good row', [[0.5, hollow]]],
  ['arrays that hold themselves', inItself],
  ['an array that grows', growing],
  ['a row that says to be many', rowsOfOne],
  ['a tensor without its numbers', says],
  ['a tensor of nothing, many times', nothingInMany],
  ['what looks like an array', likeAnArray],
]

describe('sizes that are only said', () => {
  /** Where a value may come in from outside. */
  const places: Record<string, (value: unknown) => unknown> = {
    'nested arrays': (value) => fromNested(value, 'float32'),
    inputs: (value) => unrolled({}, value),
    'the first state': (value) => unrolled({ initialState: value }),
    lengths: (value) => unrolled({ lengths: value as number[] }),
    'a mask': (value) => unrolled({ mask: value }),
    'lengths of targets': (value) =>
      unrolled({ ...oneToMany, steps: 2, targetLengths: value as number[] }, [1, 2]),
    'targets of a teacher': (value) =>
      unrolled({ ...oneToMany, steps: 2, teacherForcing: 1, targets: value }, [1, 2]),
    readouts: (value) => unrolled({ topology: 'many-to-many', readouts: value as number[] }),
    'a target': (value) => bpttGradient(unrolled(), value),
    'a mask of targets': (value) => bpttGradient(unrolled(), [1], { mask: value }),
    'a parameter': (value) =>
      rnnCell({ inputSize: 2, hiddenSize: 3, outputSize: 1, parameters: { W: value } }),
    'readings of a data set': (value) =>
      sequenceSource({ task: 'dataset', data: value as number[], length: 2 }),
    'a reading of a stream': (value) => sensorStream({ columns: ['2'] }).take('', value, 0),
    'readings of a stream': (value) => sensorStream().take('', [[1, 2], value], 0),
  }
  for (const [place, give] of Object.entries(places))
    for (const [what, value] of hostile)
      it(`take no memory: ${what} as ${place}`, () => {
        const before = process.memoryUsage().rss
        let thrown: unknown
        try {
          give(value)
        } catch (error) {
          thrown = error
        }
        should(thrown).be.instanceOf(ExpectedError)
        should(process.memoryUsage().rss - before).be.below(1_000_000_000)
      })

  it('are not the shape of a tensor', () => {
    should(isTensor({ shape: new Array(large), data: new Float32Array(1) })).be.false()
    throwsExpected(() => nestedShape(inItself), 'expected arrays in at most 8 levels, got more')
  })

  it('of an unrolled network are refused, though its tensors have them', () => {
    const good = unrolled({ topology: 'many-to-many' })
    const none = (...shape: number[]) => tensor('float32', shape, new Float32Array(0))
    const empty: Unrolled = {
      ...good,
      steps: large,
      batch: 0,
      inputSteps: large,
      inputs: none(large, 0, 2),
      strands: [{ layer: 1, reverse: false, hidden: none(large + 1, 0, 3) }],
      outputs: none(4, 0, 1),
      logits: none(4, 0, 1),
    }
    checkedUnrolled(good)
    throwsExpected(
      () => checkedUnrolled(empty),
      /^expected unrolled.batch to be a whole number from 1 .* got 0$/,
    )
    const refused: [object, RegExp][] = [
      [{ inputSteps: large }, /^expected unrolled.inputSteps to be at most 100000 \(maxSteps of/],
      [{ steps: large }, /^expected unrolled.steps - inputSteps to be at most 100000 \(maxSteps of/],
      [{ batch: large }, /^expected unrolled.batch to be at most 65536 \(maxBatch of/],
      [{ readouts: hollow }, /^expected at most 100000 readouts \(maxSteps of/],
      [{ readouts: [1, 2, 2, 4] }, 'expected unrolled.readouts rising from 1 to 4, got 2' as never],
      [{ readouts: [1, 2, 3, large] }, /^expected unrolled.readouts rising from 1 to 4, got 1000000000$/],
      [{ checkpointEvery: 1e-9 }, /^expected unrolled.checkpointEvery to be a whole number from 1/],
    ]
    for (const [wrong, message] of refused)
      throwsExpected(() => checkedUnrolled({ ...good, ...wrong } as Unrolled), message)
  })

  it('of gaps between readings make no loop: what is longer than a gap may be is none', () => {
    const options = { time: 'field', timeField: 't', interval: 1, columns: ['x'], length: 2 } as const
    const at = (t: number) => ({ t, x: 1 })
    const stream = sensorStream({ ...options, longestGap: 10_000 })
    stream.take('', at(0), 0)
    const { stretches } = stream.take('', [at(8e15), at(8e15 + 1)], 0)
    should(stretches.map(({ steps }) => steps.length)).eql([1, 1])
    const many = Array.from({ length: 1000 }, (_, place) => at(10_000 * place))
    const other = sensorStream({ ...options, longestGap: 10_000 })
    throwsExpected(
      () => other.take('', many, 0),
      /^expected at most 100000 steps of readings and the gaps between them.* \(maxSteps of .*, got 9991000$/,
    )
    should(other.topics).equal(0)
    should(other.take('', many.slice(0, 9), 0).stretches[0].steps.length).equal(70_001)
  })
})
