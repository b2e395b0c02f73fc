/**
 * A stream of readings in the time of its time stamps, as fast as the machine can: thirty sensors at a time, each of which
 * is replaced by a new one after a while, with gaps, late and double readings, broken ones and clocks that go wrong. A
 * network predicts from each reading and learns beside it.
 */

/** Fewer than there will have been: what is remembered of those that are gone has to make room. */
const topics = '50'

/** Sensors, their clock and what they send; seconds of the stream between two readings of one. */
const sensors = `
const seconds = 10
const part = Math.round(86400 / seconds * DAYS / 20)
let state = 1
const random = () => (state = (state * 48271) % 2147483647) / 2147483647
let made = 0
const begin = () => ({ topic: 'sensor ' + ++made, ahead: 0, silent: 0, phase: 6 * random(), level: 20 + 10 * random() })
const active = Array.from({ length: 30 }, begin)
const start = Date.UTC(2024, 2, 30)
let step = 0

function read(sensor, at) {
  if (sensor.silent-- > 0) return []
  const chance = random()
  if (chance < 0.005) return (sensor.silent = Math.ceil(20 * random())), []
  if (chance < 0.006) sensor.ahead = 3600000
  else if (chance < 0.009) sensor.ahead = 0
  const { topic, ahead, level, phase } = sensor
  const payload = level + 3 * Math.sin(step / 20 + phase) + 0.1 * random()
  const one = { topic, payload, timestamp: at + ahead }
  if (chance < 0.012) return [one, { ...one }]
  if (chance < 0.018) return [{ ...one, timestamp: at + ahead - 25000 }]
  if (chance < 0.019) return [{ ...one, payload: 'broken' }]
  return [one]
}

function tick() {
  const at = start + 1000 * seconds * step
  for (let place = 0; place < active.length; place++) {
    for (const msg of read(active[place], at)) node.send(msg)
    if (random() < 1 / 300) active[place] = begin()
  }
  step += 1
  if (step % part === 0) node.log('part ' + step / part + ' of 20, ' + made + ' sensors so far')
  if (step < 20 * part) setTimeout(tick, 20)
}
tick()
`

/** Counts what comes. */
const count = `
const all = (context.get('all') ?? 0) + 1
context.set('all', all)
`

/** @param days of the stream */
export const sensorDayFlow = (days: number): object[] => [
  { id: 'tab', type: 'tab', label: 'a day of sensors' },
  ...nodes(days).map((node) => ({ x: 0, y: 0, z: 'tab', ...node })),
]

const nodes = (days: number): object[] => [
  {
    id: 'start',
    type: 'inject',
    props: [],
    once: true,
    onceDelay: '0.5',
    wires: [['sensors', 'source']],
  },
  {
    id: 'sensors',
    type: 'function',
    func: sensors.replace('DAYS', String(days)),
    wires: [['source']],
  },
  {
    id: 'source',
    type: 'sequence-source',
    task: 'stream',
    store: 'file',
    time: 'field',
    interval: '10',
    resample: 'mean',
    gaps: 'hold',
    longestGap: '5',
    streamScaling: 'z-score',
    length: '8',
    batch: '8',
    replay: '500',
    rate: '100',
    topics,
    wires: [['cell'], []],
  },
  {
    id: 'cell',
    type: 'rnn-cell',
    store: 'file',
    cellType: 'gru',
    hiddenSize: '8',
    wires: [['unroll'], ['source'], []],
  },
  {
    id: 'unroll',
    type: 'unroll',
    topology: 'many-to-one',
    state: 'topic',
    topics,
    wires: [['bptt', 'predicted'], []],
  },
  { id: 'bptt', type: 'bptt-gradient', wires: [['clip'], []] },
  { id: 'clip', type: 'clip-gradient', rule: 'global-norm', threshold: '1', wires: [['optimizer']] },
  { id: 'optimizer', type: 'optimizer', store: 'file', rule: 'adam', wires: [['cell']] },
  {
    id: 'predicted',
    type: 'function',
    func: `if (msg.sequence.phase !== 'predict') return\n${count}\nif (all % 10000 === 0) node.log(all + ' predictions')`,
    wires: [],
  },
  { id: 'catch', type: 'catch', scope: null, uncaught: false, wires: [['refused']] },
  {
    id: 'refused',
    type: 'function',
    func: `${count}\nif (!/a number/.test(msg.error.message)) node.log('unexpected: ' + msg.error.message)\nif (all % 100 === 0) node.log(all + ' broken readings')`,
    wires: [],
  },
]
