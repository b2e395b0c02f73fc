/** The lessons of streams: a network that predicts what comes next, and learns from it when it has come. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import should from 'should'
import { root } from '../../scripts/assets'
import { atPort, type Broker, hasMosquitto, startMosquitto } from '../support/mosquitto'
import { example, type NodeRed, startNodeRed } from '../support/node-red'

/** Without its catch node, so that errors are printed. */
const printing = (name: string) => example(name).filter(({ type }) => type !== 'catch')
const withoutErrors = (nodeRed: NodeRed) => should(nodeRed.output()).not.match(/\[error\]/)
const press = (nodeRed: NodeRed, button: string) =>
  fetch(`${nodeRed.url}/inject/${button}`, { method: 'POST' })

/** Waits for what is to happen soon, and no longer than a few seconds if it does not. */
const until = async (holds: () => boolean) => {
  for (let turn = 0; turn < 200 && !holds(); turn++) await pause(20)
}

describe('11 MQTT forecast', () => {
  let broker: Broker
  let nodeRed: NodeRed
  before(async function () {
    if (!hasMosquitto) return this.skip()
    broker = await startMosquitto()
    nodeRed = await startNodeRed(atPort(printing('11 MQTT forecast'), broker.port))
    await nodeRed.prints(/Connected to broker/)
  })
  after(async () => {
    await nodeRed?.stop()
    await broker?.stop()
  })

  it('sends the forecast of the next reading with a band, and becomes better than the naive one', async () => {
    const days = readFileSync(resolve(root, 'examples/data/daily-min-temperatures.csv'), 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(',').at(-1) as string)
    const client = await broker.client()
    const forecasts: { forecast: number; low: number; high: number; reading: number }[] = []
    client.on('message', (_topic, payload) => forecasts.push(JSON.parse(String(payload))))
    await client.subscribeAsync('forecast/melbourne')
    for (const day of days) {
      await client.publishAsync('weather/melbourne/minimum', day)
      await pause(8)
    }
    // of 3650 readings the first has no forecast yet, and 30 are only learned from
    const [, off, naive] = await nodeRed.prints(/melbourne, 3500 forecasts: off by ([\d.]+), naive ([\d.]+)/)
    while (forecasts.length < days.length - 31) await pause(20)
    console.log(`      the latest 1000 of 3500 days: off by ${off} °C, naive ${naive} °C`)

    should(forecasts.length).equal(days.length - 31)
    should(forecasts.map(({ reading }) => reading)).eql(days.slice(31).map(Number))
    should(Number(off)).be.below(Number(naive))
    const within = forecasts
      .slice(1)
      .filter(({ reading }, index) => reading >= forecasts[index].low && reading <= forecasts[index].high)
    should(within.length / forecasts.length).be.above(0.98)
    withoutErrors(nodeRed)
  })
})

describe('14 anomaly in a stream', () => {
  let nodeRed: NodeRed
  before(async () => {
    nodeRed = await startNodeRed(printing('14 anomaly in a stream'))
  })
  after(() => nodeRed?.stop())

  const alerts = () =>
    [...nodeRed.output().matchAll(/reading (\d+) is unusual: off by -?[\d.]+, score ([\d.]+)/g)].map(
      ([, step, score]) => ({ step: Number(step), score: Number(score) }),
    )
  const usualAgain = () => [...nodeRed.output().matchAll(/usual again/g)].length

  it('is silent while all is usual, and gives an alert of each fault', async () => {
    const [, off] = await nodeRed.prints(/1500 readings: off by ([\d.]+)/)
    const before = alerts().filter(({ step }) => step > 750)
    const scores: number[] = []
    for (const fault of ['spike', 'stuck', 'spike']) {
      await until(() => alerts().length <= usualAgain())
      const so = alerts().length
      // a sensor that sticks while the wave is at its top is hardly off: then it has to stick once more
      for (let presses = 0; presses < 6 && alerts().length === so; presses++) {
        await press(nodeRed, `anomaly-${fault}`)
        await until(() => alerts().length > so)
      }
      should(alerts().length).be.above(so, fault)
      scores.push(alerts()[so].score)
      await pause(500)
    }
    console.log(
      `      off by ${off} (the noise: 0.1); ${before.length} alerts without a fault; scores of faults ${scores}`,
    )
    should(Number(off)).be.below(0.2)
    should(before.length).be.belowOrEqual(3)
    for (const score of scores) should(score).be.above(4)
    withoutErrors(nodeRed)
  })
})

describe('15 a fleet', () => {
  let nodeRed: NodeRed
  before(async () => {
    nodeRed = await startNodeRed(printing('15 a fleet'))
  })
  after(() => nodeRed?.stop())

  const memory = () =>
    Number(readFileSync(`/proc/${nodeRed.pid}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)?.[1]) / 1024

  it('predicts every reading of 1000 devices, better than the naive forecast, and takes no more memory', async () => {
    const counted = (count: number) =>
      nodeRed.prints(
        new RegExp(`${count} of (\\d+) predicted, (\\d+) devices; error ([\\d.]+) of the naive one`),
      )
    await counted(15_000)
    const early = memory()
    const [, sent, devices, error] = await counted(30_000)
    const late = memory()
    console.log(
      `      ${sent} readings, ${devices} devices, error ${error} of the naive one; memory ${early.toFixed(0)} MB, then ${late.toFixed(0)} MB`,
    )
    should(Number(devices)).equal(1000)
    // no more than may be under way when it is counted
    should(Number(sent)).be.within(30_000, 30_550)
    should(Number(error)).be.below(0.9)
    should(late - early).be.below(100)
    withoutErrors(nodeRed)
  })
})
