/** Messages in order: works of a test that end when it says so, with all that can come in between. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import fc from 'fast-check'
import should from 'should'
import { bulkOf } from '../../nodes/common/bulk'
import { inOrder, mostWaiting } from '../../nodes/common/in-order'
import { setLazy } from '../../nodes/common/lazy'
import type { RnnMessage } from '../../nodes/common/message'
import { configureLimits, tensor } from '../../src'
import '../support/fast-check'
import { throwsExpected } from '../support/throws'

/** What a message asks for: to take some turns of the event loop or none, and to end well or not. */
interface Asked extends RnnMessage {
  readonly id: number
  readonly turns: number
  readonly ends: 'well' | 'throws' | 'rejects'
}

const pass = (id: number): Asked => ({ id, turns: 0, ends: 'well' })
const noSend = () => {}

/** Works as it is asked to, and keeps a record. */
function worker() {
  const record = { begun: [] as number[], ended: [] as number[], most: 0 }
  let working = 0
  const behaviour = inOrder((msg, send) => {
    const { id, turns, ends } = msg as Asked
    record.begun.push(id)
    if (ends === 'throws') throw new Error(`${id} throws`)
    if (turns === 0) return send(msg)
    working += 1
    record.most = Math.max(record.most, working)
    return (async () => {
      for (let turn = 0; turn < turns; turn++) await nextTurn()
      working -= 1
      if (ends === 'rejects') throw new Error(`${id} rejects`)
      send(msg)
    })()
  })
  /** what node.ts does: exactly one end for each message */
  const input = async (msg: Asked, send: (msg: unknown) => void) => {
    try {
      await behaviour.input(msg, send)
      record.ended.push(msg.id)
      return undefined
    } catch (error) {
      record.ended.push(msg.id)
      return (error as Error).message
    }
  }
  return { ...behaviour, input, record }
}

/** Work that ends when the test says so. */
function held() {
  const waiting: { id: unknown; signal: AbortSignal; end: () => void; fail: (error: Error) => void }[] = []
  const behaviour = inOrder(
    ({ topic: id }, _, signal) => new Promise((end, fail) => waiting.push({ id, signal, end, fail })),
  )
  const input = (id: number) => behaviour.input({ topic: id }, noSend) as Promise<void>
  return { input, behaviour, close: () => behaviour.close?.(false) as Promise<void>, waiting }
}

const asked = fc.record({
  turns: fc.integer({ min: 0, max: 4 }),
  ends: fc.constantFrom('well', 'well', 'throws', 'rejects'),
  pause: fc.integer({ min: 0, max: 3 }),
})

describe('messages in order', () => {
  it('are done at once where nothing is under way and the work takes no time', () => {
    const sent: unknown[] = []
    const { input } = inOrder((msg, send) => send(msg))
    const send = (msg: unknown) => {
      sent.push(msg)
    }
    should(input({ topic: 1 }, send)).equal(undefined)
    should(sent).eql([{ topic: 1 }])
  })

  it('come one by one, none overtakes another, and each ends once, as it alone deserves', () =>
    fc.assert(
      fc.asyncProperty(fc.array(asked, { maxLength: 12 }), async (all) => {
        const { input, record } = worker()
        const sent: number[] = []
        const ends: Promise<string | undefined>[] = []
        for (const [id, { pause, turns, ends: how }] of all.entries()) {
          const rejectsLate = how === 'rejects' && turns === 0 ? 1 : turns
          ends.push(
            input({ id, turns: rejectsLate, ends: how }, (msg) => {
              sent.push((msg as Asked).id)
            }),
          )
          for (let turn = 0; turn < pause; turn++) await nextTurn()
        }
        const ids = [...all.keys()]
        should(await Promise.all(ends)).eql(
          ids.map((id) => (all[id].ends === 'well' ? undefined : `${id} ${all[id].ends}`)),
        )
        should(record.begun).eql(ids)
        should(record.ended).eql(ids)
        should(sent).eql(ids.filter((id) => all[id].ends === 'well'))
        should(record.most).be.belowOrEqual(1)
      }),
    ))

  it('are done at once again when nothing is under way any more, after an error too', async () => {
    for (const ends of ['well', 'rejects'] as const) {
      const { input, record } = worker()
      const first = input({ id: 1, turns: 2, ends }, noSend)
      const second = input(pass(2), noSend)
      should(record.begun).eql([1])
      await Promise.all([first, second])
      void input(pass(3), noSend)
      should(record.begun).eql([1, 2, 3])
    }
  })

  it('let the event loop turn, however many small ones wait', async () => {
    const { input, record } = worker()
    void input({ id: 0, turns: 1, ends: 'well' }, noSend)
    const all = Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map((id) => input(pass(id), noSend)))
    const seen = new Set<number>()
    while (record.ended.length < 9) {
      seen.add(record.begun.length)
      await nextTurn()
    }
    await all
    should([...seen]).eql([1, 2, 3, 4, 5, 6, 7, 8])
  })

  it('are refused when too many wait, and taken again when fewer do', async () => {
    const { input, waiting } = held()
    const ends = Array.from({ length: 1 + mostWaiting }, (_, id) => input(id))
    throwsExpected(
      () => input(-1),
      'expected at most 1000 messages to wait for their turn: send fewer, or smaller ones, got one more',
    )
    waiting[0].end()
    while (waiting.length < 2) await nextTurn()
    ends.push(input(ends.length))
    throwsExpected(() => input(-1), /^expected at most 1000 messages/)
    for (let done = 1; done < ends.length; done++) {
      waiting[done].end()
      if (done + 1 < ends.length) while (waiting.length < done + 2) await nextTurn()
    }
    await Promise.all(ends)
    should(waiting.map(({ id }) => id)).eql(ends.map((_, id) => id))
  })

  it('end at a close: what is under way is told, what waits never begins', async () => {
    const { input, close, waiting } = held()
    const settled: string[] = []
    const failing = (id: number) =>
      input(id).then(
        () => settled.push(`${id} done`),
        (error) => settled.push(`${id} ${error.message}`),
      )
    const ends = [failing(1), failing(2), failing(3)]
    const [{ signal, fail }] = waiting
    should(signal.aborted).be.false()
    const closed = close().then(() => settled.push('closed'))
    should(signal.aborted).be.true()
    for (let turn = 0; turn < 5; turn++) await nextTurn()
    should(settled).eql([])
    fail(signal.reason)
    await Promise.all([...ends, closed])
    should(settled).eql(['1 the node was closed', '2 the node was closed', '3 the node was closed', 'closed'])
    should(waiting).have.length(1)
  })

  it('close at once where nothing is under way', async () => {
    const { close } = held()
    await close()
  })

  it('wait as long as they are not too large together, and one of any size does', async () => {
    configureLimits({ maxMemory: 1000 })
    try {
      const { behaviour, waiting } = held()
      const send = (id: number, fields: object) =>
        behaviour.input({ topic: id, ...fields }, noSend) as Promise<void>
      const row = () => [[new Array(10).fill(0)]]
      const ends = [send(1, {}), send(2, { payload: 'x'.repeat(5000) })]
      throwsExpected(
        () => send(3, { payload: row() }),
        'expected at most 1000 bytes in messages that wait for their turn (maxMemory of configureLimits), got 10080',
      )
      waiting[0].end()
      while (waiting.length < 2) await nextTurn()
      ends.push(
        send(4, {
          payload: row(),
          target: row(),
          unrolled: { strands: [{ hidden: { data: Buffer.alloc(800) } }] },
        }),
      )
      ends.push(send(5, { cell: { parameters: Buffer.alloc(5000) } }))
      throwsExpected(() => send(6, { gradient: { W: new Float32Array(20) } }), /got 1040$/)
      for (const index of [1, 2, 3]) {
        while (waiting.length <= index) await nextTurn()
        waiting[index].end()
      }
      await Promise.all(ends)
    } finally {
      configureLimits()
    }
  })

  it('are weighed by what they hold, however it is written, each number once, and in no time', () => {
    const numbers = (count: number) => new Array(count).fill(0.5)
    const data = Buffer.alloc(4000)
    const own = { shape: [1000], dtype: 'float32', data }
    const lazily: RnnMessage = {}
    setLazy(lazily, 'payload', () => undefined, tensor('float64', [100, 10]))
    for (const [msg, bytes] of [
      [{ payload: numbers(1000) }, 8000],
      [{ payload: numbers(100).map(() => numbers(10)) }, 8000],
      [{ payload: [[], ...numbers(999).map(() => numbers(30))] }, 240_000],
      [{ payload: numbers(1000).map(() => 'x'.repeat(100)) }, 200_000],
      [{ payload: numbers(1000).map((value) => ({ value, other: value })) }, 16_000],
      [{ payload: [null, ...numbers(1_000_000)] }, 8_000_000],
      [{ unrolled: { hidden: own, strands: [{ hidden: own, cellState: { ...own } }] } }, 4000],
      [{ sequence: { targetMask: numbers(1000) }, initialState: new Float32Array(1000) }, 12_000],
      [lazily, 8000],
      [{}, 0],
    ] as const)
      should(bulkOf(msg as RnnMessage)).be.within(0.9 * bytes, 1.1 * bytes + 100)
    const round: unknown[] = []
    round.push(round, 'x')
    should(bulkOf({ payload: round })).be.belowOrEqual(4)
  })

  it('are not made to be weighed', async () => {
    const { input, behaviour, waiting } = held()
    const first = input(1)
    let asked = 0
    const msg = { topic: 2 }
    setLazy(msg, 'payload', () => {
      asked += 1
    })
    const second = behaviour.input(msg, noSend)
    should(asked).equal(0)
    waiting[0].end()
    await first
    while (waiting.length < 2) await nextTurn()
    waiting[1].end()
    await second
  })
})
