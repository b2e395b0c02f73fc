/** What strange-messages.test.ts has found, each in a case of its own: refused as what was expected and what came. */
import should from 'should'
import type { MessageCell, RnnMessage } from '../../nodes/common/message'
import type { Stage } from '../support/strange/chains'
import { passed } from '../support/strange/passed'
import { startsChain } from '../support/strange/started'

describe('refused messages', () => {
  const { start, last } = startsChain()
  const withSequence = (stage: Stage, fields: object): RnnMessage => {
    const msg = last(stage)
    return { ...msg, sequence: { ...msg.sequence, ...fields } }
  }
  const withUnrolled = (fields: object): RnnMessage => {
    const msg = last('bptt')
    return { ...msg, unrolled: { ...msg.unrolled, ...fields } } as RnnMessage
  }

  for (const [what, fields, says] of [
    [
      'a run that is no text',
      { run: { of: 'source' } },
      'expected msg.sequence.run to be a text, got an object',
    ],
    [
      'a step that is no number',
      { step: '3' },
      'expected msg.sequence.step to be a whole number from 0, got the text "3"',
    ],
    [
      'a step that never comes',
      { step: Number.POSITIVE_INFINITY },
      'expected msg.sequence.step to be a whole number from 0, got Infinity',
    ],
    [
      'a phase that is none',
      { phase: 'nonsense' },
      'expected msg.sequence.phase to be one of train, validate, predict, got the text "nonsense"',
    ],
    [
      'truths of different sizes',
      { stream: { begins: true, steps: [1, 2], times: [1, 2], truths: [[1], [1, 2]], horizon: 1 } },
      /^expected msg.sequence.stream to be { begins, steps/,
    ],
    [
      'scales that are no array',
      { scales: 3 },
      'expected msg.sequence.scales to be an array, a scale for each sequence, got 3',
    ],
    [
      'a scale without deviations',
      { scale: { input: { mean: [1] } } },
      /^expected msg.sequence.scale.input to be { mean, std }/,
    ],
    [
      'a scale whose deviation is 0',
      { scale: { input: { mean: [1], std: [0] } } },
      /^expected msg.sequence.scale.input to be { mean, std }/,
    ],
    [
      'a stream without steps',
      { stream: { times: [1] } },
      /^expected msg.sequence.stream to be { begins, steps/,
    ],
  ] as const)
    it(`${what} is refused by all`, () => {
      for (const stage of ['source', 'cell', 'unroll', 'bptt', 'clip', 'optimizer'] as const) {
        const { error } = passed(start(stage), withSequence(stage, fields))
        if (typeof says === 'string') should(error).equal(says)
        else should(error).match(says)
      }
    })

  for (const [what, cell, says] of [
    ['an id that is no text', { id: {} }, 'expected msg.cell.id to be a text, got an object'],
    [
      'a version that is no number',
      { version: 'x' },
      'expected msg.cell.version to be a number, got the text "x"',
    ],
    [
      'a scale that is none',
      { scale: [] },
      'expected msg.cell.scale to be { input, target }, got an empty array',
    ],
  ] as const)
    it(`a cell with ${what} is refused`, () => {
      const msg = last('unroll')
      should(passed(start('unroll'), { ...msg, cell: { ...msg.cell, ...cell } }).error).equal(says)
    })

  it('a shape that has more than sizes is a shape nevertheless', () => {
    const { cell, ...msg } = last('unroll')
    const { parameters } = cell as MessageCell
    const shape = Object.assign([...parameters.W.shape], { constructor: true })
    const other = { ...cell, parameters: { ...parameters, W: { ...parameters.W, shape } } } as MessageCell
    should(passed(start('unroll'), { ...msg, cell: other }).sent?.payload).eql(
      passed(start('unroll'), { ...msg, cell }).sent?.payload,
    )
  })

  it('a cell whose parameters are a Buffer is refused', () => {
    const { cell, ...msg } = last('unroll')
    should(passed(start('unroll'), { ...msg, cell: { ...cell, parameters: Buffer.alloc(0) } }).error).equal(
      'expected msg.cell.parameters to be an object by name (W, U, b, V, c), got a Buffer of 0 bytes',
    )
  })

  it('a cell that is a number, or has none for parameters, is none', () => {
    for (const cell of [3, { ...last('unroll').cell, parameters: null }])
      should(passed(start('unroll'), { ...last('unroll'), cell }).error).match(
        /^expected msg\.cell: wire rnn-cell/,
      )
  })

  it('a scale of other outputs is refused before a payload waits for somebody to look', () => {
    const node = start('unroll', { topology: 'many-to-many' })
    const { payload } = last('unroll')
    const inputs = Array.from({ length: 20 }, () => (payload as number[][][])[0][0])
    const scale = { input: { mean: [0, 0], std: [1, 1] }, target: { mean: [1, 2, 3], std: [1, 2, 3] } }
    const msg = { ...withSequence('unroll', { scale }), payload: inputs, target: inputs.map(() => [1]) }
    should(passed(node, msg).error).equal('expected a scale of 1 outputs, got one of 3')
  })

  it('scales that are fewer than the sequences are refused before a state is remembered', () => {
    const [node, other] = [0, 1].map(() => start('unroll', { state: 'carry' }))
    const { target: _, ...msg } = last('unroll')
    const linear = { mean: [1], std: [2] }
    const scale = { input: linear, target: linear }
    const few = { scale, scales: [scale] }
    should(passed(node, { ...msg, sequence: few }).error).equal('expected 2 scales, one a sequence, got 1')
    const { sequence: __, ...next } = msg
    should(passed(node, { ...next }).sent?.payload).eql(passed(other, { ...next }).sent?.payload)
  })

  it('a horizon that is none is refused before a state is remembered', () => {
    const [node, other] = [0, 1].map(() => start('unroll', { state: 'topic' }))
    const { target: _, ...msg } = last('unroll')
    const stream = { begins: false, steps: [1], times: [1], truths: [null], horizon: 5e-324 }
    should(passed(node, { ...msg, sequence: { stream } }).error).equal(
      'expected msg.sequence.stream.horizon to be a whole number from 0 up to 100000, got 5e-324',
    )
    should(passed(node, { ...msg }).sent?.payload).eql(passed(other, { ...msg }).sent?.payload)
  })

  it('bytes are no sequence', () => {
    const says = /got a Buffer of 4 bytes/
    const payload = Buffer.from('21.5')
    should(passed(start('cell'), { payload }).error).match(says)
    should(passed(start('unroll'), { ...last('unroll'), payload }).error).match(says)
  })

  it('a topic that is an object has no name', () => {
    const says = 'expected msg.topic to be a text or a number, got an object'
    const topic = Object.create(null)
    should(passed(start('unroll', { state: 'topic' }), { ...last('unroll'), topic }).error).equal(says)
    should(passed(start('unroll'), { reset: true, topic }).error).equal(says)
    should(passed(start('source', { task: 'stream' }), { payload: 1, topic }).error).equal(says)
  })

  for (const [what, fields, says] of [
    [
      'strands with holes',
      { strands: new Array(1) },
      /^expected msg\.unrolled\.strands\[0\]\.hidden to be a tensor/,
    ],
    [
      'steps that are no number',
      { steps: {} },
      'expected unrolled.steps to be a whole number from 1, got an object',
    ],
    ['readouts that are no list', { readouts: 4 }, 'expected an array of readouts, got 4'],
    ['readouts past the end', { readouts: [5] }, /^expected unrolled\.readouts rising from 1 to \d+, got 5$/],
  ] as const)
    it(`an unrolled network with ${what} is refused`, () => {
      const { error } = passed(start('bptt'), withUnrolled(fields))
      if (typeof says === 'string') should(error).equal(says)
      else should(error).match(says)
    })

  it('a refused message of a topic does not make it one that was used', () => {
    const node = start('unroll', { state: 'topic', topics: '2' })
    const { target: _, sequence: __, ...one } = last('unroll')
    const ask = (topic: string) => passed(node, { ...one, topic }).sent?.payload
    const first = ask('a')
    ask('b')
    should(passed(node, { ...one, topic: 'a', payload: [] }).error).be.a.String()
    // the one that was not used for longest goes
    ask('c')
    should(ask('a')).eql(first)
  })

  it('a strand of another direction is refused', () => {
    const strands = last('bptt').unrolled?.strands.map((strand) => ({ ...strand, reverse: 'no' }))
    should(passed(start('bptt'), withUnrolled({ strands })).error).equal(
      'expected unrolled.strands[0] of layer 1, reverse false, got layer 1, reverse the text "no"',
    )
  })

  it('an array that is its own first entry, or too deep for any tensor, is refused', () => {
    const own: unknown[] = []
    own[0] = own
    let deep: unknown = [1]
    for (let depth = 0; depth < 20_000; depth++) deep = [deep]
    for (const payload of [own, deep])
      should(passed(start('cell'), { payload }).error).equal('expected arrays in at most 8 levels, got more')
  })

  it('a mask that is too deep is refused, of inputs and of targets', () => {
    const own: unknown[] = []
    own[0] = own
    for (const [stage, fields, says] of [
      ['unroll', { mask: own }, 'expected arrays in at most 8 levels, got more'],
      ['bptt', { targetMask: [1, own] }, 'expected a finite number at sequence 2, got an array of 1'],
    ] as const)
      should(passed(start(stage), withSequence(stage, fields)).error).equal(says)
  })

  it('a credit that has itself inside is refused before the gradient is clipped', () => {
    const [node, other] = [0, 1].map(() => start('clip', { rule: 'auto-clip' }))
    const msg = last('clip')
    const credit: Record<string, unknown> = {}
    credit.own = credit
    should(passed(node, { ...msg, gradient: { ...msg.gradient, credit } }).error).equal(
      'expected arrays and objects at most 16 inside one another, got more',
    )
    should(passed(node, { ...msg }).sent?.clip).eql(passed(other, { ...msg }).sent?.clip)
  })

  it('a Buffer of JSON that only says how long it is takes no memory', () => {
    const data = { type: 'Buffer', data: { length: 1e9 } }
    const msg = { ...last('unroll'), initialState: { shape: [1e9], dtype: 'float32', data } }
    should(passed(start('unroll'), msg).error).equal(
      "expected at most 50000000 numbers in msg.initialState (rnnMaxElements in Node-RED's settings file), got 1000000000",
    )
    const short = { ...msg, initialState: { shape: [2], dtype: 'float32', data } }
    should(passed(start('unroll'), short).error).equal(
      'expected msg.initialState.data to be a Buffer, got an object',
    )
  })

  it('a loss that is no number is refused by who judges by it', () => {
    const msg = { sequence: { phase: 'validate', run: 'source.1', step: 1 }, loss: Object.create(null) }
    const says = 'expected msg.loss to be a number, got an object'
    const plateau = { schedule: 'reduce-on-plateau', scheduleFactor: '0.5' }
    should(passed(start('optimizer', plateau), { ...msg }).error).equal(says)
    should(passed(start('cell', { keepBest: true }), { ...msg, validation: {} }).error).equal(says)
  })

  it('a learning rate that is no number, but would become one, is refused', () => {
    should(passed(start('optimizer'), { ...last('optimizer'), rate: [0.1] }).error).equal(
      'expected learning rate to be a number, got an array of 1',
    )
  })

  describe('at a source of data', () => {
    const data = { task: 'dataset', from: 'payload', length: '2', batch: '1', validationSplit: '0' }
    const readings = [1, 2, 3, 4, 5, 6]

    it('bad ones that come with the batch that was awaited leave the place where it was', async () => {
      const [node, other] = [start('source', data), start('source', data)]
      for (const one of [node, other]) {
        const { sent } = passed(one, { payload: readings })
        if (one === node)
          should(passed(one, { ...sent, payload: [1, 'x'] }).error).match(/^expected a finite number/)
      }
      should(await node.close()).eql(await other.close())
    })

    it('bad ones that would pause do not pause', () => {
      const node = start('source', data)
      passed(node, { payload: readings })
      should(passed(node, { control: 'pause', payload: [1, 'x'] }).error).match(/^expected a finite number/)
      should(passed(node, {}).sent?.sequence?.step).equal(2)
    })

    it('without any, a reset asks for them and forgets nothing', () => {
      const node = start('source', data)
      should(passed(node, { reset: true }).error).match(/^expected readings first/)
      should(passed(node, { control: 'resume' })).eql({})
    })
  })
})
