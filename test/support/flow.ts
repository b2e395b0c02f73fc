/** Flows of our nodes in Node-RED's runtime (node-red-node-test-helper), messages in and out as promises. */
import helper from 'node-red-node-test-helper'
import bpttGradient from '../../nodes/bptt-gradient'
import clipGradient from '../../nodes/clip-gradient'
import type { MessageTensor, RnnMessage } from '../../nodes/common/message'
import optimizer from '../../nodes/optimizer'
import rnnCell from '../../nodes/rnn-cell'
import sequenceSource from '../../nodes/sequence-source'
import unroll from '../../nodes/unroll'

export type Message = RnnMessage & { error?: { message: string; source: { id: string; type: string } } }
export type FlowNode = { id: string; type: string; z?: string; wires?: string[][] } & Record<string, unknown>

export const palette = [sequenceSource, rnnCell, unroll, bpttGradient, clipGradient, optimizer]

export interface Running {
  send(id: string, msg: object): void
  /** the next message at a helper node that no one has asked for yet */
  next(id: string): Promise<Message>
  /** all that have arrived so far and were not asked for, and forgets them */
  taken(id: string): Message[]
  /** waits until nothing moves any more */
  settled(): Promise<void>
  /** how often a node said `done`, and with which errors */
  completions(id: string): (Error | undefined)[]
  /** what is shown under a node */
  statuses(id: string): { fill?: string; shape?: string; text?: string }[]
  deploy(nodes: FlowNode[], type: 'full' | 'flows' | 'nodes'): Promise<void>
  warnings(id: string): string[]
  /** names of what is kept in the flow context of a node, in one store */
  keptIn(id: string, store: string): string[]
}

/** The numbers of a tensor of a message. */
export function numbersOf({ data, dtype }: MessageTensor): number[] {
  const bytes = new Uint8Array(data).buffer
  return [...(dtype === 'float32' ? new Float32Array(bytes) : new Float64Array(bytes))]
}

const tab = { id: 'tab', type: 'tab', label: 'test' }

/** The given nodes on one tab, with a catch node whose messages arrive at `errors`. */
const withTab = (nodes: FlowNode[]): FlowNode[] => [
  tab,
  ...nodes.map((node) => ({ z: 'tab', wires: [], x: 0, y: 0, ...node })),
  { id: 'catch', type: 'catch', z: 'tab', scope: null, uncaught: false, x: 0, y: 0, wires: [['errors']] },
  { id: 'errors', type: 'helper', z: 'tab', x: 0, y: 0, wires: [] },
]

export const sink = (id: string): FlowNode => ({ id, type: 'helper' })

const pause = () => new Promise((resolve) => setImmediate(resolve))

/** Context stores as Node-RED's settings have them; the helper leaves it to whoever comes between to load them. */
const inMemory = { module: 'memory' }
const contextStorage = { default: inMemory, other: inMemory }
const loadStores = () => helper._context.load()

/**
 * Loads the flow, hands it to `check`, and unloads it whatever happens.
 *
 * @param settings of Node-RED's settings file
 */
export async function withFlow(
  nodes: FlowNode[],
  check: (flow: Running) => Promise<void>,
  settings: object = {},
): Promise<void> {
  helper.init(require.resolve('node-red'), { contextStorage, ...settings })
  const inbox = new Map<string, Message[]>()
  const waiting = new Map<string, { resolve: (msg: Message) => void; reject: (error: Error) => void }>()
  const completed: { id: string; error?: Error }[] = []
  let moves = 0

  const giveUp = (error: Error) => {
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
  }
  const arrive = (id: string, msg: Message) => {
    const first = waiting.get(id)
    waiting.delete(id)
    if (first) first.resolve(msg)
    else if (id === 'errors' && waiting.size > 0) giveUp(new Error(`meanwhile: ${msg.error?.message}`))
    else inbox.set(id, [...(inbox.get(id) ?? []), msg])
  }
  const listen = (all: FlowNode[]) => {
    for (const { id, type } of all)
      if (type === 'helper') helper.getNode(id)?.on('input', (msg) => arrive(id, msg as Message))
  }
  // a flow that stands still for a minute while somebody waits will stand still for ever
  let movesBefore = -1
  const guard = setInterval(() => {
    if (moves === movesBefore && waiting.size > 0)
      giveUp(new Error(`nothing arrives at ${[...waiting.keys()]}`))
    movesBefore = moves
  }, 60_000)
  // a hook that takes no argument is waited for
  helper._RED.hooks.add('onReceive.test', (_event) => {
    moves++
  })
  helper._RED.hooks.add('onComplete.test', (event) => {
    const { node, error } = event as { node: { id: string }; error?: Error }
    completed.push({ id: node.id, error })
    moves++
  })

  await new Promise<void>((started) => helper.startServer(started))
  try {
    await helper.load([loadStores, ...palette], withTab(nodes))
    listen(withTab(nodes))
    // one spy stands for the method of all nodes
    const spied = (id: string, method: 'status' | 'warn') => {
      const node = helper.getNode(id)
      const { args, thisValues } = node[method] as unknown as { args: unknown[][]; thisValues: unknown[] }
      return args.filter((_, call) => thisValues[call] === node)
    }
    await check({
      send: (id, msg) => helper.getNode(id).receive({ ...msg }),
      next: (id) => {
        const [first, ...rest] = inbox.get(id) ?? []
        inbox.set(id, rest)
        return first
          ? Promise.resolve(first)
          : new Promise((resolve, reject) => waiting.set(id, { resolve, reject }))
      },
      taken: (id) => {
        const all = inbox.get(id) ?? []
        inbox.delete(id)
        return all
      },
      async settled() {
        for (let before = -1; before !== moves; ) {
          before = moves
          for (let turn = 0; turn < 20; turn++) await pause()
        }
      },
      completions: (id) => completed.filter((one) => one.id === id).map(({ error }) => error),
      statuses: (id) => spied(id, 'status').map(([status]) => status as object),
      warnings: (id) => spied(id, 'warn').map(([text]) => String(text)),
      keptIn: (id, store) => helper.getNode(id).context().flow.keys(store),
      async deploy(next, type) {
        await helper.setFlows(withTab(next), type)
        listen(withTab(next))
      },
    })
  } finally {
    clearInterval(guard)
    helper._RED.hooks.remove('onReceive.test')
    helper._RED.hooks.remove('onComplete.test')
    await helper.unload()
    await new Promise<void>((stopped) => helper.stopServer(stopped))
  }
}

/** The loop of the README, each node's settings as given; a tap after every node collects what passes. */
export function loop(
  settings: Partial<Record<'source' | 'cell' | 'unroll' | 'bptt' | 'clip' | 'optimizer', object>> = {},
): FlowNode[] {
  return [
    {
      id: 'source',
      type: 'sequence-source',
      task: 'adding',
      length: '10',
      batch: '4',
      budget: '5',
      validationSplit: '0',
      wires: [['cell'], ['done']],
      ...settings.source,
    },
    {
      id: 'cell',
      type: 'rnn-cell',
      hiddenSize: '6',
      wires: [['unroll'], ['source', 'updated'], ['model']],
      ...settings.cell,
    },
    { id: 'unroll', type: 'unroll', wires: [['bptt', 'predictions']], ...settings.unroll },
    {
      id: 'bptt',
      type: 'bptt-gradient',
      configVersion: 2,
      wires: [['clip', 'gradients'], ['alerts']],
      ...settings.bptt,
    },
    { id: 'clip', type: 'clip-gradient', wires: [['optimizer', 'clipped']], ...settings.clip },
    { id: 'optimizer', type: 'optimizer', wires: [['cell', 'updates']], ...settings.optimizer },
    ...['done', 'updated', 'model', 'predictions', 'gradients', 'alerts', 'clipped', 'updates'].map(sink),
  ]
}
