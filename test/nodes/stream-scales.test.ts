/** Whose scale a cell has that learns from a stream: that of its data, or of each topic its own. */
import should from 'should'
import { type Running, withFlow } from '../support/flow'
import { reading, streamLoop } from '../support/stream-flow'

describe('the scale of a cell that learns from a stream', () => {
  const learned = async (flow: Running, topics: string[]) => {
    for (let step = 0; step < 12; step++)
      for (const [place, topic] of topics.entries())
        flow.send('source', reading(20 + place + (step % 3), topic))
    flow.send('source', {})
    await flow.next('updated')
    flow.send('source', { control: 'pause' })
    await flow.settled()
    flow.taken('predictions')
  }
  const exported = async (flow: Running) => {
    flow.send('cell', { export: 'json' })
    return JSON.parse(String((await flow.next('model')).payload))
  }
  const fixed = { streamScaling: 'fixed', center: '20', spread: '5' }

  for (const [what, source, topics] of [
    ['one topic', {}, ['a']],
    ['given numbers', fixed, ['a', 'b']],
    ['given numbers, one window at a time', { ...fixed, batch: '1' }, ['a', 'b']],
  ] as const)
    it(`is that of its data: ${what}`, () =>
      withFlow(streamLoop({ source }), async (flow) => {
        await learned(flow, [...topics])
        const { scale } = await exported(flow)
        if (what !== 'one topic') should(scale.input).eql({ mean: [20], std: [5] })
        else should(scale.input.mean[0]).be.within(20, 22)
        flow.send('cell', { payload: [20, 21, 22] })
        should((await flow.next('predictions')).payload).have.length(1)
      }))

  for (const batch of ['1', '2'])
    it(`is none where topics have each their own, and nobody is answered in wrong units: batches of ${batch}`, () =>
      withFlow(streamLoop({ source: { batch } }), async (flow) => {
        await learned(flow, ['a', 'b'])
        should(await exported(flow)).not.have.property('scale')
        flow.send('cell', { export: { format: 'onnx', scaleInside: true } })
        should((await flow.next('errors')).error?.message).match(
          /^rnn-cell: expected one scale to put inside: .*, got a scale for each topic/,
        )
        flow.send('cell', { payload: [20, 21, 22] })
        should((await flow.next('errors')).error?.message).match(
          /^unroll: expected readings by way of sequence-source/,
        )
        // a reading of the stream has its own
        flow.send('source', reading(21, 'a'))
        should((await flow.next('predictions')).payload).have.length(1)
      }))
})
