/** Networks that are too large for the event loop: the same messages and numbers, however many threads there are. */
import helper from 'node-red-node-test-helper'
import should from 'should'
import { type FlowNode, loop, type Message, type Running, withFlow } from '../support/flow'
import { type Threads, watchThreads, withWorkersVariable } from '../support/threads'
import { network } from '../support/unroll-flow'

/** A forward pass of 100 million multiply-adds in float64: more than 10 ms everywhere, and cut into two shards. */
const large = (budget: number, length = '200'): FlowNode[] =>
  loop({
    source: { task: 'sine', targetsPer: 'step', length, batch: '32', budget: String(budget) },
    cell: { cellType: 'lstm', hiddenSize: '64', precision: 'float64' },
    unroll: { topology: 'many-to-many' },
  })
const small = (budget: number): FlowNode[] =>
  loop({ source: { budget: String(budget) }, cell: { precision: 'float64' } })

interface Setting {
  /** RNN_WORKERS */
  readonly variable?: string
  /** rnnWorkers in Node-RED's settings file */
  readonly rnnWorkers?: number
}

interface Trained {
  readonly losses: unknown
  readonly norms: unknown
  readonly steps: unknown
  readonly completions: unknown
  /** messages of a node during which the event loop turned */
  readonly left: Readonly<Record<string, number>>
  readonly started: number
}

const withSetting = (
  { variable, rnnWorkers }: Setting,
  nodes: FlowNode[],
  run: (flow: Running) => Promise<void>,
) => withWorkersVariable(variable, () => withFlow(nodes, run, { rnnWorkers }))

/** Counts, node by node, the messages that were not done in the turn of the event loop in which they came. */
function watchTurns() {
  const { hooks } = helper._RED
  const left: Record<string, number> = { unroll: 0, bptt: 0 }
  const since = new Map<string, number>()
  let turns = 0
  let timer = setImmediate(function turn() {
    turns += 1
    timer = setImmediate(turn)
  })
  const idOf = (event: object) => (event as { node?: { id: string } }).node?.id ?? ''
  hooks.add('onReceive.turns', (event: object) => {
    since.set((event as { destination: { id: string } }).destination.id, turns)
  })
  hooks.add('onComplete.turns', (event: object) => {
    const id = idOf(event)
    if (id in left && turns !== since.get(id)) left[id] += 1
  })
  return {
    left,
    end() {
      clearImmediate(timer)
      hooks.remove('onReceive.turns')
      hooks.remove('onComplete.turns')
    },
  }
}

async function train(nodes: FlowNode[], setting: Setting = {}): Promise<Trained> {
  const threads = watchThreads()
  let trained: Omit<Trained, 'started'> | undefined
  try {
    await withSetting(setting, nodes, async (flow) => {
      const { left, end } = watchTurns()
      flow.send('source', {})
      await flow.next('done')
      await flow.settled()
      end()
      should(flow.taken('errors')).eql([])
      const gradients = flow.taken('gradients')
      trained = {
        losses: gradients.map(({ loss }) => loss),
        norms: gradients.map(({ gradient }) => [gradient?.norm, gradient?.terms]),
        steps: flow.taken('updates').map(({ sequence }) => sequence?.step),
        completions: ['source', 'cell', 'unroll', 'bptt', 'clip', 'optimizer'].map((id) =>
          flow.completions(id),
        ),
        left,
      }
    })
    return { ...(trained as Omit<Trained, 'started'>), started: threads.started() }
  } finally {
    threads.end()
  }
}

/** What does not depend on who does the work. */
const visible = ({ losses, norms, steps, completions }: Trained) => ({ losses, norms, steps, completions })

describe('training beside the event loop', () => {
  const budget = 4
  let alone: Trained
  before(async () => {
    alone = await train(large(budget), { variable: '1' })
  })

  it('takes every batch through one worker thread, and says what it always says', () => {
    should(alone.started).equal(1)
    should(alone.left).eql({ unroll: budget, bptt: budget })
    should(alone.steps).eql([1, 2, 3, 4])
    should(alone.losses).have.length(budget)
    const once = (count: number) => new Array(count).fill(undefined)
    // the last update asks the source once more, which answers that it is done
    should(alone.completions).eql([once(5), once(8), once(4), once(4), once(4), once(4)])
  })

  for (const setting of [
    { variable: '2' },
    { rnnWorkers: 3 },
    { rnnWorkers: 1 },
    { rnnWorkers: 0 },
    {},
  ] as const)
    it(`is the same, bit for bit, with ${JSON.stringify(setting)}`, async () => {
      const trained = await train(large(budget), setting)
      should(visible(trained)).eql(visible(alone))
      // how long work takes is guessed from what it took: on a busy machine a batch may seem short
      for (const left of Object.values(trained.left)) should(left).be.within(1, budget)
      if (setting.rnnWorkers === 0) should(trained.started).equal(0)
      else should(trained.started).be.aboveOrEqual(1)
    })

  it('goes before the setting with RNN_WORKERS', async () => {
    should((await train(large(1), { variable: '0', rnnWorkers: 2 })).started).equal(0)
  })

  it('is for large work only', async () => {
    const { left, started } = await train(small(budget), { variable: '2' })
    should(left).eql({ unroll: 0, bptt: 0 })
    should(started).equal(0)
  })
})

describe('predictions beside the event loop', () => {
  const lstm = { cellType: 'lstm', hiddenSize: '64' }
  const nodes = network({ state: 'topic' }, lstm)
  /** 100 million multiply-adds, one sequence */
  const long = { payload: Array.from({ length: 6000 }, (_, t) => Math.sin(t / 7)), topic: 'a' }
  const reading = (topic: string) => ({ payload: [0.5], topic })
  const bare = ({ payload, topic }: Message) => ({ payload, topic })

  it('come in the order of the messages, and a reset among them does not overtake', () =>
    withWorkersVariable('1', async () => {
      const reset = { reset: true, topic: 'a' }
      const before = [long, reading('a'), reading('b'), long, reading('a')]
      const after = [reading('a'), reading('b'), long, reading('a')]
      const all = [...before, reset, ...after]
      const oneByOne: object[] = []
      await withFlow(nodes, async (flow) => {
        const cell = await cellMessage(flow)
        for (const msg of all) {
          flow.send('unroll', { cell, ...msg })
          if (msg === reset) await flow.settled()
          else oneByOne.push(bare(await flow.next('out')))
        }
      })
      should(oneByOne[5]).not.eql(oneByOne[4])
      await withFlow(nodes, async (flow) => {
        const cell = await cellMessage(flow)
        const { left, end } = watchTurns()
        for (const msg of all) flow.send('unroll', { cell, ...msg })
        const together: object[] = []
        while (together.length < oneByOne.length) together.push(bare(await flow.next('out')))
        end()
        should(together).eql(oneByOne)
        should(left.unroll).equal(all.length)
        await flow.settled()
        should([flow.taken('out'), flow.taken('errors')]).eql([[], []])
        should(flow.completions('unroll')).eql(new Array(1 + all.length).fill(undefined))
      })
    }))

  it('are refused where too many wait, with an error for each, and the others come', () =>
    withWorkersVariable('1', () =>
      withFlow(nodes, async (flow) => {
        const cell = await cellMessage(flow)
        flow.send('unroll', { cell, ...long })
        for (let count = 1; count <= 1002; count++) flow.send('unroll', { cell, ...reading(`t${count}`) })
        const refused = [await flow.next('errors'), await flow.next('errors')]
        for (const [index, { error, topic }] of refused.entries()) {
          should(topic).equal(`t${1001 + index}`)
          should(error?.message).equal(
            'unroll: expected at most 1000 messages to wait for their turn: send fewer, or smaller ones, got one more',
          )
        }
        const topics: unknown[] = []
        while (topics.length < 1001) topics.push((await flow.next('out')).topic)
        should(topics).eql(['a', ...Array.from({ length: 1000 }, (_, index) => `t${index + 1}`)])
        await flow.settled()
        should(flow.completions('unroll').filter(Boolean)).have.length(2)
        should(flow.completions('unroll')).have.length(1 + 1003)
        flow.send('unroll', { cell, ...reading('again') })
        should((await flow.next('out')).topic).equal('again')
      }),
    ))

  /** The cell as it comes out of rnn-cell: one reading has passed. */
  async function cellMessage(flow: Running) {
    flow.send('cell', { ...reading('first') })
    const { cell } = await flow.next('out')
    return cell
  }
})

describe('the end of a flow in the middle of its work', () => {
  let threads: Threads
  beforeEach(() => {
    threads = watchThreads()
  })
  afterEach(() => threads.end())

  /** Until the second batch has come to bptt-gradient. */
  const underWay = async (flow: Running) => {
    flow.send('source', {})
    await flow.next('predictions')
    await flow.next('predictions')
  }

  for (const variable of ['1', '2', '0'])
    it(`leaves no thread and no message behind, and the next flow works, with RNN_WORKERS=${variable}`, () =>
      withWorkersVariable(variable, async () => {
        let late = 0
        await withFlow(large(1000), async (flow) => {
          await underWay(flow)
          should(threads.alive()).be.within(Math.sign(Number(variable)), Number(variable))
        })
        should(threads.alive()).equal(0)
        const { hooks } = helper._RED
        const count = () => {
          late += 1
        }
        hooks.add('onSend.late', count)
        hooks.add('onReceive.late', count)
        for (let turn = 0; turn < 100; turn++) await new Promise((resolve) => setTimeout(resolve, 2))
        hooks.remove('onSend.late')
        hooks.remove('onReceive.late')
        should(late).equal(0)
        should(process.getActiveResourcesInfo()).not.containEql('MessagePort')
        const { losses, left } = await train(large(1), { variable })
        should(losses).have.length(1)
        should(left).eql({ unroll: 1, bptt: 1 })
      }))

  it('by a deploy of the nodes at work ends it, and goes on with the next message', () =>
    withWorkersVariable('1', async () => {
      // a way back of hundreds of milliseconds, so that the deploy comes before its end
      const nodes = large(1000, '2000')
      await withFlow(nodes, async (flow) => {
        await underWay(flow)
        should(threads.alive()).equal(1)
        const changed = nodes.map((node) => (node.id === 'bptt' ? { ...node, name: 'changed' } : node))
        await flow.deploy(changed, 'nodes')
        should(threads.alive()).equal(0)
        should(flow.completions('bptt')).eql([undefined, undefined])
        await flow.settled()
        should(flow.taken('errors')).eql([])
        should(flow.taken('updates')).have.length(1)
        flow.send('source', { reset: true })
        const { sequence } = await flow.next('updates')
        should(sequence?.step).equal(1)
        should(flow.completions('bptt')).eql([undefined, undefined, undefined])
      })
    }))
})
