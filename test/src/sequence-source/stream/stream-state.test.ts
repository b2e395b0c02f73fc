/** A stream written down and built again goes on bit for bit, wherever that was. */
import fc from 'fast-check'
import should from 'should'
import {
  gapPolicies,
  orderPolicies,
  resamplings,
  type SensorStream,
  type StreamOptions,
  type StreamState,
  sensorStream,
  streamScalings,
} from '../../../../src'
import { throwsExpected } from '../../../support/throws'

const options: fc.Arbitrary<StreamOptions> = fc.record({
  length: fc.integer({ min: 1, max: 5 }),
  horizon: fc.integer({ min: 0, max: 3 }),
  stride: fc.integer({ min: 1, max: 9 }),
  targetsPer: fc.constantFrom('sequence', 'step'),
  time: fc.constant('field' as const),
  timeField: fc.constant('t'),
  interval: fc.option(fc.constantFrom(1, 4, 2.5), { nil: undefined }),
  resample: fc.constantFrom(...resamplings),
  late: fc.constantFrom(...orderPolicies.filter((policy) => policy !== 'error')),
  duplicates: fc.constantFrom(...orderPolicies.filter((policy) => policy !== 'error')),
  gaps: fc.constantFrom(...gapPolicies),
  longestGap: fc.integer({ min: 0, max: 4 }),
  scaling: fc.constantFrom(...streamScalings),
  scaleSteps: fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined }),
  topics: fc.integer({ min: 1, max: 4 }),
  replay: fc.integer({ min: 3, max: 12 }),
  batch: fc.integer({ min: 1, max: 3 }),
  seed: fc.integer({ min: 1, max: 99 }),
})

type Event = { readonly topic: string; readonly t: number; readonly v: number | null; readonly how: string }
const events: fc.Arbitrary<Event[]> = fc.array(
  fc.record({
    topic: fc.constantFrom('a', 'b', 'c', '__proto__', 'e'),
    t: fc.integer({ min: 0, max: 120 }),
    v: fc.option(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { nil: null, freq: 9 }),
    how: fc.constantFrom('take', 'take', 'take', 'batch', 'freeze', 'forget', 'follow'),
  }),
  { maxLength: 80 },
)

/** All that can be seen of it. */
const happen = (stream: SensorStream, { topic, t, v, how }: Event): unknown => {
  if (how === 'batch') return stream.batch()
  if (how === 'freeze') return stream.freeze(topic)
  if (how === 'follow') return stream.freeze()
  if (how === 'forget') return t === 0 ? stream.forget() : t < 10 ? stream.forget(topic) : undefined
  const reading = { t, v, w: t * 0.1 }
  try {
    return stream.take(topic, reading, undefined)
  } catch (error) {
    return String(error)
  }
}
const throughJson = (state: StreamState): StreamState => JSON.parse(JSON.stringify(state))
const seen = (what: unknown) => JSON.stringify(what)

describe('the state of a stream', () => {
  it('is all there is to it, in JSON', () => {
    fc.assert(
      fc.property(options, events, fc.nat({ max: 80 }), (of, all, cut) => {
        const stream = sensorStream(of)
        for (const event of all.slice(0, cut)) happen(stream, event)
        const state = stream.state()
        should(throughJson(state)).eql(state)
        const again = sensorStream(of, throughJson(state))
        should(again.state()).eql(state)
        should([again.windows, again.topics, again.fields]).eql([
          stream.windows,
          stream.topics,
          stream.fields,
        ])
        for (const event of all.slice(cut))
          should(seen(happen(again, event))).equal(seen(happen(stream, event)))
        should(seen(again.state())).equal(seen(stream.state()))
      }),
      { numRuns: 300 },
    )
  })

  it('keeps steps that windows share only once', () => {
    const stream = sensorStream({ length: 50, replay: 200 })
    for (let time = 0; time < 400; time++) stream.take('a', Math.sin(time), time)
    const { topics, replay } = stream.state()
    should(replay.length).equal(200)
    should(topics[0].kinds.length).equal(250)
  })

  it('of other windows, or none at all, is refused', () => {
    const stream = sensorStream({ length: 2, batch: 1 })
    for (const time of [1, 2, 3, 4]) stream.take('a', time, time)
    throwsExpected(
      () => sensorStream({ length: 3 }, stream.state()),
      'expected a state with windows of 4 steps, got one of 3',
    )
    throwsExpected(() => sensorStream({}, {} as StreamState), 'expected the state of a stream, got an object')
  })
})
