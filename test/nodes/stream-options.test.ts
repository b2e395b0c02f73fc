/** sequence-source with readings as they come: every field of the dialog is heeded, and only those that count. */
import should from 'should'
import { type StreamOptions, sensorStream, toNested } from '../../src'
import { type Message, withFlow } from '../support/flow'
import { reading, streamOnly } from '../support/stream-flow'

/** Irregular, with a late one, one that is there twice, one that is empty, and a gap. */
const times = [
  0, 1000, 1900, 1500, 1900, 3100, 4000, 5200, 6000, 9000, 10_000, 11_100, 12_000, 13_000, 14_000,
]
const readings = times.map((timestamp, place) => ({
  timestamp,
  when: timestamp + 100 * (place % 3),
  x: place === 7 ? null : (place * 7) % 10,
  y: place ** 2,
}))
const topics = ['a', 'a', 'b']
const config = { streamScaling: 'z-score', length: '2', batch: '2', time: 'field', rate: '1000' }
const options: StreamOptions = { length: 2, batch: 2, time: 'field' }

/** All steps to predict from, and three batches at the end. */
async function seen(own: object): Promise<unknown[]> {
  let all: Message[] = []
  await withFlow(streamOnly({ ...config, ...own }), async (flow) => {
    for (const topic of topics) flow.send('source', reading(readings, topic))
    for (const topic of ['c', 'd', 'a']) flow.send('source', reading(readings.slice(0, 9), topic))
    await flow.settled()
    all = flow.taken('out')
    for (let pull = 0; pull < 3; pull++) {
      flow.send('source', {})
      all.push(await flow.next('out'))
    }
  })
  return all.map(({ payload, target, sequence }) => ({
    payload,
    target,
    steps: sequence?.stream,
    mask: sequence?.mask,
    targetMask: sequence?.targetMask,
  }))
}

function ofLibrary(own: StreamOptions): unknown[] {
  const stream = sensorStream({ ...options, ...own })
  const steps = [
    ...topics.map((topic) => [topic, readings] as const),
    ...['c', 'd', 'a'].map((topic) => [topic, readings.slice(0, 9)] as const),
  ].flatMap(([topic, given]) =>
    stream.take(topic, given, undefined).stretches.map(({ inputs, scale: _, ...stretch }) => ({
      payload: inputs,
      target: undefined,
      steps: { ...stretch, horizon: stream.settings.horizon },
      mask: undefined,
      targetMask: undefined,
    })),
  )
  const single = stream.settings.batch === 1
  const nested = (tensor: Parameters<typeof toNested>[0] | undefined) => {
    const rows = tensor && (toNested(tensor) as unknown[])
    return single ? rows?.[0] : rows
  }
  const batches = [1, 2, 3].map(() => {
    const { inputs, targets, mask, targetMask } = stream.batch() as NonNullable<
      ReturnType<typeof stream.batch>
    >
    return {
      payload: nested(inputs),
      target: nested(targets),
      steps: undefined,
      mask: nested(mask),
      targetMask: nested(targetMask),
    }
  })
  return [...steps, ...batches]
}

/** For each option another value than the usual one, as the dialog saves it and as the library takes it; and what has to
 *  be set for it to matter. */
const others: Record<string, [entry: string, value: unknown, meanwhile?: StreamOptions, fields?: object]> = {
  columns: ['y, x', ['y', 'x']],
  targetColumns: ['y', ['y']],
  length: ['3', 3],
  horizon: ['2', 2],
  stride: ['2', 2],
  targetsPer: ['step', 'step'],
  timeField: ['when', 'when'],
  interval: ['1', 1000],
  resample: ['linear', 'linear', { interval: 1000 }, { interval: '1' }],
  late: ['accept', 'accept'],
  duplicates: ['accept', 'accept'],
  gaps: ['mask', 'mask'],
  longestGap: ['1', 1, { interval: 1000 }, { interval: '1' }],
  scaling: ['robust', 'robust'],
  center: ['5, 50, 7', [5, 50, 7], { scaling: 'fixed' }, { streamScaling: 'fixed' }],
  spread: ['2', [2], { scaling: 'fixed' }, { streamScaling: 'fixed' }],
  scaleSteps: ['3', 3],
  topics: ['2', 2],
  replay: ['4', 4],
  batch: ['1', 1],
  seed: ['7', 7],
}
const fieldOf = (option: string) => (option === 'scaling' ? 'streamScaling' : option)

describe('sequence-source: the options of a stream', () => {
  for (const [option, [entry, value, meanwhile = {}, fields = {}]] of Object.entries(others)) {
    it(`heeds ${option}`, async () => {
      const expected = ofLibrary({ ...meanwhile, [option]: value })
      should(await seen({ ...fields, [fieldOf(option)]: entry })).eql(expected)
      should(expected).not.eql(ofLibrary(meanwhile))
    })
  }

  it('heeds time', async () => {
    const [{ steps }] = (await seen({ time: 'arrival' })) as { steps: { times: number[] } }[]
    should(steps.times.every((time) => time > 1e12)).be.true()
  })

  it('takes blank fields and missing ones for what is usual', async () => {
    const blank = Object.fromEntries(Object.keys(others).map((option) => [fieldOf(option), '']))
    const usual = ofLibrary({})
    should(await seen({ ...blank, length: '2', batch: '2' })).eql(usual)
    should(await seen({})).eql(usual)
    const { settings } = sensorStream({})
    should(settings).containEql({ length: 20, horizon: 1, stride: 1, batch: 32, seed: 1, longestGap: 5 })
    should(settings).containEql({ topics: 1000, replay: 1000, gaps: 'hold', scaling: 'z-score' })
    should(settings).containEql({ late: 'drop', duplicates: 'drop', resample: 'last', time: 'arrival' })
  })

  it('does not read what a hidden field holds', async () => {
    const wrong = {
      center: 'x',
      spread: '0',
      resample: 'sum',
      symbols: 'x',
      file: '',
      scaling: 'x',
      budget: 'x',
    }
    should(await seen({ ...wrong, task: 'stream' })).eql(ofLibrary({}))
    const ofArrival = { late: 'x', duplicates: 'x', timeField: '' }
    should(await seen({ ...ofArrival, time: 'arrival' })).have.length(9)
    should(await seen({ gaps: 'error', longestGap: 'x', interval: '' })).be.an.Array()
    should(await seen({ streamScaling: 'none', scaleSteps: 'x' })).eql(ofLibrary({ scaling: 'none' }))
  })

  it('refuses what the library refuses, and says which option it is', async () => {
    for (const [own, says] of [
      [{ rate: '0' }, /expected rate to be a number above 0 up to 1000, got 0/],
      [{ rate: 'often' }, /expected rate to be a number, got the text "often"/],
      [{ gaps: 'fill' }, /expected gaps to be one of hold, interpolate, mask, skip, error/],
      [{ topics: '0' }, /expected topics to be a whole number from 1 up to 1000000, got 0/],
      [{ streamScaling: 'fixed', center: '1, x' }, /expected center to be a number, got the text "x"/],
      [{ interval: '0' }, /expected interval to be a number from 1 /],
    ] as const)
      await withFlow(streamOnly(own), async (flow) => {
        flow.send('source', reading(1))
        should((await flow.next('errors')).error?.message).match(says)
      })
  })
})
