/** Deploys in the middle of a batch and of a worker's job, in process: what each leaves behind is counted. */
import helper from 'node-red-node-test-helper'
import should from 'should'
import { type FlowNode, loop, withFlow } from '../support/flow'
import { type Threads, watchThreads, withWorkersVariable } from '../support/threads'

const nodes: FlowNode[] = loop({
  source: { task: 'sine', targetsPer: 'step', length: '100', batch: '32', budget: '', store: 'other' },
  cell: { cellType: 'lstm', hiddenSize: '48', precision: 'float64', store: 'other', keepBest: true },
  unroll: { topology: 'many-to-many' },
  clip: { rule: 'z-clip', store: 'other' },
  optimizer: { store: 'other' },
})
const ids = ['source', 'cell', 'unroll', 'bptt', 'clip', 'optimizer']

const changed = (name: string, some: readonly string[]) =>
  nodes.map((node) => (some.includes(node.id) ? { ...node, name } : node))
const off = (some: readonly string[]) =>
  nodes.map((node) => (some.includes(node.id) ? { ...node, d: true } : node))

/** What a turn does to the flow; after its last deploy the flow is whole. */
const turns: Record<string, (name: string) => [FlowNode[], 'full' | 'flows' | 'nodes'][]> = {
  'of everything': (name) => [[changed(name, []), 'full']],
  'of the flow': (name) => [[changed(name, ['clip']), 'flows']],
  'of the nodes at work': (name) => [[changed(name, ['unroll', 'bptt']), 'nodes']],
  'of all nodes': (name) => [[changed(name, ids), 'nodes']],
  'without a node, and with it': () => [
    [nodes.filter(({ id }) => id !== 'unroll'), 'nodes'],
    [nodes, 'nodes'],
  ],
  'with nodes switched off, and on': () => [
    [off(ids), 'nodes'],
    [nodes, 'nodes'],
  ],
}

const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length

/** Of Node-RED's events, and of each of our nodes. */
function listeners() {
  const { events } = helper._RED as unknown as { events: NodeJS.EventEmitter }
  const count = (of: NodeJS.EventEmitter) =>
    of.eventNames().reduce((sum, name) => sum + of.listenerCount(name), 0)
  return [events, ...ids.map((id) => helper.getNode(id) as unknown as NodeJS.EventEmitter)].map(count)
}

describe('a deploy in the middle of training', () => {
  let threads: Threads
  beforeEach(() => {
    threads = watchThreads()
  })
  afterEach(() => threads.end())

  for (const [what, deploys] of Object.entries(turns))
    it(`${what} leaves no thread, timer or listener behind, and training goes on`, () =>
      withWorkersVariable('1', async () => {
        let timersBefore = 0
        await withFlow([], async () => {
          timersBefore = timers()
        })
        await withFlow(nodes, async (flow) => {
          flow.send('source', {})
          await flow.next('updates')
          const before = listeners()
          for (const turn of [1, 2]) {
            // the next batch is on its way forward or back
            await flow.next('predictions')
            for (const [next, type] of deploys(`turn ${turn}`)) await flow.deploy(next, type)
            should(threads.alive()).be.belowOrEqual(1)
            await flow.settled()
            flow.taken('updates')
            flow.taken('predictions')
            flow.send('source', {})
            const { update } = await flow.next('updates')
            should(update?.skipped).be.false()
            should(listeners()).eql(before)
            should(flow.taken('errors')).eql([])
          }
          await flow.deploy([], 'full')
          should(threads.alive()).equal(0)
          should(timers()).equal(timersBefore)
        })
      }))
})
