/**
 * The limits in Node-RED: what is too large is an error that names the setting, the node keeps what it had, and answers
 * the next good message.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import should from 'should'
import { limitNames, limitOf, usualLimits } from '../../src'
import { loop, type Message, sink, withFlow } from '../support/flow'

const setting = (name: string, most: number, what: string, came: number) =>
  `expected at most ${most} ${what} (${name} in Node-RED's settings file), got ${came}`
const option = (name: string, most: number, what: string, came: number) =>
  `expected ${what} to be at most ${most} (${name} in Node-RED's settings file), got ${came}`

const errorAt = (msg: Message) => msg.error?.message.replace(/^[\w-]+: /, '')

describe('limits in the settings file', () => {
  it('are those of the nodes, until the last of them has gone', async () => {
    const settings = Object.fromEntries(
      limitNames.map((name, place) => [`rnn${name[0].toUpperCase()}${name.slice(1)}`, 1000 + place]),
    )
    await withFlow(
      [{ id: 'node', type: 'clip-gradient' }],
      async () => {
        should(limitNames.map(limitOf)).eql(limitNames.map((_, place) => 1000 + place))
      },
      settings,
    )
    should(limitNames.map(limitOf)).eql(Object.values(usualLimits))
  })

  for (const wrong of [0, -1, 2.5, '100', null, Number.POSITIVE_INFINITY])
    it(`are whole numbers from 1: every node says so of ${wrong}`, () =>
      withFlow(
        [{ id: 'node', type: 'unroll' }],
        async (flow) => {
          flow.send('node', { payload: [1] })
          should(errorAt(await flow.next('errors'))).match(
            /^expected rnnMaxSteps in Node-RED's settings file to be a whole number from 1, got /,
          )
        },
        { rnnMaxSteps: wrong },
      ))
})

/** A network that has been fed once, and what it answers. */
const good = { payload: [[0.5, 0.25]] }
const network = (settings: object = {}, cell: object = {}) => [
  {
    id: 'cell',
    type: 'rnn-cell',
    inputSize: '2',
    hiddenSize: '3',
    outputSize: '1',
    wires: [['unroll'], [], ['model']],
    ...cell,
  },
  { id: 'unroll', type: 'unroll', wires: [['out']], ...settings },
  sink('out'),
  sink('model'),
]
const rows = (steps: number) => Array.from({ length: steps }, () => [0.5, 0.25])
/** Node-RED copies what it hands to a catch node: larger ones are in the tests of the library. */
const hollow = new Array(200_000)
const few = { rnnMaxElements: 100_000, rnnMaxSteps: 100_000, rnnMaxFeatures: 50_000, rnnMaxReadings: 100_000 }
const inItself: unknown[] = []
inItself.push(inItself)

describe('what is too large for a network', () => {
  const sent: { what: string; settings: object; msg: object; says: string | RegExp }[] = [
    {
      what: 'steps',
      settings: { rnnMaxSteps: 4 },
      msg: { payload: rows(5) },
      says: setting('rnnMaxSteps', 4, 'steps', 5),
    },
    {
      what: 'sequences',
      settings: { rnnMaxBatch: 2 },
      msg: { payload: [rows(1), rows(1), rows(1)] },
      says: setting('rnnMaxBatch', 2, 'sequences', 3),
    },
    {
      what: 'numbers',
      settings: { rnnMaxElements: 40 },
      msg: { payload: rows(30) },
      says: setting('rnnMaxElements', 40, 'numbers in nested arrays', 60),
    },
    {
      what: 'the memory of its steps',
      settings: { rnnMaxMemory: 10_000 },
      msg: { payload: rows(50) },
      says: /^expected at most 10000 bytes for 50 steps of 1 sequences in this network \(rnnMaxMemory in Node/,
    },
    {
      what: 'a file of a model',
      settings: { rnnMaxFileSize: 1000 },
      msg: { parameters: Buffer.alloc(1001) },
      says: setting('rnnMaxFileSize', 1000, 'bytes in a model file', 1001),
    },
    {
      what: 'a file that went through JSON',
      settings: { rnnMaxFileSize: 1000 },
      msg: { parameters: { type: 'Buffer', data: hollow } },
      says: 'expected 1000 bytes in msg.parameters, got 200000',
    },
    {
      what: 'a tensor that only says its shape',
      settings: {},
      msg: { payload: { shape: [1_000_000, 2_000], dtype: 'float32', data: Buffer.alloc(4) } },
      says: setting('rnnMaxElements', 50_000_000, 'numbers in msg.payload', 2_000_000_000),
    },
    {
      what: 'parameters of a row',
      settings: {},
      msg: { parameters: new Float64Array(9) },
      says: /^expected msg.parameters to be an object by name/,
    },
    {
      what: 'an array without entries',
      settings: few,
      msg: { payload: hollow },
      says: /^expected at most 100000 steps/,
    },
    {
      what: 'arrays that hold themselves',
      settings: {},
      msg: { payload: inItself },
      says: /^expected arrays in at most 8 levels/,
    },
    {
      what: 'a first state',
      settings: few,
      msg: { ...good, initialState: hollow },
      says: /^expected at most 100000 numbers in nested arrays \(rnnMaxElements/,
    },
    {
      what: 'lengths',
      settings: {},
      msg: { ...good, sequence: { lengths: hollow } },
      says: 'expected 1 lengths, one a sequence, got an array of 200000',
    },
    {
      what: 'a mask',
      settings: few,
      msg: { ...good, sequence: { mask: [hollow] } },
      says: /^expected at most 100000 numbers in nested arrays/,
    },
    {
      what: 'scales',
      settings: {},
      msg: { ...good, sequence: { scales: hollow } },
      says: setting('rnnMaxBatch', 65_536, 'scales', 200_000),
    },
    {
      what: 'a phase of its own, for which a state would be kept',
      settings: {},
      msg: { ...good, target: [1], sequence: { phase: 'x' } },
      says: 'expected msg.sequence.phase to be one of train, validate, predict, got the text "x"',
    },
    {
      what: 'the steps of a stream',
      settings: {},
      msg: {
        ...good,
        sequence: { stream: { steps: hollow, times: [], truths: [], horizon: 1, begins: false } },
      },
      says: setting('rnnMaxSteps', 100_000, 'entries in msg.sequence.stream.steps', 200_000),
    },
    {
      what: 'the horizon of a stream',
      settings: {},
      msg: {
        ...good,
        sequence: { stream: { steps: [1], times: [1], truths: [[1]], horizon: 1e9, begins: false } },
      },
      says: option('rnnMaxSteps', 100_000, 'msg.sequence.stream.horizon', 1_000_000_000),
    },
  ]
  for (const { what, settings, msg, says } of sent)
    it(`is refused, and nothing is lost: ${what}`, () =>
      withFlow(
        network(),
        async (flow) => {
          flow.send('cell', good)
          const { payload: before } = await flow.next('out')
          flow.send('cell', msg)
          const message = errorAt(await flow.next('errors'))
          if (typeof says === 'string') should(message).equal(says)
          else should(message).match(says)
          flow.send('cell', good)
          should((await flow.next('out')).payload).eql(before)
        },
        settings,
      ))

  for (const [field, value, settings, says] of [
    ['inputSize', '9', { rnnMaxFeatures: 8 }, option('rnnMaxFeatures', 8, 'input size', 9)],
    ['outputSize', '9', { rnnMaxFeatures: 8 }, option('rnnMaxFeatures', 8, 'output size', 9)],
    ['hiddenSize', '9', { rnnMaxHiddenSize: 8 }, option('rnnMaxHiddenSize', 8, 'hidden size', 9)],
    ['layers', '3', { rnnMaxLayers: 2 }, option('rnnMaxLayers', 2, 'layers', 3)],
    [
      'hiddenSize',
      '65536',
      {},
      setting('rnnMaxElements', 50_000_000, 'parameters of a cell', 65536 * (65536 + 4) + 1),
    ],
  ] as const)
    it(`is refused as ${field} of a cell: ${value}`, () =>
      withFlow(
        network({}, { [field]: value }),
        async (flow) => {
          flow.send('cell', good)
          should(errorAt(await flow.next('errors'))).equal(says)
        },
        settings,
      ))

  it('is refused as steps of unroll', () =>
    withFlow(
      network({ topology: 'one-to-many', steps: '5' }),
      async (flow) => {
        flow.send('cell', { payload: [0.5, 0.25] })
        should(errorAt(await flow.next('errors'))).equal(option('rnnMaxSteps', 4, 'steps', 5))
      },
      { rnnMaxSteps: 4 },
    ))

  it('is no model that is given away', () =>
    withFlow(
      network(),
      async (flow) => {
        flow.send('cell', good)
        await flow.next('out')
        flow.send('cell', { export: 'safetensors' })
        should(errorAt(await flow.next('errors'))).match(
          /^expected at most 50 bytes in a model file \(rnnMaxFileSize in/,
        )
        flow.send('cell', good)
        await flow.next('out')
      },
      { rnnMaxFileSize: 50 },
    ))

  it('does not pile up in the memories of topics: the oldest go first', () =>
    withFlow(
      network({ state: 'topic' }),
      async (flow) => {
        const answers: unknown[] = []
        // twelve numbers in a state: of three topics the first is forgotten
        const batch = { payload: [rows(1), rows(1), rows(1), rows(1)] }
        for (const topic of ['a', 'b', 'c', 'd', 'd', 'a']) {
          flow.send('cell', { ...batch, topic })
          answers.push((await flow.next('out')).payload)
        }
        should(answers[5]).eql(answers[0])
        should(answers[4]).not.eql(answers[3])
      },
      { rnnMaxElements: 28 },
    ))
})

describe('what is too large for a gradient', () => {
  type At = 'bptt' | 'clip' | 'optimizer' | 'cell'
  const many = (shape: number[]) => ({ shape, dtype: 'float32', data: Buffer.alloc(0) })
  const spoilt: [string, At, (msg: Message) => object, RegExp][] = [
    [
      'steps of an unrolled network',
      'bptt',
      ({ unrolled, ...msg }) => ({ ...msg, unrolled: { ...unrolled, inputSteps: 1e9 } }),
      /^expected unrolled.inputSteps to be at most 100000 \(rnnMaxSteps in/,
    ],
    [
      'readouts of an unrolled network',
      'bptt',
      ({ unrolled, ...msg }) => ({ ...msg, unrolled: { ...unrolled, readouts: hollow } }),
      /^expected at most 100000 readouts \(rnnMaxSteps in/,
    ],
    [
      'strands of an unrolled network',
      'bptt',
      ({ unrolled, ...msg }) => ({ ...msg, unrolled: { ...unrolled, strands: hollow } }),
      /^expected 1 strands of states, got 200000$/,
    ],
    [
      'flags of an unrolled network',
      'bptt',
      ({ unrolled, ...msg }) => ({
        ...msg,
        unrolled: { ...unrolled, present: { type: 'Buffer', data: hollow } },
      }),
      /^expected 100000 bytes in msg.unrolled.present, got 200000$/,
    ],
    [
      'an unrolled network of no sequences',
      'bptt',
      ({ unrolled, ...msg }) => ({
        ...msg,
        unrolled: { ...unrolled, batch: 0, steps: 1e9, inputSteps: 1e9, inputs: many([1e9, 0, 2]) },
      }),
      /^expected unrolled.batch to be a whole number from 1/,
    ],
    ['a target', 'bptt', (msg) => ({ ...msg, target: hollow }), /^expected a target of shape/],
    [
      'a mask',
      'bptt',
      (msg) => ({ ...msg, sequence: { ...msg.sequence, targetMask: hollow } }),
      /^expected a mask of shape/,
    ],
    [
      'a gradient of a shape',
      'clip',
      (msg) => ({ ...msg, gradient: { ...msg.gradient, parameters: { W: many([1e6, 1e6]) } } }),
      /^expected at most 100000 numbers in msg.gradient.parameters \(rnnMaxElements in/,
    ],
    [
      'a gradient of many parameters',
      'clip',
      (msg) => ({ ...msg, gradient: { ...msg.gradient, parameters: new Float64Array(1000) } }),
      /^expected msg.gradient.parameters to be an object by name/,
    ],
    [
      'a gradient that is the same numbers again and again',
      'optimizer',
      (msg) => {
        const once = new Array(60_000)
        return {
          ...msg,
          gradient: { ...msg.gradient, parameters: { a: msg.gradient?.parameters.W, b: once, c: once } },
        }
      },
      /^expected at most 100000 numbers in msg.gradient.parameters|^expected a finite number at axis 1 1/,
    ],
    [
      'a cell of a shape',
      'optimizer',
      (msg) => ({
        ...msg,
        cell: { ...msg.cell, sizes: { inputSize: 2, hiddenSize: 60_000, outputSize: 1 } },
      }),
      /^expected at most 100000 parameters of a cell \(rnnMaxElements in/,
    ],
    [
      'an update of a shape',
      'cell',
      (msg) => ({ ...msg, update: { ...msg.update, parameters: { W: many([1e6, 1e6]) } } }),
      /^expected at most 100000 numbers in msg.update.parameters \(rnnMaxElements in/,
    ],
  ]
  const taps = { bptt: 'predictions', clip: 'gradients', optimizer: 'clipped', cell: 'updates' } as const
  const after = { bptt: 'gradients', clip: 'clipped', optimizer: 'updates', cell: 'updated' } as const
  for (const [what, at, spoil, says] of spoilt)
    it(`is refused, and training goes on: ${what}`, () => {
      const nodes = loop({ source: { batch: '2', budget: '9' } }).map((node) => {
        // the loop is cut before the node, and a message of its own goes in by hand
        const before = { bptt: 'unroll', clip: 'bptt', optimizer: 'clip', cell: 'optimizer' }[at]
        return node.id === before ? { ...node, wires: [[taps[at]], []] } : node
      })
      return withFlow(
        nodes,
        async (flow) => {
          flow.send('source', {})
          const msg = await flow.next(taps[at])
          flow.send(at, spoil(msg))
          should(errorAt(await flow.next('errors'))).match(says)
          flow.send(at, msg)
          const answer = await flow.next(after[at])
          should(answer).be.ok()
          if (at === 'cell') should(answer.payload).containDeep({ version: 2 })
          if (at === 'optimizer') should(answer.payload).containDeep({ step: 1 })
        },
        few,
      )
    })
})

describe('a validation pass', () => {
  it('of more messages than are remembered one by one is what they are together', () =>
    withFlow(
      [
        ...network().map((node) => (node.id === 'unroll' ? { ...node, wires: [['bptt']] } : node)),
        { id: 'bptt', type: 'bptt-gradient', wires: [['out'], []] },
      ],
      async (flow) => {
        const parts = 2500
        const part = (number: number, of: number) => ({
          ...good,
          target: [1],
          sequence: { phase: 'validate', part: number, parts: of },
        })
        flow.send('cell', part(1, 1))
        const { validation: one } = await flow.next('out')
        for (let number = 1; number <= parts; number++) flow.send('cell', part(number, parts))
        const { validation: all } = await flow.next('out')
        should(all?.count).equal(parts * (one?.count as number))
        should(all?.loss).be.approximately(one?.loss as number, 1e-9)
        should(all?.rmse).be.approximately(one?.rmse as number, 1e-9)
      },
    ))
})

describe('what is too large for a source', () => {
  const source = (settings: object) => [
    {
      id: 'source',
      type: 'sequence-source',
      budget: '5',
      validationSplit: '0',
      wires: [['out'], []],
      ...settings,
    },
    sink('out'),
  ]
  const data = { task: 'dataset', from: 'payload', length: '2', batch: '1' }
  const readings = [1, 2, 3, 4, 5, 6]
  const given: [string, unknown, object, RegExp][] = [
    [
      'readings',
      new Array(11).fill(1),
      { rnnMaxReadings: 10 },
      /^expected at most 10 readings \(rnnMaxReadings in/,
    ],
    [
      'CSV',
      '1\n'.repeat(30),
      { rnnMaxFileSize: 50 },
      /^expected at most 50 characters of CSV \(rnnMaxFileSize in/,
    ],
    ['columns', [[1, 2, 3]], { rnnMaxFeatures: 2 }, /^expected at most 2 columns \(rnnMaxFeatures in/],
    [
      'numbers',
      [
        [1, 2],
        [1, 2],
        [1, 2],
        [1, 2],
      ],
      { rnnMaxElements: 7 },
      /^expected at most 7 numbers in the readings/,
    ],
    ['an array without entries', hollow, few, /^expected at most 100000 readings \(rnnMaxReadings in/],
    ['a row without entries', [hollow], few, /^expected at most 50000 columns \(rnnMaxFeatures in/],
  ]
  for (const [what, payload, settings, says] of given)
    it(`is refused, and the readings that it has go on: ${what}`, () =>
      withFlow(
        source(data),
        async (flow) => {
          flow.send('source', { payload: readings })
          const { sequence } = await flow.next('out')
          flow.send('source', { payload })
          should(errorAt(await flow.next('errors'))).match(says)
          flow.send('source', {})
          const next = (await flow.next('out')).sequence
          should([next?.run, next?.step]).eql([sequence?.run, 2])
        },
        settings,
      ))

  for (const [settings, limits, says] of [
    [{ task: 'sine', length: '9' }, { rnnMaxSteps: 8 }, option('rnnMaxSteps', 8, 'length', 9)],
    [{ task: 'sine', batch: '9' }, { rnnMaxBatch: 8 }, option('rnnMaxBatch', 8, 'batch', 9)],
    [
      { task: 'text', from: 'typed', text: 'abcdefgh'.repeat(9), length: '4' },
      { rnnMaxVocabulary: 7 },
      setting('rnnMaxVocabulary', 7, 'different characters in a text', 8),
    ],
    [
      { task: 'sine', length: '100000', batch: '65536', epochSize: '10000000' },
      {},
      setting('rnnMaxElements', 50_000_000, 'numbers in a batch', 65536 * 100_001),
    ],
    [
      { task: 'sine', length: '100', epochSize: '10000000', validationSplit: '0.9' },
      {},
      setting('rnnMaxElements', 50_000_000, 'numbers in held-out sequences', 9_000_000 * 101),
    ],
    [
      { task: 'reverse', length: '100000', symbols: '1000', epochSize: '1' },
      {},
      setting('rnnMaxElements', 50_000_000, 'numbers in a batch', 100_000 * 1001),
    ],
  ] as const)
    it(`is refused by name: ${JSON.stringify(settings)}`, () =>
      withFlow(
        source(settings),
        async (flow) => {
          flow.send('source', {})
          should(errorAt(await flow.next('errors'))).equal(says)
        },
        limits,
      ))

  describe('as a file', () => {
    let folder: string
    before(() => {
      folder = mkdtempSync(join(tmpdir(), 'limits-'))
      writeFileSync(join(folder, 'good.csv'), readings.join('\n'))
      writeFileSync(join(folder, 'large.csv'), '')
      truncateSync(join(folder, 'large.csv'), 200_000_000)
      if (process.platform !== 'win32') execFileSync('mkfifo', [join(folder, 'pipe')])
    })
    after(() => rmSync(folder, { recursive: true }))

    for (const [what, name, says] of [
      [
        'more bytes than a file may have',
        () => join(folder, 'large.csv'),
        /^expected at most 100000000 bytes in a file \(rnnMaxFileSize in .*, got 200000000$/,
      ],
      ['a folder', () => folder, /^expected a plain file, got /],
      ['a pipe', () => join(folder, 'pipe'), /^expected a plain file, got .*pipe$/],
      ['a device without an end', () => '/dev/zero', /^expected a plain file, got \/dev\/zero$/],
      [
        'a file without an end',
        () => '/proc/self/pagemap',
        /^expected (at most 100000000 bytes in a file|a file that can be read)/,
      ],
    ] as const)
      it(`is refused, and what was read before goes on: ${what}`, async function () {
        if (process.platform !== 'linux' && !['a folder'].includes(what)) this.skip()
        await withFlow(source({ ...data, from: 'file', file: 'name', fileType: 'msg' }), async (flow) => {
          flow.send('source', { name: join(folder, 'good.csv') })
          const { sequence } = await flow.next('out')
          flow.send('source', { name: name(), reset: true })
          should(errorAt(await flow.next('errors'))).match(says)
          flow.send('source', {})
          const next = (await flow.next('out')).sequence
          should(next?.run).equal(sequence?.run)
        })
      })
  })
})

describe('what is too large for a stream', () => {
  const stream = (settings: object = {}) => [
    {
      id: 'source',
      type: 'sequence-source',
      task: 'stream',
      length: '2',
      batch: '1',
      wires: [['out'], []],
      ...settings,
    },
    sink('out'),
  ]
  const timed = { time: 'field', timeField: 't', columns: 'x', interval: '0.001', longestGap: '10000' }
  const at = (t: number) => ({ t, x: 1 })
  const came: [string, object, object, unknown, unknown, RegExp][] = [
    [
      'numbers in a reading',
      {},
      { rnnMaxFeatures: 2 },
      [1, 2],
      [1, 2, 3],
      /^expected at most 2 numbers in a reading \(rnnMaxFeatures in/,
    ],
    ['a reading without numbers', {}, {}, [1, 2], hollow, /^expected at most 65536 numbers in a reading/],
    ['readings without numbers', {}, {}, [1, 2], [hollow], /^expected at most 65536 numbers in a reading/],
    [
      'readings in a message',
      {},
      {},
      [1],
      new Array(10_001).fill([1]),
      /^expected at most 10000 readings at a time/,
    ],
    [
      'gaps between readings',
      timed,
      {},
      at(0),
      Array.from({ length: 100 }, (_, place) => at(10_000 * place + 1)),
      /^expected at most 100000 steps of readings and the gaps between them.* \(rnnMaxSteps in .*, got 990101$/,
    ],
  ]
  for (const [what, settings, limits, first, wrong, says] of came)
    it(`is refused, and the next reading goes on: ${what}`, () =>
      withFlow(
        stream(settings),
        async (flow) => {
          flow.send('source', { payload: first })
          flow.send('source', { payload: wrong })
          should(errorAt(await flow.next('errors'))).match(says)
          await flow.settled()
          flow.taken('out')
          const good = settings === timed ? at(3) : first
          flow.send('source', { payload: good })
          const { sequence } = await flow.next('out')
          should(sequence?.stream?.steps[0]).equal(settings === timed ? 1 : 2)
        },
        limits,
      ))

  it('is no time in the far future: one step, and no loop', () =>
    withFlow(stream(timed), async (flow) => {
      flow.send('source', { payload: at(0) })
      flow.send('source', { payload: at(8e15) })
      flow.send('source', { payload: at(8e15 + 1) })
      await flow.settled()
      should(flow.taken('out').map(({ sequence }) => sequence?.length)).eql([1, 1])
    }))

  for (const [settings, limits, says] of [
    [{ length: '9' }, { rnnMaxSteps: 8 }, option('rnnMaxSteps', 8, 'length', 9)],
    [{ topics: '9' }, { rnnMaxTopics: 8 }, option('rnnMaxTopics', 8, 'topics', 9)],
    [
      { replay: '9' },
      { rnnMaxStreamSteps: 26 },
      option('rnnMaxStreamSteps', 26, 'replay × (length + horizon)', 27),
    ],
  ] as const)
    it(`is refused by name: ${JSON.stringify(settings)}`, () =>
      withFlow(
        stream(settings),
        async (flow) => {
          flow.send('source', { payload: [1] })
          should(errorAt(await flow.next('errors'))).equal(says)
        },
        limits,
      ))
})
