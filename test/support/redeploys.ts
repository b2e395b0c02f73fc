/**
 * A real Node-RED that trains on worker threads, is looked at by a sidebar, and is deployed again and again in the middle
 * of it: as a whole, a flow, a node, with a flow switched off and on, with a node taken away and put back.
 */
import { setTimeout as wait } from 'node:timers/promises'
import type { LoopDigest } from '../../nodes/watch/wire'
import { type Held, heldBy } from './held'
import type { NodeRed } from './node-red'

type FlowNode = Record<string, unknown> & { id: string }
type Deployment = 'full' | 'flows' | 'nodes'

const empty: FlowNode[] = [{ id: 'empty', type: 'tab', label: 'empty' }]

/** Batches that take some tens of milliseconds each way, on worker threads. */
const trained: FlowNode[] = [
  { id: 'tab', type: 'tab', label: 'trains' },
  {
    id: 'source',
    type: 'sequence-source',
    task: 'sine',
    targetsPer: 'step',
    length: '100',
    batch: '32',
    budget: '',
    validationSplit: '0',
    store: 'file',
    wires: [['cell'], []],
  },
  {
    id: 'cell',
    type: 'rnn-cell',
    cellType: 'lstm',
    hiddenSize: '48',
    store: 'file',
    wires: [['unroll'], ['source'], []],
  },
  { id: 'unroll', type: 'unroll', topology: 'many-to-many', wires: [['bptt']] },
  { id: 'bptt', type: 'bptt-gradient', wires: [['clip'], []] },
  { id: 'clip', type: 'clip-gradient', rule: 'z-clip', store: 'file', wires: [['optimizer']] },
  { id: 'optimizer', type: 'optimizer', rule: 'adam', store: 'file', wires: [['cell']] },
].map((node) => (node.type === 'tab' ? node : { z: 'tab', x: 0, y: 0, ...node }))

/** The flow with another name for some of its nodes, by which Node-RED knows that they have changed. */
const renamed = (name: string, ...ids: string[]): FlowNode[] =>
  trained.map((node) => (ids.includes(node.id) ? { ...node, name } : node))

const without = (id: string): FlowNode[] => trained.filter((node) => node.id !== id)
const disabled: FlowNode[] = trained.map((node) => (node.id === 'tab' ? { ...node, disabled: true } : node))

/** One after the other; each is a deploy or two, after which the flow is whole. */
const kinds: ((name: string) => [FlowNode[], Deployment][])[] = [
  (name) => [[renamed(name, 'tab'), 'full']],
  (name) => [[renamed(name, 'clip'), 'flows']],
  (name) => [[renamed(name, 'bptt'), 'nodes']],
  () => [
    [disabled, 'flows'],
    [trained, 'flows'],
  ],
  () => [
    [without('unroll'), 'nodes'],
    [trained, 'nodes'],
  ],
  (name) => [[renamed(name, 'source', 'cell', 'unroll', 'optimizer'), 'nodes']],
]

const views = ['sum', 'credit', 'weights', 'check']

export function redeploys(nodeRed: NodeRed) {
  const { url } = nodeRed
  const ask = async (path: string, body?: object, headers: object = {}) => {
    const answer = await fetch(`${url}/${path}`, {
      method: body ? 'POST' : 'GET',
      headers: { 'content-type': 'application/json', ...headers },
      ...(body && { body: JSON.stringify(body) }),
    })
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return answer
  }
  const deploy = (nodes: FlowNode[], type: Deployment) =>
    ask('flows', nodes, { 'Node-RED-Deployment-Type': type })
  const stepNow = async () =>
    ((await (await ask('recurrent/loops/cell')).json()) as LoopDigest | null)?.progress.step ?? 0

  /** Asks the source to go on. The deploy is answered before the flow has started; a batch may have got lost in it. */
  const resume = () =>
    fetch(`${url}/recurrent/sources/source`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ control: 'resume' }),
    })

  /** Training goes on, and somebody looks at it. */
  async function train(): Promise<void> {
    const before = await stepNow()
    await ask('recurrent/look', { loops: ['cell'] })
    for (let turn = 0; (await stepNow()) < before + 3; turn++) {
      if (turn > 6000) throw new Error(`training stands still at step ${before}:\n${nodeRed.output()}`)
      if (turn % 50 === 0) await (await resume()).text()
      await wait(10)
    }
  }

  return {
    /** Until there has been so much training, then so many deploys in the middle of it, counted from `first`. */
    async run(count: number, first = 0): Promise<void> {
      await deploy(trained, 'full')
      await train()
      for (let turn = first; turn < first + count; turn++) {
        // what the sidebar asks for is under way too, and may be told that the flow has just gone
        const asked = fetch(`${url}/recurrent/loops/cell/${views[turn % views.length]}`)
        await wait((turn * 7) % 50)
        for (const [nodes, type] of kinds[turn % kinds.length](`turn ${turn}`)) await deploy(nodes, type)
        await (await asked).text()
        await train()
      }
    },
    /** What the process holds when the flow is gone. */
    async held(): Promise<Held> {
      await deploy(empty, 'full')
      return heldBy(nodeRed)
    },
    stepNow,
  }
}
