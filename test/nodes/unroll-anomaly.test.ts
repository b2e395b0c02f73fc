/** unroll compares what it predicted with the truth, when that comes, and tells of what is unusual. */
import should from 'should'
import { foretold } from '../../nodes/unroll/foretold'
import { type AnomalyOptions, anomalyDetector, configurePool } from '../../src'
import { type FlowNode, type Message, sink, withFlow } from '../support/flow'
import { withWorkersVariable } from '../support/threads'
import { network } from '../support/unroll-flow'

/** A network that answers with the reading itself: o = x. */
const echo = {
  activation: 'linear',
  hiddenSize: '1',
  parameters: '{"W":[[0]],"U":[[1]],"b":[0],"V":[[1]],"c":[0]}',
}
const nodes = (unrolling: object = {}, cell: object = echo): FlowNode[] => [
  ...network({ state: 'topic', anomalyWarmUp: '3', wires: [['out'], ['alerts']], ...unrolling }, cell),
  sink('alerts'),
]
const scale = { input: { mean: [0], std: [1] }, target: { mean: [100], std: [10] } }

/** A step as a source sends it; what it says is predicted to be the truth `horizon` steps later. */
const stepOf = (
  step: number,
  value: number,
  truth: number | null,
  { topic = 'a', horizon = 1, begins = false } = {},
) => ({
  topic,
  payload: [[value]],
  sequence: {
    phase: 'predict',
    scale,
    stream: {
      begins,
      steps: [step],
      times: [1000 * step],
      truths: [truth === null ? null : [truth]],
      horizon,
    },
  },
})
/** What a message is compared with, by the prediction: 100 + 10 x. */
const anomalies = async (messages: readonly object[], unrolling: object = {}) => {
  let seen: Message[] = []
  let alerts: Message[] = []
  await withFlow(nodes(unrolling), async (flow) => {
    for (const message of messages) flow.send('cell', message)
    await flow.settled()
    seen = flow.taken('out')
    alerts = flow.taken('alerts')
    should(flow.taken('errors')).eql([])
  })
  return { seen: seen.map(({ anomaly }) => anomaly), alerts }
}

describe('unroll, the truth that comes later', () => {
  it('is compared with what was predicted of it, in the units of the data', async () => {
    const messages = [stepOf(1, 0.5, 7), stepOf(2, 1, 104), stepOf(3, 2, 111)]
    for (const unrolling of [
      {},
      { originalUnits: false },
      { topology: 'many-to-many' },
      { topology: 'one-to-one' },
    ]) {
      const { seen } = await anomalies(messages, unrolling)
      should(seen[0]).equal(undefined)
      should(seen.slice(1)).eql([
        { truth: [104], prediction: [105], error: [-1], score: null, band: null, state: 'ok' },
        { truth: [111], prediction: [110], error: [1], score: null, band: null, state: 'ok' },
      ])
    }
  })

  it('comes as many steps later as the horizon says, at once if that is 0', async () => {
    const ofHorizon = async (horizon: number) => {
      const messages = [1, 2, 3, 4, 5].map((step) => stepOf(step, step, 0, { horizon }))
      return (await anomalies(messages)).seen.map((anomaly) => anomaly?.prediction[0])
    }
    should(await ofHorizon(0)).eql([110, 120, 130, 140, 150])
    should(await ofHorizon(1)).eql([undefined, 110, 120, 130, 140])
    should(await ofHorizon(3)).eql([undefined, undefined, undefined, 110, 120])
  })

  it('is not compared over a beginning, nor where it was made up, nor with another topic', async () => {
    const { seen } = await anomalies([
      stepOf(1, 1, 0),
      stepOf(2, 1, null),
      stepOf(3, 1, 5),
      stepOf(4, 1, 5, { begins: true }),
      stepOf(5, 1, 5),
      stepOf(1, 1, 5, { topic: 'b' }),
      stepOf(7, 1, 5),
    ])
    should(seen.map((anomaly) => anomaly !== undefined)).eql([false, false, true, false, true, false, false])
  })

  it('of several steps in a message is that of the one that is most unusual', async () => {
    const steps = [1, 2, 3, 4, 5, 6, 7]
    const truths = [0, 111, 109, 111, 109, 500, 111].map((truth) => [truth])
    const message = {
      topic: 'a',
      payload: steps.map(() => [1]),
      sequence: {
        phase: 'predict',
        scale,
        stream: { begins: true, steps, times: steps, truths, horizon: 1 },
      },
    }
    const { seen, alerts } = await anomalies([message], { topology: 'many-to-many' })
    should(seen[0]).containEql({ truth: [500], prediction: [110], error: [390] })
    should(alerts[0].payload).containEql({ step: 6, time: 6, state: 'alert' })
    // of many to one there is only the prediction after the last
    should((await anomalies([message])).seen).eql([undefined])
  })

  it('is as unusual as the detector of the library says, with the options of the dialog', async () => {
    const truths = [0, 110, 109, 112, 110, 111, 130, 108, 110, 109, 111, 110, 170, 110]
    const messages = truths.map((truth, place) => stepOf(place + 1, 1, truth))
    for (const [unrolling, options] of [
      [{}, { warmUp: 3 }],
      [{ anomalyWarmUp: '5' }, { warmUp: 5 }],
      [{ anomalyBand: '2' }, { warmUp: 3, band: 2 }],
      [{ anomalyMemory: '4' }, { warmUp: 3, memory: 4 }],
    ] as [object, AnomalyOptions][]) {
      const detector = anomalyDetector(options)
      const expected = truths.slice(1).map((truth) => detector.observe([110], [truth], [10]))
      should((await anomalies(messages, unrolling)).seen.slice(1)).eql(expected)
    }
    const { seen } = await anomalies(messages, { anomalyWarmUp: '' })
    should(seen.at(-1)?.score).be.null()
  })

  it('that is outside of the band is an alert at the second output, and so is its end', async () => {
    const truths = [0, 111, 109, 111, 109, 150, 111, 109, 111, 109]
    const { seen, alerts } = await anomalies(truths.map((truth, place) => stepOf(place + 1, 1, truth)))
    should(seen.map((anomaly) => anomaly?.state === 'alert')).eql(
      truths.map((_, place) => place === 5 || place === 6 || place === 7),
    )
    const [began, ended] = alerts as { topic: string; payload: Record<string, unknown> }[]
    should(alerts).have.length(2)
    should(began.topic).equal('a')
    should(began.payload).containEql({ state: 'alert', step: 6, time: 6000, error: [40], truth: [150] })
    should(began.payload.score).be.above(4)
    should(ended.payload).containEql({ state: 'ok', step: 9 })
  })

  it('is forgotten at a reset, with its topic or of all', async () => {
    for (const [topic, known] of [
      ['a', [false, true]],
      ['', [false, false]],
    ] as const)
      await withFlow(nodes(), async (flow) => {
        const send = (step: number) => {
          for (const name of ['a', 'b']) flow.send('cell', stepOf(step, 1, 100, { topic: name }))
        }
        send(1)
        await flow.settled()
        flow.taken('out')
        flow.send('unroll', { reset: true, topic })
        send(2)
        await flow.settled()
        should(flow.taken('out').map(({ anomaly }) => anomaly !== undefined)).eql([...known])
      })
  })

  it('is not kept of a prediction that is not finite', async () => {
    const { seen } = await anomalies([stepOf(1, 1e308, 0), stepOf(2, 1, 0)], {})
    should(seen).eql([undefined, undefined])
  })

  it('asks for memories by topic, once, where there are none', async () => {
    for (const [state, count] of [
      ['topic', 0],
      ['carry', 1],
      ['fresh', 1],
    ] as const)
      await withFlow(nodes({ state }), async (flow) => {
        for (const step of [1, 2]) flow.send('cell', stepOf(step, 1, 0))
        flow.send('cell', { payload: [[1]] })
        await flow.settled()
        should(flow.warnings('unroll')).eql(Array(count).fill('unroll.message.fresh'))
      })
  })

  it('is none of messages that are no readings of a stream', async () => {
    const { seen } = await anomalies([
      { payload: [[1]], anomaly: 'old' },
      { payload: [[1]], sequence: { scale } },
    ])
    should(seen).eql([undefined, undefined])
  })
})

describe('what was predicted', () => {
  const stream = (step: number, horizon = 2) => ({
    begins: false,
    steps: [step],
    times: [step],
    truths: [[0]],
    horizon,
  })

  it('is kept of so many topics, the latest', () => {
    const predicted = foretold({}, 2)
    for (const topic of ['a', 'b', 'c']) predicted.compare(topic, stream(1), [[1]])
    const seen = ['c', 'b', 'a'].map(
      (topic) => predicted.compare(topic, stream(3), [[1]]).anomaly !== undefined,
    )
    should(seen).eql([true, true, false])
  })

  it('leaves no more behind than the horizon has steps', () => {
    const predicted = foretold({}, 1)
    for (let step = 1; step < 50; step++) {
      predicted.compare('a', stream(step, 5), [[1]])
      should(predicted.open('a')).equal(Math.min(step, 5))
    }
    // what begins to count anew, without a word
    for (let step = 1; step < 50; step++) {
      predicted.compare('a', stream(step, 5), [[1]])
      should(predicted.open('a')).equal(Math.min(step, 5))
    }
  })

  it('begins anew where a network of other outputs answers', () => {
    const predicted = foretold({ warmUp: 2 }, 2)
    for (let step = 1; step < 10; step++) predicted.compare('a', stream(step), [[1]])
    const of = (step: number) => ({ ...stream(step), truths: [[0, 0]] })
    const scores = [10, 11, 12, 13, 14, 15].map(
      (step) => predicted.compare('a', of(step), [[1, 1]]).anomaly?.score,
    )
    should(scores.slice(0, 4)).eql([undefined, undefined, null, null])
    should(scores[4]).be.a.Number()
  })
})

describe('unroll, what is to be predicted while a large batch is under way', () => {
  after(() => configurePool({}))

  it('does not wait for it', () =>
    withWorkersVariable('1', () =>
      withFlow(network({}, { cellType: 'lstm', hiddenSize: '64' }), async (flow) => {
        const batch = Array.from({ length: 32 }, () => Array.from({ length: 300 }, () => [1]))
        flow.send('cell', {
          payload: batch,
          target: batch.map(() => [1]),
          sequence: { run: 'source.1', phase: 'train', step: 1 },
        })
        flow.send('cell', { payload: [[1]], topic: 'first' })
        flow.send('cell', { payload: [[2]], topic: 'second' })
        should((await flow.next('out')).topic).equal('first')
        should((await flow.next('out')).topic).equal('second')
        should((await flow.next('out')).sequence?.run).equal('source.1')
        should(flow.taken('errors')).eql([])
      }),
    ))
})
