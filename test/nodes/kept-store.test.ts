/** What is kept, where the store fails or what it has is damaged: training goes on, it is said, and nothing is destroyed. */
import { setTimeout as wait } from 'node:timers/promises'
import helper from 'node-red-node-test-helper'
import should from 'should'
import { type FailingStore, failingStore } from '../support/failing-store'
import { type FlowNode, loop, type Running, withFlow } from '../support/flow'

const memory = { module: 'memory' }
const keptIn = (store: FailingStore) => ({
  contextStorage: { default: memory, file: { module: store.module } },
})
const store = 'file'

const types: Record<string, string> = {
  source: 'sequence-source',
  cell: 'rnn-cell',
  clip: 'clip-gradient',
  optimizer: 'optimizer',
}
const typeOf = (id: string) => types[id]

/** A loop that keeps everything, slowed down by nothing. */
const keeping = (cell: object = {}, budget = '', others: object = {}): FlowNode[] =>
  loop({
    source: { budget, store },
    cell: { store, ...cell },
    clip: { rule: 'z-clip', store },
    optimizer: { store },
    ...others,
  })

const statusOf = (flow: Running, id: string) => flow.statuses(id).at(-1)
const textsOf = (flow: Running, id: string) => flow.statuses(id).map(({ text }) => text)

/** What a node has said by `error` or `log`. */
function said(id: string, method: 'error' | 'log'): string[] {
  const node = helper.getNode(id)
  const { args, thisValues } = node[method] as unknown as { args: unknown[][]; thisValues: unknown[] }
  return args.filter((_, call) => thisValues[call] === node).map(([text]) => String(text))
}

const until = async (holds: () => boolean) => {
  while (!holds()) await wait(20)
}

describe('a store that fails', () => {
  for (const how of ['throws', 'later'] as const)
    it(`(${how}) is said once by each node and shown, training goes on, and all is kept once it works again`, async () => {
      const failing = failingStore()
      await withFlow(
        keeping(),
        async (flow) => {
          failing.fails = how
          flow.send('source', {})
          const keepers = ['source', 'cell', 'clip', 'optimizer']
          await until(() => keepers.every((id) => textsOf(flow, id).includes(`${typeOf(id)}.status.notKept`)))
          const { sequence } = await flow.next('updates')
          const { given } = failing
          // tried again more than once
          await until(() => failing.given >= given + 8)
          flow.taken('updates')
          should((await flow.next('updates')).sequence?.step).be.above((sequence?.step as number) + 10)
          for (const id of keepers) {
            should(statusOf(flow, id)).eql({
              fill: 'yellow',
              shape: 'dot',
              text: `${typeOf(id)}.status.notKept`,
            })
            should(said(id, 'error')).eql([`${typeOf(id)}.message.notKept`])
          }
          should([...failing.data.keys()]).eql([])

          failing.fails = false
          await until(() => failing.data.size === 4)
          await until(() => keepers.every((id) => statusOf(flow, id)?.fill !== 'yellow'))
          for (const id of keepers) should(said(id, 'log')).eql([`${typeOf(id)}.message.keptAgain`])
          should(flow.taken('errors')).eql([])
        },
        keptIn(failing),
      )
    })

  it('is tried again though nothing comes any more: the end of a training is not lost', async () => {
    const failing = failingStore()
    await withFlow(
      keeping({}, '3'),
      async (flow) => {
        failing.fails = 'throws'
        flow.send('source', {})
        await flow.next('done')
        await until(() => statusOf(flow, 'cell')?.fill === 'yellow')
        failing.fails = false
        await until(() => failing.data.size === 4)
        await flow.deploy(keeping({ name: 'again' }, '4'), 'nodes')
        flow.send('source', {})
        await flow.next('done')
        should(flow.taken('updates').at(-1)?.update?.step).equal(4)
      },
      keptIn(failing),
    )
  })

  it('that does not tell at once what it has is not written to, and says why', async () => {
    const failing = failingStore()
    failing.data.set('tab/rnn-cell:cell', 'precious')
    failing.answersLater = true
    await withFlow(
      keeping({}, '5'),
      async (flow) => {
        flow.send('source', {})
        await flow.next('done')
        await wait(1200)
        should([...failing.data]).eql([['tab/rnn-cell:cell', 'precious']])
        should(statusOf(flow, 'cell')?.text).equal('rnn-cell.status.notKept')
        should(said('cell', 'error')).eql(['rnn-cell.message.notKept'])
      },
      keptIn(failing),
    )
  })

  it('and never answers holds no deploy up for ever, nor fills memory with what waits', async () => {
    const failing = failingStore()
    await withFlow(
      keeping(),
      async (flow) => {
        failing.fails = 'silent'
        flow.send('source', {})
        await until(() => failing.given === 4)
        await wait(1500)
        should(failing.given).equal(4)
        flow.send('source', { control: 'pause' })
        failing.fails = false
      },
      keptIn(failing),
    )
  })
})

describe('what was kept', () => {
  /** A store as a training of three batches has left it. */
  async function trained(): Promise<FailingStore> {
    const own = failingStore()
    await train(own, keeping({}, '3'))
    should([...own.data.keys()].sort()).eql(
      Object.entries(types)
        .map(([id, type]) => placeOf(type, id))
        .sort(),
    )
    return own
  }
  const placeOf = (type: string, id: string) => `tab/${type}:${id}`

  /** As after a restart: trains until the budget is spent. What the cell was at first, and what nodes warned of. */
  async function train(own: FailingStore, nodes: FlowNode[]) {
    const warnings: Record<string, string[]> = {}
    let first: unknown
    await withFlow(
      nodes,
      async (flow) => {
        flow.send('source', {})
        await flow.next('done')
        for (const id of Object.keys(types)) warnings[id] = flow.warnings(id)
        first = flow.taken('predictions')[0]?.cell?.version
        should(flow.taken('errors')).eql([])
      },
      keptIn(own),
    )
    return { warnings, first }
  }

  const damages: Record<string, (kept: string) => unknown> = {
    'cut short': (kept) => kept.slice(0, kept.length / 2),
    'another letter': (kept) => `${kept.slice(0, -20)}${kept.at(-20) === 'A' ? 'B' : 'A'}${kept.slice(-19)}`,
    'no text': () => ({ weights: [1, 2, 3] }),
    'another text': () => 'bm8gbW9kZWw=',
    'no letters at all': () => '',
  }
  for (const [id, type] of Object.entries(types))
    for (const [what, damage] of Object.entries(damages))
      it(`of ${type} and is damaged (${what}) is put aside, and the node starts anew`, async () => {
        const own = await trained()
        const place = placeOf(type, id)
        const kept = own.data.get(place) as string
        const broken = damage(kept)
        own.data.set(place, broken)
        const { warnings } = await train(own, keeping({}, '5'))
        should(warnings[id]).eql([`${type}.message.unreadable`])
        should(own.data.get(`${place}:aside`)).eql(broken)
        should(own.data.get(place)).be.a.String()
        const { warnings: after } = await train(own, keeping({}, '6'))
        should(Object.values(after).flat()).eql([])
      })

  it('by an earlier version, without a checksum, is read', async () => {
    const own = await trained()
    for (const [place, kept] of own.data) own.data.set(place, (kept as string).split('.')[0])
    const { warnings, first } = await train(own, keeping({}, '5'))
    should(Object.values(warnings).flat()).eql([])
    should(first).be.above(3)
  })

  it('of another kind of cell is put aside, and there again when the dialog is changed back', async () => {
    const own = await trained()
    const place = placeOf('rnn-cell', 'cell')
    const kept = own.data.get(place)
    const { warnings, first } = await train(own, keeping({ hiddenSize: '3' }, '5'))
    should(warnings.cell).eql(['rnn-cell.message.startsAnew'])
    should(first).equal(1)
    should(own.data.get(`${place}:aside`)).equal(kept)
    const other = own.data.get(place)
    const back = await train(own, keeping({}, '7'))
    should(back.warnings.cell).eql([])
    should(back.first).be.above(3)
    should(own.data.get(`${place}:aside`)).equal(other)
  })

  for (const [id, type, change] of [
    ['clip', 'clip-gradient', { clip: { rule: 'auto-clip', store } }],
    ['optimizer', 'optimizer', { optimizer: { rule: 'sgd', store } }],
  ] as const)
    it(`of another rule of ${type} is put aside with a warning, and there again when it is changed back`, async () => {
      const own = await trained()
      const kept = own.data.get(placeOf(type, id))
      const changed = await train(own, keeping({}, '5', change))
      should(changed.warnings[id]).eql([`${type}.message.startsAnew`])
      should(own.data.get(`${placeOf(type, id)}:aside`)).equal(kept)
      const back = await train(own, keeping({}, '7'))
      should(Object.values(back.warnings).flat()).eql([])
    })

  it('stays where a node is switched off, and goes with the node', async () => {
    const own = failingStore()
    await withFlow(
      keeping({}, '3'),
      async (flow) => {
        flow.send('source', {})
        await flow.next('done')
        const off = keeping({}, '3').map((node) => (node.id in types ? { ...node, d: true } : node))
        await flow.deploy(off, 'nodes')
        should(own.data.size).equal(4)
        await flow.deploy(keeping({}, '5'), 'nodes')
        flow.taken('predictions')
        flow.send('source', {})
        await flow.next('done')
        should(flow.taken('predictions')[0]?.cell?.version).be.above(3)
        own.data.set(`${placeOf('rnn-cell', 'cell')}:aside`, 'something')
        await flow.deploy([], 'nodes')
        should([...own.data.keys()]).eql([])
      },
      keptIn(own),
    )
  })

  it('is left to Node-RED where the whole flow is deleted, which takes its files away at the same time', async () => {
    const own = failingStore()
    const second = { id: 'second', type: 'tab', label: 'second' }
    await withFlow(
      [second, ...keeping().map((node) => ({ ...node, z: 'second' }))],
      async (flow) => {
        flow.send('source', {})
        await flow.next('updates')
        await until(() => own.data.size === 4)
        const { given } = own
        await flow.deploy([], 'full')
        await wait(600)
        should(own.given).equal(given)
      },
      keptIn(own),
    )
  })
})
