/** unroll: every option of its dialog, and what of a message says how long sequences are. */
import should from 'should'
import { allFromMessage } from '../../nodes/common/tensors'
import { shouldBeClose } from '../support/close'
import { loop, type Message, numbersOf, withFlow } from '../support/flow'
import { answers, network, payloads, predicted, sameCell, signal } from '../support/unroll-flow'

const tapeOf = (msg: Message) => msg.unrolled as NonNullable<Message['unrolled']>
const sequence = { payload: signal }

describe('unroll, the topology', () => {
  for (const [topology, payload, shape] of [
    ['one-to-one', [[1], [2]], [2, 1]],
    ['one-to-many', [[1], [2]], [2, 3, 1]],
    [
      'many-to-one',
      [
        [[1], [2]],
        [[3], [4]],
      ],
      [2, 1],
    ],
    [
      'many-to-many',
      [
        [[1], [2]],
        [[3], [4]],
      ],
      [2, 2, 1],
    ],
    [
      'encoder-decoder',
      [
        [[1], [2]],
        [[3], [4]],
      ],
      [2, 3, 1],
    ],
  ] as const) {
    it(`${topology} answers as the library does`, async () => {
      const fed = topology === 'one-to-many' || topology === 'encoder-decoder'
      const [answer] = await payloads(network({ topology, steps: '3' }), [{ payload }])
      should(answer).eql(predicted(sameCell(), payload, { topology, ...(fed && { steps: 3 }) }))
      const sizes: number[] = []
      for (let part: unknown = answer; Array.isArray(part); part = part[0]) sizes.push(part.length)
      should(sizes).eql(shape)
    })
  }

  it('is many to one in a flow that does not say', async () => {
    should(await payloads(network(), [sequence])).eql([predicted(sameCell(), signal, {})])
  })

  for (const [settings, says] of [
    [
      { topology: 'some-to-some' },
      /expected topology to be one of one-to-one, .*got the text "some-to-some"/,
    ],
    [{ topology: 'one-to-many', steps: '0' }, /expected steps .*got 0/],
    [
      { topology: 'one-to-many', steps: '3', feed: 'noise' },
      /expected feed to be one of zeros, output, one-hot/,
    ],
    [{ topology: 'one-to-many', teacherForcing: '1.5' }, /expected teacher forcing .*got 1\.5/],
    [{ state: 'kept' }, /expected state to be one of fresh, carry, topic/],
    [{ state: 'topic', topics: '0' }, /expected topics .*got 0/],
    [{ pastEnd: 'repeat' }, /expected past the end to be one of zero, hold/],
  ] as const) {
    it(`says what is wrong with ${JSON.stringify(settings)}`, () =>
      withFlow(network(settings), async (flow) => {
        flow.send('cell', { payload: [1] })
        should((await flow.next('errors')).error?.message).match(says)
      }))
  }
})

describe('unroll, steps without an input', () => {
  const oneInput = { payload: [2] }
  const fed = { topology: 'one-to-many', alwaysTape: true }
  const fedInputs = (msg: Message) => numbersOf(tapeOf(msg).fed?.inputs as never)

  it('are as many as the dialog says', async () => {
    should((await payloads(network({ ...fed, steps: '5' }), [oneInput]))[0]).have.length(5)
  })

  it('are otherwise as many as the target has, and then as many as the last target had', async () => {
    const seen = await payloads(network(fed), [{ ...oneInput, target: [[1], [2], [3], [4]] }, oneInput])
    should(seen.map((answer) => (answer as unknown[]).length)).eql([4, 4])
  })

  it('of an encoder-decoder are as many as there were inputs, if nothing says more', async () => {
    should((await payloads(network({ topology: 'encoder-decoder' }), [sequence]))[0]).have.length(6)
  })

  it('are asked for if nobody says how many', () =>
    withFlow(network(fed), async (flow) => {
      flow.send('cell', oneInput)
      should((await flow.next('errors')).error?.message).match(
        /expected a number of steps, in the dialog or from a first message with a target, got none/,
      )
    }))

  it('take in zeros, or what was answered before', async () => {
    const [zeros] = await answers(network({ ...fed, steps: '3' }), [oneInput])
    should(fedInputs(zeros)).eql([0, 0])
    const [output] = await answers(network({ ...fed, steps: '3', feed: 'output' }), [oneInput])
    should(fedInputs(output)).eql((output.payload as number[][]).flat().slice(0, 2))
    should([...(tapeOf(output).fed?.throughOutput ?? [])]).eql([1, 1])
  })

  it('take in the class that was answered before', async () => {
    const cell = { inputSize: '3', outputSize: '3' }
    const nodes = network({ ...fed, steps: '3', feed: 'one-hot' }, cell)
    const [msg] = await answers(nodes, [{ payload: [[1, 0, 0]] }])
    const expected = (msg.payload as number[][])
      .slice(0, 2)
      .flatMap((scores) => scores.map((score) => (score === Math.max(...scores) ? 1 : 0)))
    should(fedInputs(msg)).eql(expected)
  })

  const lesson = { ...oneInput, target: [[5], [6], [7], [8]] }
  it('take in the right answers under teacher forcing, in training only', async () => {
    const forced = network({ ...fed, feed: 'output', teacherForcing: '1' })
    const [trained, validated, asked] = await answers(forced, [
      { ...lesson, sequence: { phase: 'train' } },
      { ...lesson, sequence: { phase: 'validate' } },
      oneInput,
    ])
    should(fedInputs(trained)).eql([5, 6, 7])
    for (const msg of [validated, asked])
      should(fedInputs(msg)).eql((msg.payload as number[][]).flat().slice(0, 3))
  })

  it('take in some right answers, others at other steps, if the ratio lies between', async () => {
    const long = { payload: [2], target: Array.from({ length: 41 }, () => [9]) }
    const nodes = network({ ...fed, feed: 'zeros', teacherForcing: '0.5' })
    const [first, again, second] = await answers(nodes, [
      { ...long, sequence: { step: 1 } },
      { ...long, sequence: { step: 1 } },
      { ...long, sequence: { step: 2 } },
    ])
    should(fedInputs(first).filter((x) => x === 9).length).be.within(10, 30)
    should(fedInputs(again)).eql(fedInputs(first))
    should(fedInputs(second)).not.eql(fedInputs(first))
  })

  it('have fields that are not read where every step has its input', async () => {
    const hidden = { steps: '-1', feed: 'noise', teacherForcing: '7' }
    should(await payloads(network(hidden), [sequence])).eql(await payloads(network(), [sequence]))
  })
})

describe('unroll, sequences of different lengths', () => {
  const [short, long] = [
    [1, 2],
    [3, 4, 5, 6],
  ].map((values) => values.map((value) => [value]))
  const padded = [[...short, [9], [9]], long]
  const everyStep = { topology: 'many-to-many' as const }
  const own = predicted(sameCell(), short, everyStep) as number[][]
  const whole = predicted(sameCell(), long, everyStep)

  for (const [how, said] of [
    ['lengths say', { lengths: [2, 4] }],
    [
      'a mask says',
      {
        mask: [
          [1, 1, 0, 0],
          [1, 1, 1, 1],
        ],
      },
    ],
    [
      'a mask of true and false says',
      {
        mask: [
          [true, true, false, false],
          [true, true, true, true],
        ],
      },
    ],
  ] as const) {
    it(`end where ${how} so, and their answers past the end are zero or held`, async () => {
      const message = { payload: padded, sequence: said }
      const [zero] = await payloads(network(everyStep), [message])
      shouldBeClose(zero, [[...own, [0], [0]], whole])
      should((zero as number[][][])[0].slice(2)).eql([[0], [0]])
      const [hold] = await payloads(network({ ...everyStep, pastEnd: 'hold' }), [message])
      shouldBeClose(hold, [[...own, own[1], own[1]], whole])
      const [once] = await payloads(network(), [message])
      shouldBeClose(once, [own[1], predicted(sameCell(), long, {})])
    })
  }

  it('pause where the mask has a gap', async () => {
    const [gap] = await payloads(network(), [{ payload: [[1], [99], [2]], sequence: { mask: [[1, 0, 1]] } }])
    shouldBeClose(gap, own[1])
  })

  it('end where targetLengths say, where steps are fed', async () => {
    const message = { payload: [[1], [1]], sequence: { targetLengths: [2, 4] } }
    const [[ended, other]] = (await payloads(network({ topology: 'one-to-many', steps: '4' }), [
      message,
    ])) as number[][][][]
    should(ended).eql([...other.slice(0, 2), [0], [0]])
    should(other[3]).not.eql([0])
  })

  for (const [said, says] of [
    [{ lengths: [2, 5] }, /expected lengths from 1 to 4, got 5 for sequence 2/],
    [{ lengths: [2] }, /expected 2 lengths, one a sequence/],
    [
      {
        mask: [
          [1, 1, 0, 2],
          [1, 1, 1, 1],
        ],
      },
      /expected a mask of 0 and 1, got 2/,
    ],
    [{ mask: [[1, 1]] }, /expected a mask of shape \[2, 4\], got \[1, 2\]/],
  ] as const) {
    it(`refuses ${JSON.stringify(said)}, and goes on`, () =>
      withFlow(network({ topology: 'many-to-many' }), async (flow) => {
        flow.send('cell', { payload: padded, sequence: said })
        should((await flow.next('errors')).error?.message).match(says)
        flow.send('cell', { payload: long })
        should((await flow.next('out')).payload).eql(whole)
      }))
  }
})

describe('unroll, what it keeps', () => {
  const task = { task: 'adding', length: '30', batch: '3', budget: '1' }
  const gradientWith = async (unrolling: object, cell: object) => {
    let seen: Message = {}
    const nodes = loop({ source: task, cell: { precision: 'float64', ...cell }, unroll: unrolling })
    await withFlow(nodes, async (flow) => {
      flow.send('source', {})
      seen = await flow.next('gradients')
    })
    return seen
  }

  for (const cellType of ['rnn', 'gru', 'lstm']) {
    it(`takes √T of the memory with checkpoints, for the same gradient: ${cellType}`, async () => {
      const [usual, saving] = [
        await gradientWith({}, { cellType }),
        await gradientWith({ checkpoint: true }, { cellType }),
      ]
      should(tapeOf(usual).strands[0].hidden.shape[0]).equal(31)
      should(tapeOf(saving).checkpointEvery).equal(6)
      should(tapeOf(saving).strands[0].hidden.shape[0]).equal(6)
      should(tapeOf(saving).strands[0].gates).equal(undefined)
      const [own, other] = [usual, saving].map(({ gradient }) =>
        allFromMessage(gradient?.parameters ?? {}, 'gradient'),
      )
      for (const [name, { data }] of Object.entries(own))
        for (const [index, value] of data.entries())
          should(other[name].data[index]).be.approximately(value, 1e-12 + 1e-12 * Math.abs(value))
    })
  }

  it('leaves a tape when there is a target, and without one when asked to', async () => {
    const [asked, taught] = await answers(network(), [sequence, { ...sequence, target: [1] }])
    should(asked.unrolled).equal(undefined)
    should(tapeOf(taught).hidden.shape).eql([7, 1, 4])
    const [kept] = await answers(network({ alwaysTape: true }), [sequence])
    should(tapeOf(kept).hidden.shape).eql([7, 1, 4])
  })
})
