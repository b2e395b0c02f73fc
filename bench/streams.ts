/**
 * A thousand sensors through one Node-RED: MQTT in, predict, MQTT out. How long a prediction takes, at which rate none is
 * late or lost, and what it costs it that the same cell learns from the same readings beside it, ten batches a second.
 * Broker, Node-RED and who sends are processes of their own; Node-RED is kept on one core where `taskset` is there.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import type { MqttClient } from 'mqtt'
import { prepareUserDirectory } from '../scripts/user-directory'
import { atPort, startMosquitto } from '../test/support/mosquitto'
import { type NodeRed, startNodeRed } from '../test/support/node-red'
import { percentile } from './statistics'
import { duration, table } from './table'

const topics = 1000
/** as the issue of streams has it */
const limit = 20
const rates = [topics, 2000, 3000, 4000, 6000, 8000, 12_000, 16_000]

interface Run {
  readonly sent: number
  readonly lost: number
  readonly latencies: readonly number[]
  /** seconds from the first that was sent to the last that came */
  readonly seconds: number
  readonly memory: readonly [number, number]
  /** of the event loop of Node-RED, ms */
  readonly delay: { p50: number; p99: number; max: number }
}

/** @param quick a tenth of the time */
export async function measureStreams(quick = false): Promise<void> {
  const broker = await startMosquitto()
  let nodeRed: NodeRed | undefined
  try {
    nodeRed = await startNodeRed(atPort(flow, broker.port), prepareUserDirectory)
    await nodeRed.prints(/Connected to broker/)
    const client = await broker.client()
    ;(client.stream as unknown as { setNoDelay(on: boolean): void }).setNoDelay(true)
    const isAlone = keepTo('0', nodeRed.pid) && keepTo('1', process.pid) && keepTo('1', broker.pid)
    console.log(`Node-RED on ${isAlone ? 'one core, broker and sender on another' : 'all cores'}`)
    const time = (seconds: number) => (quick ? seconds / 10 : seconds)
    const runtime = nodeRed
    const run = (rate: number, seconds: number, to = 'sensor') =>
      send(client, runtime, to, rate, time(seconds))

    await run(topics, 40)
    const rows: string[][] = []
    let highest: number | undefined
    for (const rate of rates) {
      const one = await run(rate, rate === topics ? 120 : 20)
      rows.push(rowOf(`${rate} a second`, one))
      if (one.lost > 0 || percentile(one.latencies, 0.99) >= limit) break
      highest = rate
    }
    console.log(table(head, rows))
    const found = highest === undefined ? 'none of these' : `${highest} a second`
    console.log(`\nHighest rate with p99 below ${limit} ms and none lost: ${found}\n`)

    for (const pid of [nodeRed.pid, process.pid, broker.pid]) keepTo(allCores(), pid)
    await run(topics, 40, 'reading')
    const alone = await run(topics, 30, 'reading')
    client.publish('train', '{}')
    await run(topics, 10, 'reading')
    const beside = await run(topics, 30, 'reading')
    const steps = [...nodeRed.output().matchAll(/(\d+) steps learned/g)].at(-1)?.[1]
    console.log(table(head, [rowOf('alone', alone), rowOf('while training', beside)]))
    console.log(`${steps} batches were learned from`)
    const grows = percentile(beside.latencies, 0.99) / percentile(alone.latencies, 0.99)
    console.log(`\nWhile training p99 grows ${grows.toFixed(2)} times (all cores)`)
    if (/\[error\]/.test(nodeRed.output())) console.log(nodeRed.output())
  } finally {
    await nodeRed?.stop()
    await broker.stop()
  }
}

/** All threads of a process, where there is `taskset` and that core. */
const keepTo = (cores: string, pid: number): boolean =>
  spawnSync('taskset', ['-a', '-p', '-c', cores, String(pid)]).status === 0

const allCores = () => readFileSync('/sys/devices/system/cpu/online', 'utf8').trim()

const head = [
  '',
  'sent',
  'lost',
  'p50',
  'p99',
  'largest',
  'a second',
  'event loop p99',
  'RSS',
  'RSS at the end',
]

const rowOf = (name: string, { sent, lost, latencies, seconds, memory, delay }: Run): string[] => [
  name,
  `${sent}`,
  `${lost}`,
  duration(percentile(latencies, 0.5)),
  duration(percentile(latencies, 0.99)),
  duration(percentile(latencies, 1)),
  (latencies.length / seconds).toFixed(0),
  duration(delay.p99),
  ...memory.map((megabytes) => `${megabytes.toFixed(0)} MB`),
]

/** Readings of all topics in turn, a few every millisecond; each is answered on its topic, in order. */
async function send(
  client: MqttClient,
  nodeRed: NodeRed,
  to: string,
  rate: number,
  seconds: number,
): Promise<Run> {
  const waiting = new Map<string, number[]>()
  const latencies: number[] = []
  let last = performance.now()
  const take = (topic: string) => {
    const since = waiting.get(topic.replace('predicted/', ''))?.shift()
    if (since === undefined) return
    last = performance.now()
    latencies.push(last - since)
  }
  client.on('message', take)
  await client.subscribeAsync('predicted/#')
  await client.publishAsync('delay', '"begin"')
  const before = memoryOf(nodeRed)

  const begun = performance.now()
  let sent = 0
  while (performance.now() - begun < 1000 * seconds) {
    const due = Math.min(rate * seconds, (rate * (performance.now() - begun)) / 1000)
    for (; sent < due; sent++) {
      const name = `${sent % topics}`
      const queue = waiting.get(name) ?? []
      waiting.set(name, queue)
      queue.push(performance.now())
      client.publish(`${to}/${name}`, JSON.stringify([Math.sin(sent / 7000)]))
    }
    await pause(1)
  }
  // what has not come after five seconds of silence is lost
  while (latencies.length < sent && performance.now() - last < 5000) await pause(20)
  client.off('message', take)
  return {
    sent,
    lost: sent - latencies.length,
    latencies,
    seconds: (last - begun) / 1000,
    memory: [before, memoryOf(nodeRed)],
    delay: await delayOf(client),
  }
}

const memoryOf = ({ pid }: NodeRed): number =>
  Number(readFileSync(`/proc/${pid}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)?.[1]) / 1024

async function delayOf(client: MqttClient): Promise<Run['delay']> {
  await client.subscribeAsync('delayed')
  const said = new Promise<Run['delay']>((resolved) => {
    const take = (topic: string, payload: Buffer) => {
      if (topic !== 'delayed') return
      client.off('message', take)
      resolved(JSON.parse(String(payload)))
    }
    client.on('message', take)
  })
  await client.publishAsync('delay', '"end"')
  return said
}

const z = { z: 'tab', x: 0, y: 0 }
const broker = { ...z, broker: 'local', qos: '0' }
const flow = [
  { id: 'tab', type: 'tab', label: 'bench' },
  { id: 'local', type: 'mqtt-broker', broker: 'localhost', port: '1883', autoConnect: true, keepalive: '60' },
  { ...broker, id: 'in', type: 'mqtt in', topic: 'sensor/+', datatype: 'json', wires: [['cell']] },
  {
    ...z,
    id: 'cell',
    type: 'rnn-cell',
    cellType: 'gru',
    hiddenSize: '32',
    inputSize: '1',
    outputSize: '1',
    wires: [['unroll'], ['source', 'said'], []],
  },
  {
    ...z,
    id: 'unroll',
    type: 'unroll',
    topology: 'many-to-one',
    state: 'topic',
    topics: String(2 * topics),
    wires: [['only', 'bptt'], []],
  },
  {
    ...z,
    id: 'only',
    type: 'switch',
    property: 'sequence.phase',
    propertyType: 'msg',
    rules: [{ t: 'eq', v: 'predict', vt: 'str' }],
    outputs: 1,
    wires: [['name']],
  },
  {
    ...z,
    id: 'name',
    type: 'change',
    rules: [
      ...['sensor', 'reading'].map((from) => ({
        t: 'change',
        p: 'topic',
        pt: 'msg',
        from,
        fromt: 'str',
        to: 'predicted',
        tot: 'str',
      })),
    ],
    wires: [['out']],
  },
  { ...broker, id: 'out', type: 'mqtt out', topic: '', retain: 'false', wires: [] },
  // what learns beside it
  { ...broker, id: 'readings', type: 'mqtt in', topic: 'reading/+', datatype: 'json', wires: [['source']] },
  { ...broker, id: 'train', type: 'mqtt in', topic: 'train', datatype: 'json', wires: [['begin']] },
  {
    ...z,
    id: 'begin',
    type: 'change',
    rules: [{ t: 'delete', p: 'payload', pt: 'msg' }],
    wires: [['source']],
  },
  {
    ...z,
    id: 'source',
    type: 'sequence-source',
    task: 'stream',
    length: '24',
    batch: '32',
    rate: '10',
    topics: String(topics),
    wires: [['cell'], []],
  },
  { ...z, id: 'bptt', type: 'bptt-gradient', configVersion: 2, loss: 'auto', wires: [['clip'], []] },
  { ...z, id: 'clip', type: 'clip-gradient', rule: 'global-norm', threshold: '1', wires: [['optimizer']] },
  { ...z, id: 'optimizer', type: 'optimizer', rule: 'adam', learningRate: '0.001', wires: [['cell']] },
  {
    ...z,
    id: 'said',
    type: 'function',
    func: "if (msg.sequence?.step % 50 === 0) node.log(msg.sequence.step + ' steps learned')",
    outputs: 1,
    wires: [],
  },
  // how long the event loop waits
  { ...broker, id: 'delay', type: 'mqtt in', topic: 'delay', datatype: 'json', wires: [['watch']] },
  {
    ...z,
    id: 'watch',
    type: 'function',
    libs: [{ var: 'hooks', module: 'perf_hooks' }],
    func: `
      if (msg.payload === 'begin') {
        const watch = hooks.monitorEventLoopDelay({ resolution: 1 })
        watch.enable()
        context.set('watch', watch)
        return null
      }
      const watch = context.get('watch')
      watch.disable()
      const [p50, p99, max] = [watch.percentile(50), watch.percentile(99), watch.max].map((ns) => ns / 1e6)
      return { topic: 'delayed', payload: { p50, p99, max } }`,
    outputs: 1,
    wires: [['out']],
  },
]
