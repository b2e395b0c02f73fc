/** sequence-source: where readings come from, and that every field of the dialog does something. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import should from 'should'
import { type FlowNode, type Message, sink, withFlow } from '../support/flow'

const csv = `day,a,b\n${Array.from({ length: 40 }, (_, row) => `d${row},${row},${row % 3}`).join('\n')}\n`
const fields = { length: '4', batch: '3', validationSplit: '0', scaling: 'none', shuffle: false, seed: '1' }
const source = (settings: object): FlowNode[] => [
  { id: 'source', type: 'sequence-source', ...fields, ...settings, wires: [['out'], ['done']] },
  sink('out'),
  sink('done'),
]

/** The first messages of a source. */
async function first(settings: object, count = 1, msg: object = { payload: csv }): Promise<Message[]> {
  const seen: Message[] = []
  await withFlow(source({ task: 'dataset', from: 'payload', ...settings }), async (flow) => {
    for (let pull = 0; pull < count; pull++) {
      flow.send('source', pull === 0 ? msg : {})
      seen.push(await flow.next('out'))
    }
  })
  return seen
}

describe('sequence-source: a data set', () => {
  it('cuts windows, with the value after each as its target', async () => {
    const [msg] = await first({ columns: 'a' })
    should(msg.payload).eql([
      [[0], [1], [2], [3]],
      [[1], [2], [3], [4]],
      [[2], [3], [4], [5]],
    ])
    should(msg.target).eql([[4], [5], [6]])
  })

  it('takes all columns of numbers unless told which', async () => {
    const [msg] = await first({ batch: '1' })
    should(msg.payload).eql([
      [0, 0],
      [1, 1],
      [2, 2],
      [3, 0],
    ])
    should(msg.target).eql([4, 1])
  })

  const cases: [string, object, unknown, unknown][] = [
    ['horizon', { columns: 'a', batch: '1', horizon: '3' }, [[0], [1], [2], [3]], [6]],
    ['length', { columns: 'a', batch: '1', length: '2' }, [[0], [1]], [2]],
    ['target columns', { columns: 'a', targetColumns: 'b', batch: '1' }, [[0], [1], [2], [3]], [1]],
    [
      'classes',
      { columns: 'a', targetColumns: 'b', targetKind: 'class', batch: '1' },
      [[0], [1], [2], [3]],
      1,
    ],
    [
      'targets per step',
      { columns: 'a', targetsPer: 'step', batch: '1' },
      [[0], [1], [2], [3]],
      [[1], [2], [3], [4]],
    ],
  ]
  for (const [option, settings, payload, target] of cases) {
    it(`heeds ${option}`, async () => {
      const [msg] = await first(settings)
      should(msg.payload).eql(payload)
      should(msg.target).eql(target)
    })
  }

  it('heeds the stride', async () => {
    const [, second] = await first({ columns: 'a', batch: '1', stride: '5' }, 2)
    should(second.payload).eql([[5], [6], [7], [8]])
  })

  it('scales by what it learns from, and says how', async () => {
    const [msg] = await first({ columns: 'a', batch: '1', scaling: 'z-score', validationSplit: '0.5' })
    const mean = 9.5
    const std = Math.sqrt(Array.from({ length: 20 }, (_, x) => (x - mean) ** 2).reduce((a, b) => a + b) / 20)
    should(msg.sequence?.scale?.target?.mean).eql([mean])
    should(msg.sequence?.scale?.target?.std[0]).be.approximately(std, 1e-12)
    should((msg.target as number[])[0]).be.approximately((4 - mean) / std, 1e-12)
  })

  it('shuffles by its seed', async () => {
    const order = async (settings: object) =>
      (await first({ columns: 'a', ...settings }, 3)).map(({ target }) => target)
    const plain = await order({})
    should(await order({ shuffle: true })).not.eql(plain)
    should(await order({ shuffle: true })).eql(await order({ shuffle: true }))
    should(await order({ shuffle: true, seed: '2' })).not.eql(await order({ shuffle: true }))
  })

  for (const [unit, steps] of [
    ['steps', 2],
    ['epochs', 24],
  ] as const) {
    it(`ends after a budget of 2 ${unit}, once validated`, () =>
      withFlow(
        source({ task: 'dataset', from: 'payload', columns: 'a', budget: '2', budgetUnit: unit }),
        async (flow) => {
          flow.send('source', { payload: csv })
          for (let step = 1; step <= steps; step++) {
            should((await flow.next('out')).sequence?.step).equal(step)
            flow.send('source', {})
          }
          should((await flow.next('done')).payload).containEql({ step: steps })
        },
      ))
  }

  it('sends what is held out once, at the end of an epoch and of the budget', () =>
    withFlow(
      source({ task: 'dataset', from: 'payload', columns: 'a', budget: '1', validationSplit: '0.2' }),
      async (flow) => {
        flow.send('source', { payload: csv })
        await flow.next('out')
        flow.send('source', {})
        await flow.next('done')
        const passes = flow.taken('out')
        should(passes.map(({ sequence }) => [sequence?.phase, sequence?.part, sequence?.parts])).eql([
          ['validate', 1, 3],
          ['validate', 2, 3],
          ['validate', 3, 3],
        ])
        should(passes[0].sequence?.naive).be.approximately(1, 1e-12)
        flow.send('source', {})
        await flow.next('done')
        should(flow.taken('out')).eql([])
      },
    ))
})

describe('sequence-source: a file', () => {
  const directory = mkdtempSync(join(tmpdir(), 'rnn-source-'))
  const file = join(directory, 'data.csv')
  before(() => writeFileSync(file, csv))
  after(() => rmSync(directory, { recursive: true }))

  it('is read when the first message asks', async () => {
    const [msg] = await first({ from: 'file', file, columns: 'a', batch: '1' }, 1, {})
    should(msg.target).eql([4])
  })

  it('may be named by the message or the environment', async () => {
    const [msg] = await first({ from: 'file', file: 'source', fileType: 'msg', batch: '1' }, 1, {
      source: file,
    })
    should(msg.target).eql([4, 1])
    process.env.RNN_TEST_FILE = file
    const [other] = await first({ from: 'file', file: 'RNN_TEST_FILE', fileType: 'env', batch: '1' }, 1, {})
    should(other.target).eql([4, 1])
    delete process.env.RNN_TEST_FILE
  })

  it('is looked for among the examples of the package when it is not in the working directory', async () => {
    const [msg] = await first({ from: 'file', file: 'data/daily-min-temperatures.csv', batch: '1' }, 1, {})
    should(msg.payload).eql([[20.7], [17.9], [18.8], [14.6]])
  })

  it('drops a message of the old run that arrives while a reset reads the file', () =>
    withFlow(source({ task: 'dataset', from: 'file', file, columns: 'a' }), async (flow) => {
      flow.send('source', {})
      const old = await flow.next('out')
      flow.send('source', { reset: true })
      flow.send('source', { sequence: old.sequence })
      should((await flow.next('out')).sequence?.step).equal(1)
      await flow.settled()
      should(flow.taken('out')).eql([])
    }))
})

describe('sequence-source: a pass over what is held out', () => {
  const many = {
    task: 'dataset',
    from: 'payload',
    columns: 'a',
    budget: '1',
    validationSplit: '0.5',
    batch: '1',
  }

  it('ends when a reset ends the run, and so does the message that began it', () =>
    withFlow(source(many), async (flow) => {
      flow.send('source', { payload: csv })
      const { sequence } = await flow.next('out')
      flow.send('source', { sequence })
      await flow.next('out')
      flow.send('source', { reset: true })
      await flow.settled()
      const seen = flow.taken('out')
      should(seen.filter(({ sequence: of }) => of?.phase === 'validate').length).be.below(17)
      should(seen.filter(({ sequence: of }) => of?.phase === 'train')).have.length(1)
      should(flow.taken('done')).eql([])
    }))
})

describe('sequence-source: a file that goes away', () => {
  it('leaves the run as it was', () =>
    withFlow(
      source({ task: 'dataset', from: 'file', file: 'name', fileType: 'msg', columns: 'Temp' }),
      async (flow) => {
        flow.send('source', { name: 'data/daily-min-temperatures.csv' })
        const batch = await flow.next('out')
        flow.send('source', { name: 'gone.csv', reset: true })
        flow.send('source', { sequence: batch.sequence })
        const { error } = await flow.next('errors')
        should(error?.message).match(
          /expected a file that can be read, in the working directory or among the examples.*gone\.csv/,
        )
        should((await flow.next('out')).sequence?.step).equal(2)
      },
    ))
})

describe('sequence-source: generated tasks', () => {
  for (const [what, settings, length, inputSize, outputSize] of [
    ['adding', { task: 'adding', length: '9' }, 9, 2, 1],
    ['temporal-order', { task: 'temporal-order', length: '12' }, 12, 6, 4],
    ['copy-memory', { task: 'copy-memory', length: '5', remember: '3' }, 11, 10, 9],
    ['sine', { task: 'sine', length: '7' }, 7, 1, 1],
  ] as const) {
    it(`${what} has the sizes it says`, async () => {
      const [msg] = await first(settings, 1, {})
      const inputs = msg.payload as number[][][]
      should([inputs.length, inputs[0].length, inputs[0][0].length]).eql([3, length, inputSize])
      should(msg.sequence).containEql({ length, inputSize, outputSize, batch: 3 })
    })
  }

  it('heeds the noise of sine', async () => {
    const [noisy] = await first({ task: 'sine', noise: '5' }, 1, {})
    const [clean] = await first({ task: 'sine', noise: '0' }, 1, {})
    const largest = (msg: Message) => Math.max(...(msg.payload as number[][][]).flat(2).map(Math.abs))
    should(largest(noisy)).be.above(2)
    should(largest(clean)).be.belowOrEqual(1)
  })

  it('heeds the size of an epoch', async () => {
    const messages = await first({ task: 'adding', epochSize: '6' }, 3, {})
    should(messages.map(({ sequence }) => sequence?.epoch)).eql([1, 1, 2])
  })

  it('does not mind what a field of another task holds', async () => {
    const [msg] = await first({ task: 'adding', stride: 'abc', noise: '-', remember: 'x' }, 1, {})
    should(msg.payload).be.an.Array()
  })
})
