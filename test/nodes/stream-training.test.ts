/** sequence-source with readings as they come: batches of recent windows, for who asks, when there are enough. */
import { setTimeout as wait } from 'node:timers/promises'
import should from 'should'
import type { MessageTensor, RnnMessage } from '../../nodes/common/message'
import { paced } from '../../nodes/sequence-source/stream/paced'
import { type Message, numbersOf, type Running, withFlow } from '../support/flow'
import { reading, streamLoop, streamOnly } from '../support/stream-flow'
import { network } from '../support/unroll-flow'

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index)
const isTraining = ({ sequence }: Message) => sequence?.phase === 'train'
const feed = (flow: Running, count: number, topic = 'a', from = 0) => {
  for (const step of upTo(count)) flow.send('source', reading(from + step, topic))
}
/** All batches that have come so far, those that had to wait for their turn too. */
const batches = async (flow: Running, id = 'out') => {
  await flow.settled()
  await wait(5)
  await flow.settled()
  return flow.taken(id).filter(isTraining)
}

describe('a batch of recent windows', () => {
  it('comes for a message without a reading, with all that the chain needs', () =>
    withFlow(streamOnly({ length: '3', horizon: '2', replay: '2' }), async (flow) => {
      feed(flow, 6)
      await batches(flow)
      flow.send('source', { topic: 'go', update: {} })
      const { payload, target, sequence, topic, ...rest } = await flow.next('out')
      should(topic).equal('go')
      should(rest).not.have.property('update')
      const rows = (payload as number[][][]).map((window, row) => [
        window.flat(),
        (target as number[][])[row],
      ])
      should(rows.sort()).eql([
        [[0, 1, 2], [4]],
        [[1, 2, 3], [5]],
      ])
      const { run, ...facts } = sequence as NonNullable<Message['sequence']>
      should(run).match(/^source\./)
      should(facts).eql({
        task: 'stream',
        phase: 'train',
        step: 1,
        batch: 2,
        length: 3,
        inputSize: 1,
        outputSize: 1,
        targetKind: 'value',
      })
    }))

  it('is asked for by null, by an empty text, and by what has come round the loop', () =>
    withFlow(streamOnly(), async (flow) => {
      feed(flow, 6)
      await batches(flow)
      for (const [place, msg] of [{ payload: null }, { payload: '' }, {}].entries()) {
        flow.send('source', msg)
        should((await flow.next('out')).sequence).containEql({ phase: 'train', step: place + 1 })
      }
      flow.send('source', { payload: { step: 3, version: 4 }, sequence: { run: 'another.1' } })
      should((await flow.next('out')).sequence).containEql({ phase: 'train', step: 4 })
    }))

  it('waits for enough windows, one request at a time', () =>
    withFlow(streamOnly({ batch: '3' }), async (flow) => {
      flow.send('source', { nth: 1 })
      flow.send('source', { nth: 2 })
      feed(flow, 4)
      should(await batches(flow)).eql([])
      should(flow.statuses('source').map(({ text }) => text)).containEql('sequence-source.status.windows')
      feed(flow, 4, 'a', 4)
      const seen = await batches(flow)
      should(seen.map((msg) => (msg as { nth?: number }).nth)).eql([2])
      should(flow.completions('source').every((error) => error === undefined)).be.true()
    }))

  it('has masks where steps are masked, and one of single windows no level of windows', () =>
    withFlow(streamOnly({ gaps: 'mask', batch: '1', targetsPer: 'step', replay: '1' }), async (flow) => {
      const windowAfter = async (...readings: (number | null)[]) => {
        flow.send(
          'source',
          reading(
            readings.map((value) => [value]),
            'a',
          ),
        )
        await batches(flow)
        flow.send('source', {})
        const { payload, target, sequence } = await flow.next('out')
        return { payload, target, mask: sequence?.mask, targetMask: sequence?.targetMask }
      }
      should(await windowAfter(1, 2, null, 4)).eql({
        payload: [[1], [2]],
        target: [[2], [0]],
        mask: undefined,
        targetMask: [1, 0],
      })
      should(await windowAfter(5)).eql({
        payload: [[0], [4]],
        target: [[4], [5]],
        mask: [0, 1],
        targetMask: undefined,
      })
    }))

  it('has the scale of its topic, or of each window where there are several topics', () =>
    withFlow(streamOnly({ streamScaling: 'min-max', batch: '4' }), async (flow) => {
      feed(flow, 6, 'a')
      flow.send('source', {})
      const [one] = await batches(flow)
      should(one.sequence?.scale).eql({ input: { mean: [0], std: [5] }, target: { mean: [0], std: [5] } })
      feed(flow, 11, 'b', 100)
      flow.send('source', {})
      const [both] = await batches(flow)
      should(both.sequence).not.have.property('scale')
      should(new Set(both.sequence?.scales?.map(({ input }) => `${input.mean}/${input.std}`))).eql(
        new Set(['0/5', '100/10']),
      )
    }))

  it('is learned from, mask and scales and all, and answered in the units of each topic', () =>
    withFlow(
      streamLoop({
        source: { gaps: 'mask', targetsPer: 'step', batch: '12', replay: '60' },
        unroll: { topology: 'many-to-many' },
        optimizer: { learningRate: '0.02' },
      }),
      async (flow) => {
        for (const step of upTo(40))
          for (const [topic, level] of [
            ['cold', 0],
            ['hot', 1000],
          ] as const)
            flow.send('source', reading(step % 11 === 5 ? [null] : level + Math.sin(step / 2), topic))
        flow.send('source', {})
        for (let update = 0; update < 60; update++) await flow.next('updates')
        flow.send('source', { control: 'stop' })
        await flow.settled()
        should(flow.taken('errors')).eql([])
        const trained = flow.taken('predictions').filter(isTraining)
        should(trained.some(({ sequence }) => sequence?.mask !== undefined)).be.true()
        const last = trained.at(-1) as Message
        const answers = last.payload as number[][][]
        last.sequence?.scales?.forEach((scale, row) => {
          const level = (scale.input.mean[0] as number) > 500 ? 1000 : 0
          const isThere = (step: number) => (last.sequence?.mask as number[][] | undefined)?.[row][step] !== 0
          for (const [step, [answer]] of answers[row].entries())
            if (isThere(step)) should(answer).be.approximately(level, 2)
        })
        const losses = flow.taken('gradients').map(({ loss }) => loss as number)
        should(losses.at(-1)).be.below(0.3 * losses[0])
      },
    ))
})

describe('the rate of batches', () => {
  it('is at most what is asked for, however often a batch is asked for', () =>
    withFlow(streamLoop({ source: { rate: '20' } }), async (flow) => {
      feed(flow, 20)
      await flow.settled()
      const begun = performance.now()
      flow.send('source', {})
      for (let update = 0; update < 10; update++) await flow.next('updates')
      // ten batches have nine pauses of 50 ms between them
      should(performance.now() - begun).be.above(440)
      flow.send('source', { control: 'stop' })
    }))

  it('is none of a loop that asks for itself: predictions go on as before', () =>
    withFlow(streamLoop({ source: { rate: '0.001' } }), async (flow) => {
      feed(flow, 20)
      flow.send('source', {})
      await flow.next('updates')
      await flow.settled()
      flow.taken('predictions')
      feed(flow, 5, 'a', 20)
      await flow.settled()
      should(flow.taken('predictions').map(({ sequence }) => sequence?.phase)).eql(Array(5).fill('predict'))
    }))

  it('waits for nothing more after the end', async () => {
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
    const before = timers()
    const answered: unknown[] = []
    const pulls = paced(
      1,
      () => true,
      (msg) => answered.push(msg),
    )
    const send = () => {}
    pulls.offer({ topic: 1 }, send)
    pulls.offer({ topic: 2 }, send)
    pulls.offer({ topic: 3 }, send)
    should(timers()).equal(before + 1)
    should(pulls.isWaiting).be.true()
    pulls.close()
    should(timers()).equal(before)
    await wait(5)
    should(answered).eql([{ topic: 1 }])
  })

  it('lets the latest of those go that wait, and looks again when told to', async () => {
    const answered: RnnMessage[] = []
    let isReady = false
    const pulls = paced(
      50,
      () => isReady,
      (msg) => answered.push(msg),
    )
    const send = () => {}
    pulls.offer({ topic: 1 }, send)
    pulls.offer({ topic: 2 }, send)
    pulls.look()
    should(answered).eql([])
    isReady = true
    pulls.look()
    should(answered).eql([{ topic: 2 }])
    pulls.offer({ topic: 3 }, send)
    should(answered).have.length(1)
    while (answered.length < 2) await wait(1)
    should(answered[1]).eql({ topic: 3 })
    pulls.offer({ topic: 4 }, send)
    should(pulls.take()).eql({ topic: 4 })
    await wait(40)
    should(answered).have.length(2)
  })

  it('comes to an end with its node', () =>
    withFlow(streamLoop({ source: { rate: '10' } }), async (flow) => {
      feed(flow, 20)
      flow.send('source', {})
      await flow.next('updates')
      await flow.settled()
      await flow.deploy(
        streamLoop({ source: { rate: '10' } }).filter(({ id }) => id !== 'source'),
        'nodes',
      )
      await flow.settled()
      flow.taken('updates')
      await wait(250)
      should(flow.taken('updates')).eql([])
    }))
})

describe('training from a stream, controlled', () => {
  const controlled = () => streamLoop({ source: { rate: '1000' } })
  const steps = async (flow: Running) => {
    await flow.settled()
    return flow.taken('updates').map(({ sequence }) => sequence?.step)
  }

  it('pauses, takes single steps and goes on, while predictions come all the time', () =>
    withFlow(controlled(), async (flow) => {
      feed(flow, 20)
      flow.send('source', {})
      for (let update = 0; update < 3; update++) await flow.next('updates')
      flow.send('source', { control: 'pause' })
      await steps(flow)
      await wait(20)
      should(await steps(flow)).eql([])
      flow.taken('predictions')
      feed(flow, 3, 'a', 20)
      await flow.settled()
      should(flow.taken('predictions')).have.length(3)
      flow.send('source', { control: 'step' })
      const [one, ...more] = await steps(flow)
      should(more).eql([])
      await wait(5)
      flow.send('source', { control: 'step' })
      await wait(5)
      should(await steps(flow)).eql([(one as number) + 1])
      flow.send('source', { control: 'resume' })
      should((await flow.next('updates')).sequence?.step).equal((one as number) + 2)
      flow.send('source', { control: 'stop' })
      await steps(flow)
      should(flow.taken('errors')).eql([])
    }))

  it('holds a request that waits for windows too', () =>
    withFlow(streamOnly(), async (flow) => {
      flow.send('source', { nth: 1 })
      flow.send('source', { control: 'pause' })
      feed(flow, 6)
      should(await batches(flow)).eql([])
      flow.send('source', { control: 'step' })
      should((await batches(flow)).map((msg) => (msg as { nth?: number }).nth)).eql([1])
      flow.send('source', { control: 'resume' })
      flow.send('source', {})
      should(await batches(flow)).have.length(1)
    }))

  it('step and resume let go what waits for windows, once there are', () =>
    withFlow(streamOnly(), async (flow) => {
      flow.send('source', { nth: 1 })
      flow.send('source', { control: 'step' })
      feed(flow, 6)
      const seen = await batches(flow)
      should(seen.map((msg) => (msg as { nth?: number }).nth)).eql([1])
    }))

  it('stops, says so at its second output, and goes on at resume', () =>
    withFlow(streamOnly(), async (flow) => {
      feed(flow, 6)
      flow.send('source', {})
      await batches(flow)
      flow.send('source', { control: 'stop' })
      should((await flow.next('done')).payload).eql({ task: 'stream', step: 1, stopped: true })
      flow.send('source', {})
      should(await batches(flow)).eql([])
      feed(flow, 1, 'a', 6)
      await flow.settled()
      should(flow.taken('out')).have.length(1)
      flow.send('source', { control: 'resume' })
      should((await batches(flow))[0].sequence?.step).equal(2)
    }))

  it('starts again at a reset: readings, scales, weights and the count of batches', () =>
    withFlow(controlled(), async (flow) => {
      feed(flow, 20)
      flow.send('source', {})
      const { sequence: before } = await flow.next('updates')
      flow.send('source', { reset: true, payload: 1_700_000_000_000 })
      await flow.settled()
      flow.taken('updates')
      flow.taken('predictions')
      feed(flow, 4)
      await flow.settled()
      should(flow.taken('predictions').map((msg) => msg.sequence?.stream?.steps)).eql([[1], [2], [3], [4]])
      feed(flow, 8, 'a', 4)
      const { sequence } = await flow.next('updates')
      should(sequence?.step).equal(1)
      should(sequence?.run).not.equal(before?.run)
      const [first, second] = await (async () => {
        flow.send('source', { control: 'pause' })
        await flow.settled()
        return flow.taken('predictions').filter(isTraining)
      })()
      should(first.reset).be.true()
      if (second) should(second).not.have.property('reset')
      should(flow.taken('errors')).eql([])
    }))

  it('forgets one topic at its reset, and nothing else happens', () =>
    withFlow(streamOnly({ batch: '4', replay: '100' }), async (flow) => {
      feed(flow, 6, 'a')
      feed(flow, 4, 'b')
      await batches(flow)
      flow.send('source', { reset: true, topic: 'a' })
      flow.send('source', {})
      should(await batches(flow)).eql([])
      flow.send('source', reading(1, 'a'))
      flow.send('source', reading(1, 'b'))
      await flow.settled()
      should(flow.taken('out').map(({ sequence }) => sequence?.stream?.begins)).eql([true, false])
    }))

  it('freezes scales on demand, for a topic or for all', () =>
    withFlow(streamOnly({ streamScaling: 'min-max' }), async (flow) => {
      const scaleAfter = async (value: number, topic: string) => {
        flow.send('source', reading(value, topic))
        return (await flow.next('out')).sequence?.scale?.input.std
      }
      for (const topic of ['a', 'b']) for (const value of [0, 10]) await scaleAfter(value, topic)
      flow.send('source', { freeze: true, topic: 'a' })
      should(await scaleAfter(20, 'a')).eql([10])
      should(await scaleAfter(20, 'b')).eql([20])
      flow.send('source', { freeze: true })
      should(await scaleAfter(30, 'b')).eql([20])
      flow.send('source', { freeze: false })
      should(await scaleAfter(30, 'a')).eql([30])
      flow.send('source', { freeze: 'yes' })
      should((await flow.next('errors')).error?.message).match(
        /msg\.freeze to be true or false, got the text "yes"/,
      )
    }))
})

describe('a stream that is deployed again', () => {
  it('goes on where it was, if what its windows are has not changed', () =>
    withFlow(streamOnly({ batch: '4', streamScaling: 'min-max' }), async (flow) => {
      feed(flow, 8)
      flow.send('source', {})
      should((await batches(flow))[0].sequence?.step).equal(1)
      await flow.deploy(streamOnly({ batch: '5', streamScaling: 'min-max', gaps: 'skip' }), 'nodes')
      flow.send('source', {})
      const [next] = await batches(flow)
      should(next.sequence).containEql({ step: 2, batch: 5 })
      should(next.sequence?.scale?.input).eql({ mean: [0], std: [7] })
      feed(flow, 1, 'a', 8)
      await flow.settled()
      should(flow.taken('out')[0].sequence?.stream).containEql({ begins: false, steps: [9] })
    }))

  it('begins anew with other windows, and after it was taken away', () =>
    withFlow(streamOnly({ batch: '4' }), async (flow) => {
      feed(flow, 8)
      await flow.deploy(streamOnly({ batch: '4', length: '3' }), 'nodes')
      should(flow.warnings('source')).eql(['sequence-source.message.startsAnew'])
      flow.send('source', {})
      should(await batches(flow)).eql([])
      feed(flow, 1)
      await flow.settled()
      should(flow.taken('out')[0].sequence?.stream?.begins).be.true()
      await flow.deploy([], 'nodes')
      await flow.deploy(streamOnly({ batch: '4', length: '3' }), 'nodes')
      feed(flow, 1)
      await flow.settled()
      should(flow.taken('out')[0].sequence?.stream?.begins).be.true()
      should(flow.warnings('source')).eql([])
    }))
})

describe('a window of a stream', () => {
  /** Where each of two batches begins: h₀ of every window. */
  const beginnings = async (unrolling: object, sequence: object = { task: 'stream' }) => {
    const seen: MessageTensor[] = []
    await withFlow(
      network({ state: 'topic', ...unrolling }, { cellType: 'lstm', layers: '2' }),
      async (flow) => {
        for (const step of [1, 2]) {
          flow.send('cell', {
            payload: upTo(8).map((row) => [[row + 1], [row]]),
            target: upTo(8).map(() => [0]),
            sequence: { run: 'source.1', phase: 'train', step, ...sequence },
          })
          const { unrolled, state } = await flow.next('out')
          if (step === 1) seen.push((state as { h: MessageTensor }).h)
          seen.push(unrolled?.strands[0].hidden as MessageTensor)
        }
      },
    )
    const [ended, first, second] = seen
    const rows = (tensor: MessageTensor) =>
      upTo(8).map((row) => numbersOf(tensor).slice(4 * row, 4 * (row + 1)))
    return { ended: rows(ended), first: rows(first), second: rows(second) }
  }
  const isZero = (row: number[]) => row.every((value) => value === 0)

  it('begins where another of the batch before has ended, or with zeros', async () => {
    for (const state of ['topic', 'carry']) {
      const { ended, first, second } = await beginnings({ state })
      should(first.every(isZero)).be.true()
      should(second.filter(isZero)).have.length(2)
      for (const row of second.filter((one) => !isZero(one))) should(ended).containEql(row)
    }
  })

  it('begins with zeros where predictions do, and so does that of any other source', async () => {
    const isCold = ({ first, second }: Awaited<ReturnType<typeof beginnings>>) =>
      [...first, ...second].every(isZero)
    should(isCold(await beginnings({ state: 'fresh' }))).be.true()
    should(isCold(await beginnings({}, { task: 'dataset' }))).be.true()
  })
})
