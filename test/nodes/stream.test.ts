/** sequence-source with readings as they come: each goes on at once, as a step to predict from. */
import should from 'should'
import { mostWaiting } from '../../nodes/common/in-order'
import { configurePool } from '../../src'
import { shouldBeClose } from '../support/close'
import type { Message } from '../support/flow'
import { withFlow } from '../support/flow'
import { reading, streamLoop, streamOnly } from '../support/stream-flow'
import { withWorkersVariable } from '../support/threads'
import { predicted, sameCell } from '../support/unroll-flow'

const stepOf = ({ sequence }: Message) => sequence?.stream
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index)

describe('a reading', () => {
  it('goes on at once, as one step to predict from, with its topic and all else that it has', () =>
    withFlow(streamOnly(), async (flow) => {
      flow.send('source', { payload: 21.5, topic: 'attic', device: 7, target: 'x', update: {} })
      const msg = await flow.next('out')
      should(msg).containEql({ payload: [[21.5]], topic: 'attic', device: 7 })
      should(msg).not.have.any.properties('target', 'update')
      const { stream, ...facts } = msg.sequence as NonNullable<Message['sequence']>
      should(facts).eql({
        task: 'stream',
        phase: 'predict',
        batch: 1,
        length: 1,
        inputSize: 1,
        outputSize: 1,
        targetKind: 'value',
      })
      should(stream?.times).have.length(1)
      should(Date.now() - (stream?.times[0] as number)).be.within(0, 60_000)
      should(stream).containEql({ begins: true, steps: [1], truths: [[21.5]], horizon: 1 })
      flow.send('source', reading(22, 'attic'))
      should(stepOf(await flow.next('out'))).containEql({ begins: false, steps: [2], truths: [[22]] })
      should(flow.completions('source')).eql([undefined, undefined])
    }))

  it('is a number, an array or an object, or many of them, for each topic', () =>
    withFlow(streamOnly({ columns: 'b, a', targetColumns: 'c' }), async (flow) => {
      flow.send('source', reading({ a: 1, b: 2, c: 3, place: 'attic' }, 'x'))
      const one = await flow.next('out')
      should(one.payload).eql([[2, 1]])
      should(stepOf(one)?.truths).eql([[3]])
      should(one.sequence).containEql({ inputSize: 2, outputSize: 1 })
      flow.send(
        'source',
        reading(
          [
            { a: 4, b: 5, c: 6 },
            { a: 7, b: 8, c: 9 },
          ],
          'y',
        ),
      )
      const two = await flow.next('out')
      should(two.payload).eql([
        [5, 4],
        [8, 7],
      ])
      should(two.sequence).containEql({ length: 2 })
      should(stepOf(two)).containEql({ begins: true, steps: [1, 2] })
    }))

  it('is scaled by its topic, and the scale goes with it', () =>
    withFlow(streamOnly({ streamScaling: 'min-max' }), async (flow) => {
      for (const value of [10, 30, 20]) flow.send('source', reading(value, 'a'))
      for (const value of [1, 2]) flow.send('source', reading(value, 'b'))
      await flow.settled()
      const seen = flow.taken('out')
      should(seen.map(({ payload }) => payload)).eql([[[0]], [[1]], [[0.5]], [[0]], [[1]]])
      should(seen.map(({ sequence }) => sequence?.scale?.target)).eql([
        { mean: [10], std: [1] },
        { mean: [10], std: [20] },
        { mean: [10], std: [20] },
        { mean: [1], std: [1] },
        { mean: [1], std: [1] },
      ])
    }))

  it('of more topics than are remembered, or in seconds, is warned of once', () =>
    withFlow(streamOnly({ topics: '2', time: 'field', timeField: 'at' }), async (flow) => {
      for (const topic of ['a', 'b', 'c', 'a', 'b'])
        flow.send('source', reading({ v: 1, at: 1.7e9 }, topic, { topic }))
      await flow.settled()
      should(flow.warnings('source').map((text) => text.replace(/.*message\./, ''))).eql([
        'seconds',
        'evicted',
      ])
      should(flow.completions('source').filter(Boolean)).eql([])
    }))

  it('that is none ends in an error that says what would be, and changes nothing', () =>
    withFlow(streamOnly(), async (flow) => {
      flow.send('source', reading([1, 2], 'a'))
      await flow.next('out')
      for (const [payload, says] of [
        ['warm', /a reading: a number, an array, or an object by field names, got the text "warm"/],
        [true, /got true/],
        [[1], /expected 2 numbers in a reading as in the first .*, got 1/],
        [[1, 'x'], /expected a number in field 2, .* got the text "x"/],
        [{ a: 1 }, /expected 2 numbers as in the first reading \(msg.reset .*\), got an object/],
      ] as const) {
        flow.send('source', reading(payload, 'b'))
        should((await flow.next('errors')).error?.message).match(says)
      }
      flow.send('source', reading([3, 4], 'a'))
      should(stepOf(await flow.next('out'))?.steps).eql([2])
      should(flow.taken('out')).eql([])
      const errors = flow.completions('source').filter((error) => error !== undefined)
      should(errors).have.length(5)
    }))

  it('has the time of a field of it, or of its message', () =>
    withFlow(streamOnly({ time: 'field', timeField: 't' }), async (flow) => {
      flow.send('source', reading({ t: 1000, v: 1 }, 'a'))
      flow.send('source', reading({ t: '1970-01-01T00:00:02Z', v: 2 }, 'a'))
      flow.send('source', reading({ v: 3 }, 'a', { t: new Date(3000) }))
      await flow.settled()
      should(flow.taken('out').flatMap((msg) => stepOf(msg)?.times)).eql([1000, 2000, 3000])
      flow.send('source', reading({ v: 3 }, 'a'))
      should((await flow.next('errors')).error?.message).match(/a time in field t: .* got undefined/)
    }))

  it('that is late or there already is dropped, which is said once', () =>
    withFlow(streamOnly({ time: 'field', timeField: 't' }), async (flow) => {
      for (const t of [1000, 2000, 1500, 1600, 2000, 2000, 3000])
        flow.send('source', reading({ t, v: t }, 'a'))
      await flow.settled()
      should(flow.taken('out').map(({ payload }) => payload)).eql([[[1000]], [[2000]], [[3000]]])
      should(flow.warnings('source')).eql([
        'sequence-source.message.late',
        'sequence-source.message.duplicates',
      ])
    }))

  it('of a clock that was ahead is dropped, until ten in a row say so; then the topic begins anew', () =>
    withFlow(streamOnly({ time: 'field', timeField: 't' }), async (flow) => {
      flow.send('source', reading({ t: '2106-02-07T06:28:16Z', v: 1 }, 'a'))
      for (let t = 1; t <= 12; t++) flow.send('source', reading({ t, v: t }, 'a'))
      await flow.settled()
      should(flow.taken('out').map((msg) => [msg.payload, stepOf(msg)?.begins])).eql([
        [[[1]], true],
        [[[10]], true],
        [[[11]], false],
        [[[12]], false],
      ])
      should(flow.warnings('source')).eql(['sequence-source.message.late', 'sequence-source.message.setBack'])
    }))

  it('after a gap that is an error is predicted from all the same, anew', () =>
    withFlow(streamOnly({ gaps: 'error', interval: '0.01', time: 'field' }), async (flow) => {
      const at = (timestamp: number) => flow.send('source', reading({ timestamp, v: 1 }, 'a'))
      for (const time of [0, 10, 50, 60]) at(time)
      await flow.settled()
      should(flow.taken('out').map((msg) => [stepOf(msg)?.begins, stepOf(msg)?.times])).eql([
        [true, [0]],
        [false, [10]],
        [true, [50]],
      ])
      const [{ error }] = flow.taken('errors')
      should(error?.message).match(/expected a reading at every step of topic "a", got a gap of 3 steps/)
    }))

  it('after a gap that is too long is in a message of its own', () =>
    withFlow(streamOnly({ longestGap: '0' }), async (flow) => {
      flow.send('source', reading([[1], [2], [null], [4]], 'a'))
      await flow.settled()
      const seen = flow.taken('out')
      should(seen.map(({ payload }) => payload)).eql([[[1], [2]], [[4]]])
      should(seen.map((msg) => stepOf(msg)?.begins)).eql([true, true])
      should(seen[0]._msgid).equal(seen[1]._msgid)
    }))

  it('is the first of its topic again when that was forgotten, being one too many', () =>
    withFlow(streamOnly({ topics: '2' }), async (flow) => {
      for (const topic of ['a', 'b', 'a', 'c', 'a', 'b']) flow.send('source', reading(1, topic))
      await flow.settled()
      should(flow.taken('out').map((msg) => stepOf(msg)?.begins)).eql([true, true, false, true, false, true])
    }))
})

describe('a prediction from readings', () => {
  const fixed = { streamScaling: 'fixed', center: '20', spread: '4' }
  const values = [21, 18, 25, 20, 19.5]

  it('goes on from the last of its topic, step by step, and is in the units of the data', async () => {
    const cell = sameCell({ type: 'gru' })
    const expected = (from: readonly number[]) =>
      (
        predicted(
          cell,
          from.map((value) => (value - 20) / 4),
          { topology: 'many-to-many' },
        ) as number[][]
      ).map(([value]) => [20 + 4 * value])
    const nodes = streamLoop(
      { source: fixed },
      { cellType: 'gru', hiddenSize: '4', inputSize: '1', outputSize: '1', precision: 'float64' },
    )
    await withFlow(nodes, async (flow) => {
      const other = values.map((value) => value + 3)
      for (const [place, value] of values.entries()) {
        flow.send('source', reading(value, 'a'))
        flow.send('source', reading(other[place], 'b'))
      }
      await flow.settled()
      const seen = flow.taken('predictions')
      should(seen.map(({ topic }) => topic)).eql(values.flatMap(() => ['a', 'b']))
      const of = (topic: string) => seen.filter((msg) => msg.topic === topic).map(({ payload }) => payload)
      shouldBeClose(of('a'), expected(values))
      shouldBeClose(of('b'), expected(other))
      should(seen.every(({ sequence, unrolled }) => sequence?.phase === 'predict' && !unrolled)).be.true()
      should(flow.taken('errors')).eql([])
    })
  })

  it('begins anew where the source says so', () =>
    withFlow(streamLoop({ source: { ...fixed, longestGap: '0' } }), async (flow) => {
      for (const payload of [21, 18, [null], 21]) flow.send('source', reading(payload, 'a'))
      await flow.settled()
      const [first, , again] = flow.taken('predictions').map(({ payload }) => payload)
      should(again).eql(first)
    }))

  it('of several steps at once is the last of many to one, and one a step of many to many', async () => {
    const run = async (topology: string, messages: readonly unknown[]) => {
      let seen: unknown[] = []
      await withFlow(
        streamLoop({ source: fixed, cell: { precision: 'float64' }, unroll: { topology } }),
        async (flow) => {
          for (const payload of messages) flow.send('source', reading(payload, 'a'))
          await flow.settled()
          seen = flow.taken('predictions').map(({ payload }) => payload)
        },
      )
      return seen
    }
    const rows = values.map((value) => [value])
    const singly = await run('many-to-one', values)
    shouldBeClose(await run('many-to-one', [rows]), [singly.at(-1)])
    shouldBeClose(await run('many-to-many', [rows]), [singly])
    shouldBeClose(
      await run('many-to-many', values),
      singly.map((answer) => [answer]),
    )
  })

  it('comes in the order of the readings while training goes on beside it', () =>
    withFlow(streamLoop(), async (flow) => {
      flow.send('source', {})
      const topics = ['a', 'b', 'c']
      for (const step of upTo(120)) {
        flow.send('source', reading(Math.sin(step / 3), topics[step % 3]))
        if (step % 4 === 0) await new Promise((turn) => setTimeout(turn, 1))
      }
      flow.send('source', { control: 'pause' })
      await flow.settled()
      const all = flow.taken('predictions')
      const ofReadings = all.filter(({ sequence }) => sequence?.phase === 'predict')
      for (const topic of topics)
        should(ofReadings.filter((msg) => msg.topic === topic).flatMap((msg) => stepOf(msg)?.steps)).eql(
          upTo(40).map((step) => step + 1),
        )
      should(all.length - ofReadings.length).be.above(3)
      should(flow.taken('errors')).eql([])
    }))
})

describe('what is only predicted', () => {
  after(() => configurePool({}))

  it('passes by the nodes that learn, however many come while they are at work', () =>
    withWorkersVariable('1', () =>
      withFlow(streamLoop({}, { cellType: 'lstm', hiddenSize: '64' }), async (flow) => {
        const batch = upTo(32).map(() => upTo(300).map(() => [1]))
        const sequence = { run: 'another.1', phase: 'train', step: 1 }
        flow.send('cell', { payload: batch, target: batch.map(() => [1]), sequence })
        await flow.next('predictions')
        for (const step of upTo(mostWaiting + 100))
          flow.send('bptt', { payload: step, sequence: { phase: 'predict' } })
        await flow.next('gradients')
        should(flow.taken('errors')).eql([])
      }),
    ))
})
