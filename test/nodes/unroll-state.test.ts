/** unroll: where a sequence begins, and what is remembered from message to message, for whom and how long. */
import should from 'should'
import { shouldBeClose } from '../support/close'
import { withFlow } from '../support/flow'
import { answers, cells, network, payloads, predicted, sameCell, signal } from '../support/unroll-flow'

const reading = (value: number, topic?: string) => ({ payload: [value], ...(topic && { topic }) })
const everyStep = { topology: 'many-to-many' as const }

describe('unroll, the state from message to message', () => {
  for (const [options, cell] of cells) {
    it(`one step at a time is the whole sequence: ${JSON.stringify(options)}`, async () => {
      const whole = predicted(sameCell(options), signal, everyStep)
      for (const topology of ['many-to-one', 'one-to-one']) {
        const seen = await payloads(
          network({ topology, state: 'carry' }, cell),
          signal.map((x) => reading(x)),
        )
        shouldBeClose(seen, whole)
      }
    })
  }

  it('begins each message anew if it is to', async () => {
    const [first, second] = await payloads(network({ state: 'fresh' }), [reading(1), reading(1)])
    should(second).eql(first)
    const [, carried] = await payloads(network({ state: 'carry' }), [reading(1), reading(1)])
    should(carried).not.eql(first)
  })

  it('carries on over topics if there is one state for all', async () => {
    const messages = signal.map((x, index) => reading(x, `device ${index % 2}`))
    shouldBeClose(
      await payloads(network({ state: 'carry' }), messages),
      predicted(sameCell(), signal, everyStep),
    )
  })

  it('keeps two devices that take turns apart, as if each had a node of its own', async () => {
    const other = signal.map((x) => 3 * x + 1)
    const turns = signal.flatMap((x, index) => [reading(x, 'porch'), reading(other[index], 'cellar')])
    const seen = await payloads(network({ state: 'topic' }, { cellType: 'gru' }), turns)
    const cell = sameCell({ type: 'gru' })
    shouldBeClose(
      seen.filter((_, index) => index % 2 === 0),
      predicted(cell, signal, everyStep),
    )
    shouldBeClose(
      seen.filter((_, index) => index % 2 === 1),
      predicted(cell, other, everyStep),
    )
  })

  it('forgets the topic that was not heard of for longest when there are more than it may keep', async () => {
    const order = ['a', 'b', 'a', 'c', 'a', 'b', 'c']
    const [anew, again, third] = predicted(sameCell(), [1, 1, 1], everyStep) as number[][]
    const messages = order.map((topic) => reading(1, topic))
    // c takes the place of b, and b that of c
    const twoKept = await payloads(network({ state: 'topic', topics: '2' }), messages)
    shouldBeClose(twoKept, [anew, anew, again, anew, third, anew, anew])
    const threeKept = await payloads(network({ state: 'topic', topics: '3' }), messages)
    shouldBeClose(threeKept.slice(5), [again, again])
  })

  for (const [what, topics, settings, room] of [
    ['there are too many', '2', {}, 2],
    // H = 4
    ['they have no room', '1000', { rnnMaxElements: 40 }, 10],
  ] as const)
    it(`warns once that a topic is forgotten since ${what}`, () =>
      withFlow(
        network({ state: 'topic', topics }),
        async (flow) => {
          for (let topic = 1; topic <= room + 2; topic++) {
            flow.send('cell', reading(1, `${topic}`))
            await flow.next('out')
            should(flow.warnings('unroll')).eql(topic > room ? ['unroll.message.evicted'] : [])
          }
        },
        settings,
      ))

  it('does not read the number of topics when it keeps none', async () => {
    should(await payloads(network({ state: 'carry', topics: '-7' }), [reading(1)])).have.length(1)
  })

  /** What two topics answer before and after a reset. */
  const aroundReset = async (state: string, reset: object) => {
    const seen: unknown[] = []
    await withFlow(network({ state }), async (flow) => {
      const ask = async (topic: string) => {
        flow.send('cell', reading(1, topic))
        seen.push((await flow.next('out')).payload)
      }
      await ask('a')
      await ask('b')
      flow.send('unroll', { reset: true, payload: 1234567890, ...reset })
      await flow.settled()
      should(flow.taken('out')).eql([])
      await ask('a')
      await ask('b')
    })
    return seen
  }

  it('forgets one topic at its reset, all at a reset without, and lets nothing pass', async () => {
    const [anew, again] = predicted(sameCell(), [1, 1], everyStep) as number[][]
    shouldBeClose(await aroundReset('topic', { topic: 'b' }), [anew, anew, again, anew])
    shouldBeClose(await aroundReset('topic', {}), [anew, anew, anew, anew])
    shouldBeClose(await aroundReset('topic', { topic: '' }), [anew, anew, anew, anew])
  })

  it('forgets the one state for all at any reset', async () => {
    const [first, second] = predicted(sameCell(), [1, 1], everyStep) as number[][]
    shouldBeClose(await aroundReset('carry', { topic: 'b' }), [first, second, first, second])
  })

  it('forgets the topic of a reset that comes with a reading, and all when the loop is reset', async () => {
    const [anew, again] = predicted(sameCell(), [1, 1], everyStep) as number[][]
    const around = (reset: object) => [
      reading(1, 'a'),
      reading(1, 'b'),
      { ...reading(1, 'a'), reset: true, ...reset },
      reading(1, 'a'),
      reading(1, 'b'),
    ]
    const ofOne = await payloads(network({ state: 'topic' }), around({}))
    shouldBeClose(ofOne, [anew, anew, anew, again, again])
    const ofLoop = await payloads(network({ state: 'topic' }), around({ sequence: { run: 'source.1' } }))
    shouldBeClose(ofLoop, [anew, anew, anew, anew, anew])
  })

  it('learns from batches, validates and predicts, each going on where it was', async () => {
    const learn = {
      payload: [
        [[1], [2]],
        [[3], [4]],
        [[5], [6]],
      ],
      target: [[0], [0], [0]],
    }
    const validate = { payload: [[[7]], [[8]]], target: [[0], [0]], sequence: { phase: 'validate' } }
    const [first, second] = [reading(0.5), reading(-1)]
    const mixed = await payloads(network({ state: 'carry' }), [
      first,
      learn,
      validate,
      learn,
      validate,
      second,
    ])
    shouldBeClose([mixed[0], mixed[5]], predicted(sameCell(), [0.5, -1], everyStep))
    const alone = await payloads(network({ state: 'carry' }), [learn, learn])
    should([mixed[1], mixed[3]]).eql(alone)
    should(alone[1]).not.eql(alone[0])
    should(mixed[4]).not.eql(mixed[2])
  })

  it('takes the batches of a source each by itself, and goes on after them where it was', async () => {
    const batch = (phase: string) => ({
      payload: [[[7]], [[8]]],
      target: [[0], [0]],
      sequence: { run: 'source.1', phase },
    })
    const [first, learned, learnedAgain, held, heldAgain, second] = await payloads(
      network({ state: 'carry' }),
      [reading(0.5), batch('train'), batch('train'), batch('validate'), batch('validate'), reading(-1)],
    )
    shouldBeClose([first, second], predicted(sameCell(), [0.5, -1], everyStep))
    should([learnedAgain, held, heldAgain]).eql([learned, learned, learned])
  })

  it('begins anew when there are more sequences, fewer, or another cell', async () => {
    const fresh = async (payload: unknown, topology: string, cell: object) =>
      (await payloads(network({ topology }, cell), [{ payload }]))[0]
    for (const [topology, cell, batches] of [
      ['many-to-one', {}, [[[[1]], [[2]]], [[[1]], [[2]], [[3]]], [[4]]]],
      [
        'one-to-one',
        { inputSize: '2' },
        [
          [
            [1, 2],
            [3, 4],
          ],
          [
            [1, 2],
            [3, 4],
            [5, 6],
          ],
          [1, 2],
        ],
      ],
    ] as const) {
      const seen = await payloads(
        network({ topology, state: 'carry' }, cell),
        batches.map((payload) => ({ payload })),
      )
      for (const [index, payload] of batches.entries())
        should(seen[index]).eql(await fresh(payload, topology, cell))
    }
    await withFlow(
      [...network({ state: 'carry' }), { ...network()[0], id: 'second', seed: '2' }],
      async (flow) => {
        flow.send('cell', reading(1))
        flow.send('second', reading(1))
        await flow.settled()
        should(flow.taken('out')[1].payload).eql(
          (predicted(sameCell({ seed: 2 }), [1], everyStep) as unknown[])[0],
        )
      },
    )
  })

  it('does not keep a state that is not finite', async () => {
    const cell = { activation: 'linear', precision: 'float32', parameters: '{"U":[[1e30],[0],[0],[0]]}' }
    const [good, overflowed, next] = await answers(network({ state: 'carry' }, cell), [
      reading(0),
      reading(1e30),
      reading(0),
    ])
    should(overflowed.nonfinite).be.true()
    should(next.payload).eql(good.payload)
  })
})
