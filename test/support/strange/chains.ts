/** Loops of all kinds, and the messages that go round in them: what near misses are made of. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { RnnMessage } from '../../../nodes/common/message'
import { withOwnClock } from './clock'
import { copyOf, outputsOf, startNode, type ThinNode } from './thin-red'

export const stages = ['source', 'cell', 'unroll', 'bptt', 'clip', 'optimizer'] as const
export type Stage = (typeof stages)[number]

export const typeOf = {
  source: 'sequence-source',
  cell: 'rnn-cell',
  unroll: 'unroll',
  bptt: 'bptt-gradient',
  clip: 'clip-gradient',
  optimizer: 'optimizer',
} as const

export interface Chain extends Partial<Record<Stage, object>> {
  readonly name: string
  /** of the messages that a plain loop gets, where one takes longer; default 1 */
  readonly share?: number
  /** what goes into the source to begin with */
  readonly begin?: readonly object[]
}

const waves = Array.from({ length: 40 }, (_, t) => [Math.sin(t), Math.cos(t / 2)])
const readings = Array.from({ length: 24 }, (_, t) => ({
  payload: { a: Math.sin(t), b: t % 5 },
  time: 1_000_000 + 1000 * t,
  topic: t % 3 === 0 ? 'second' : 'first',
}))
const csv = [
  'series,a,b',
  ...Array.from({ length: 24 }, (_, t) => `s${Math.floor(t / (t > 10 ? 4 : 3))},${t % 7},${t % 2}`),
]
const size = { hiddenSize: '3' }
const made = { length: '4', batch: '2', epochSize: '8', validationSplit: '0', budget: '100000' }

export const chains: readonly Chain[] = [
  {
    name: 'a plain network that adds',
    source: { task: 'adding', ...made },
    cell: { ...size, precision: 'float64' },
    clip: { thresholdType: 'msg', threshold: 'limit' },
    optimizer: { rule: 'sgd', learningRateType: 'msg', learningRate: 'rate' },
    begin: [{ rate: 0.1, limit: 1 }],
  },
  {
    name: 'an LSTM of two layers that knows classes, with held-out sequences',
    share: 0.1,
    source: { task: 'embedded-reber', ...made, length: '8', validationSplit: '0.5' },
    cell: {
      ...size,
      cellType: 'lstm',
      layers: '2',
      peepholes: true,
      keepBest: true,
      patience: '50',
      readout: 'softmax',
    },
    unroll: { topology: 'many-to-many', state: 'carry', alwaysTape: true },
    bptt: { spectrum: true },
    clip: { rule: 'auto-clip' },
    optimizer: { rule: 'adam', schedule: 'reduce-on-plateau', scheduleFactor: '0.5', schedulePatience: '1' },
  },
  {
    name: 'a GRU that says letters backwards',
    source: { task: 'reverse', ...made },
    cell: { ...size, cellType: 'gru', decoder: true },
    unroll: { topology: 'encoder-decoder', feed: 'one-hot', teacherForcing: '0.5', checkpoint: true },
    bptt: { k1: '2', k2: '3' },
    clip: { rule: 'adaptive' },
    optimizer: { rule: 'rmsprop', accumulate: '2' },
  },
  {
    name: 'a network in both directions, of sequences of different lengths',
    source: {
      ...made,
      task: 'dataset',
      from: 'payload',
      groupColumn: 'series',
      columns: 'a',
      targetColumns: 'b',
      targetKind: 'class',
    },
    cell: { ...size, bidirectional: true, activation: 'relu' },
    clip: { rule: 'z-clip' },
    optimizer: { rule: 'radam', schedule: 'cosine', scheduleTotalSteps: '10' },
    begin: [{ payload: csv.join('\n') }],
  },
  {
    name: 'one that draws waves',
    source: { task: 'waveform', ...made, batch: '1' },
    cell: { ...size, cellType: 'lstm' },
    unroll: { topology: 'one-to-many', steps: '4' },
    clip: { rule: 'zero-nans' },
    optimizer: { rule: 'adadelta' },
  },
  {
    name: 'windows of a series',
    share: 0.2,
    source: { ...made, task: 'dataset', from: 'payload', length: '5', targetsPer: 'step' },
    cell: { ...size, readout: 'sigmoid' },
    unroll: { topology: 'many-to-many' },
    bptt: { credit: true, factors: true },
    clip: { rule: 'per-tensor-norm' },
    optimizer: { rule: 'lion' },
    begin: [{ payload: waves }],
  },
  {
    name: 'a text',
    source: { ...made, task: 'text', from: 'typed', text: 'so let it be said, and so let it be done' },
    cell: { ...size, cellType: 'gru', resetAfter: false },
    unroll: { topology: 'many-to-many' },
    clip: { rule: 'value' },
    optimizer: { rule: 'adagrad' },
  },
  {
    name: 'a stream by topics',
    source: {
      task: 'stream',
      time: 'field',
      timeField: 'time',
      interval: '1',
      late: 'error',
      length: '3',
      batch: '2',
      rate: '1000',
      topics: '4',
    },
    cell: { ...size, cellType: 'gru' },
    unroll: { state: 'topic', topics: '3', anomalyWarmUp: '2' },
    clip: { rule: 'block-rms' },
    optimizer: { rule: 'nadam' },
    begin: [...readings, {}],
  },
  {
    name: 'a stream as it arrives',
    source: {
      task: 'stream',
      length: '2',
      batch: '1',
      rate: '1000',
      targetsPer: 'step',
      gaps: 'error',
      streamScaling: 'none',
      replay: '8',
    },
    cell: size,
    unroll: { state: 'carry', topology: 'many-to-many' },
    clip: { rule: 'none' },
    optimizer: { rule: 'adamax' },
    begin: [...readings.map(({ payload }) => ({ payload: payload.a })), {}],
  },
]

/** What came into each node in so many rounds, as copies that nobody else has: the same every time. */
export const messagesOf = (chain: Chain, rounds = 12): Promise<Record<Stage, RnnMessage[]>> =>
  withOwnClock((stepClock) => goRound(chain, rounds, stepClock))

async function goRound(
  chain: Chain,
  rounds: number,
  stepClock: () => void,
): Promise<Record<Stage, RnnMessage[]>> {
  const seen = Object.fromEntries(stages.map((stage) => [stage, []])) as unknown as Record<
    Stage,
    RnnMessage[]
  >
  const queue: [Stage, RnnMessage][] = []
  const next: Record<Stage, readonly (Stage | undefined)[]> = {
    source: ['cell'],
    cell: ['unroll', 'source'],
    unroll: ['bptt'],
    bptt: ['clip'],
    clip: ['optimizer'],
    optimizer: ['cell'],
  }
  const nodes = Object.fromEntries(
    stages.map((stage) => {
      const hear = (out: unknown) =>
        outputsOf(out).forEach((messages, output) => {
          const to = next[stage][output]
          if (to) queue.push(...messages.map((msg): [Stage, RnnMessage] => [to, msg]))
        })
      return [stage, startNode(typeOf[stage], chain[stage] ?? {}, hear)]
    }),
  ) as Record<Stage, ThinNode>
  for (const msg of chain.begin ?? [{}]) queue.push(['source', copyOf(msg) as RnnMessage])
  for (let still = 0; still < 20 && seen.optimizer.length < rounds; still++) {
    while (queue.length > 0 && seen.optimizer.length < rounds) {
      stepClock()
      const [stage, msg] = queue.shift() as [Stage, RnnMessage]
      seen[stage].push(copyOf(msg))
      const { ends } = nodes[stage].input(msg)
      if (ends[0]) throw new Error(`${chain.name}: ${ends[0].message}`)
      still = 0
    }
    await nextTurn()
  }
  for (const stage of stages) await nodes[stage].close()
  const told = stages.flatMap((stage) => nodes[stage].errors)
  if (told.length > 0 || seen.optimizer.length === 0)
    throw new Error(`${chain.name}: ${told.join() || 'nothing goes round'}`)
  return seen
}
