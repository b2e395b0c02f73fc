/** sequence-source: every field of the dialog reaches the sequences of every task that has it. */
import should from 'should'
import {
  type SourceOptions,
  sequenceSource,
  type TaskName,
  taskNames,
  taskOptions,
  toNested,
} from '../../src'
import { type FlowNode, type Message, sink, withFlow } from '../support/flow'

const walks = `walk,x,y,kind\n${Array.from({ length: 36 }, (_, row) => `${row >> 3},${row * row},${row % 5},${row % 2 ? 'in' : 'out'}`).join('\n')}\n`
const letters = 'so it goes and so it went'

type Config = Record<string, unknown>
const source = (config: Config): FlowNode[] => [
  {
    id: 'source',
    type: 'sequence-source',
    batch: '3',
    validationSplit: '0',
    ...config,
    wires: [['out'], []],
  },
  sink('out'),
]

/** The first three messages, the first asked for with the data if they come in a payload. */
async function three(config: Config): Promise<Message[]> {
  const seen: Message[] = []
  await withFlow(source(config), async (flow) => {
    for (let pull = 0; pull < 3; pull++) {
      flow.send('source', pull === 0 && config.from === 'payload' ? { payload: walks } : {})
      seen.push(await flow.next('out'))
    }
  })
  return seen
}

const parts = ({ payload, target, sequence }: Message) => ({ payload, target, epoch: sequence?.epoch })
/** What the library makes of the same options. */
const ofLibrary = (options: SourceOptions) => {
  const made = sequenceSource({ batch: 3, validationSplit: 0, ...options })
  return [1, 2, 3].map(() => {
    const { inputs, targets, epoch } = made.next().value as Exclude<
      ReturnType<typeof made.next>['value'],
      undefined
    >
    return { payload: toNested(inputs), target: toNested(targets), epoch }
  })
}

/** For each option another value than the usual one, as the dialog saves it and as the library takes it. */
const others: Record<string, [string | boolean, unknown]> = {
  columns: ['y', ['y']],
  targetColumns: ['y, x', ['y', 'x']],
  targetsPer: ['step', 'step'],
  groupColumn: [' walk ', 'walk'],
  length: ['9', 9],
  horizon: ['3', 3],
  stride: ['2', 2],
  scaling: ['none', 'none'],
  shuffle: [false, false],
  noise: ['0.5', 0.5],
  symbols: ['3', 3],
  remember: ['2', 2],
  delay: ['2', 2],
  components: ['5', 5],
  tau: ['20', 20],
  epochSize: ['5', 5],
  text: [letters, letters],
  encoding: ['index', 'index'],
}

/** What the other options are meanwhile. */
const base = (task: TaskName): { config: Config; options: SourceOptions } => {
  const length = task === 'embedded-reber' ? 20 : 7
  const typed = 'a rose is a rose is a rose'
  const config = { task, length: `${length}` }
  if (task === 'dataset')
    return { config: { ...config, from: 'payload' }, options: { task, length, data: walks } }
  if (task === 'text')
    return { config: { ...config, from: 'typed', text: typed }, options: { task, length, text: typed } }
  return { config, options: { task, length } }
}

describe('sequence-source: the options of each task', () => {
  for (const task of taskNames)
    for (const option of taskOptions[task].filter((name) => name !== 'data' && name !== 'targetKind')) {
      it(`${task} heeds ${option}`, async () => {
        const { config, options } = base(task)
        const [entry, value] = others[option]
        const seen = (await three({ ...config, [option]: entry })).map(parts)
        const expected = ofLibrary({ ...options, [option]: value })
        should(seen).eql(expected)
        should(expected).not.eql(ofLibrary(options))
      })
    }

  it('dataset heeds targetKind', async () => {
    const config = { ...base('dataset').config, columns: 'x', targetColumns: 'kind', targetKind: 'class' }
    const [{ target, sequence }] = await three({ ...config, shuffle: false })
    should(target).eql([0, 1, 0])
    should(sequence).containEql({ targetKind: 'class', outputSize: 2, classes: ['in', 'out'] })
  })

  for (const task of taskNames) {
    it(`${task} takes blank fields and missing ones for what is usual`, async () => {
      const { config, options } = base(task)
      const { length: _, ...usual } = options
      const blank = Object.fromEntries(
        taskOptions[task]
          .filter((name) => !['data', 'text', 'shuffle'].includes(name))
          .map((name) => [name, '']),
      )
      const { length: __, ...given } = config
      const withText = task === 'text' ? { ...usual, text: letters } : usual
      const data = task === 'text' ? { text: letters } : {}
      should((await three({ ...given, ...data, ...blank })).map(parts)).eql(ofLibrary(withText))
      should((await three({ ...given, ...data })).map(parts)).eql(ofLibrary(withText))
    })
  }

  it('a data set with groups has no length and no stride', async () => {
    const config = { ...base('dataset').config, groupColumn: 'walk', length: 'x', stride: '-' }
    const expected = ofLibrary({ task: 'dataset', data: walks, groupColumn: 'walk' })
    should((await three(config)).map(parts)).eql(expected)
  })

  it('refuses a task and a place for data that there are not', async () => {
    for (const [config, says] of [
      [{ task: 'knitting' }, /expected task to be one of dataset, sine, .*got the text "knitting"/],
      [{ task: 'dataset', from: 'typed' }, /expected from to be one of file, payload/],
      [{ task: 'text', from: 'typed' }, /expected a text for the task text, got none/],
      [{ task: 'sine', length: 'long' }, /expected length to be a number, got the text "long"/],
      [{ task: 'lorenz', targetsPer: 'week' }, /expected targetsPer to be one of sequence, step/],
    ] as const)
      await withFlow(source(config), async (flow) => {
        flow.send('source', {})
        should((await flow.next('errors')).error?.message).match(says)
      })
  })
})
