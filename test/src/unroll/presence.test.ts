/** Lengths, masks and what is said past the end. */
import should from 'should'
import { lastState, rnnCell, type Tensor, tensor, type UnrollOptions, unroll } from '../../../src'
import { throwsExpected } from '../../support/throws'

/** h_t = h_{t-1} + x_t, o = 10 h + 1: a running sum. */
const sum = rnnCell({
  inputSize: 1,
  hiddenSize: 1,
  outputSize: 1,
  activation: 'linear',
  parameters: { W: [[1]], U: [[1]], b: [0], V: [[10]], c: [1] },
})
const batch = [
  [[1], [2], [3], [4]],
  [[5], [6], [7], [8]],
]
const states = (options: UnrollOptions, inputs: unknown = batch) => {
  const { hidden, batch: size } = unroll(sum, inputs, options)
  return Array.from({ length: size }, (_, s) =>
    [...hidden.data].filter((_value, index) => index % size === s),
  )
}
const many = { topology: 'many-to-many' } as const
const outputs = (options: UnrollOptions, inputs: unknown = batch) => {
  const { outputs: said, batch: size } = unroll(sum, inputs, { ...many, ...options })
  return Array.from({ length: size }, (_, s) => [...said.data].filter((_value, index) => index % size === s))
}

describe('lengths', () => {
  it('hold the state of a sequence from its end on', () => {
    should(states({ lengths: [4, 2] })).eql([
      [0, 1, 3, 6, 10],
      [0, 5, 11, 11, 11],
    ])
    should([...(lastState(unroll(sum, batch, { lengths: [1, 3] })) as Tensor).data]).eql([1, 18])
  })

  it('may be a typed array, and say nothing where they are T', () => {
    const typed = Uint8Array.of(4, 2) as unknown as number[]
    should(states({ lengths: typed })).eql(states({ lengths: [4, 2] }))
    should(unroll(sum, batch, { lengths: [4, 4] })).not.have.property('present')
  })

  it('mark the readouts past the end as not to be judged; a last readout is judged by the state held', () => {
    const { readoutMask, present } = unroll(sum, batch, { ...many, lengths: [4, 2] })
    should([...(readoutMask ?? [])]).eql([1, 1, 1, 1, 1, 0, 1, 0])
    should(present).eql(readoutMask)
    const once = unroll(sum, batch, { lengths: [4, 2] })
    should(once).not.have.property('readoutMask')
    should([...once.outputs.data]).eql([101, 111])
  })

  it('let the reverse direction begin at each sequence’s own last step', () => {
    const both = rnnCell({
      inputSize: 1,
      hiddenSize: 1,
      readout: 'none',
      bidirectional: true,
      activation: 'linear',
      parameters: { W: [[1]], U: [[1]], b: [0], Wr: [[1]], Ur: [[1]], br: [0] },
    })
    const { outputs: said } = unroll(both, batch, { ...many, lengths: [4, 2] })
    const reverse = [...said.data].filter((_, index) => index % 2 === 1)
    // sums from the end: 10 9 7 4 and 11 6
    should(reverse.filter((_, index) => index % 2 === 0)).eql([10, 9, 7, 4])
    should(reverse.filter((_, index) => index % 2 === 1).slice(0, 2)).eql([11, 6])
  })
})

describe('a mask', () => {
  const mask = [
    [1, 0, 1, 0],
    [0, 1, 1, 1],
  ]

  it('of 0 keeps the state as it is at a step', () => {
    should(states({ mask })).eql([
      [0, 1, 1, 4, 4],
      [0, 0, 6, 13, 21],
    ])
  })

  it('may be of booleans, a tensor, or [T] for one sequence', () => {
    const flags = mask.map((row) => row.map(Boolean))
    should(states({ mask: flags })).eql(states({ mask }))
    should(states({ mask: tensor('float32', [2, 4], Float32Array.from(mask.flat())) })).eql(states({ mask }))
    should(states({ mask: mask[0] }, batch[0])).eql([[0, 1, 1, 4, 4]])
  })

  it('hides the readouts of those steps', () => {
    should([...(unroll(sum, batch, { ...many, mask }).readoutMask ?? [])]).eql([1, 0, 0, 1, 1, 1, 0, 1])
  })
})

describe('pastEnd', () => {
  it('zero, the default, gives outputs of 0 past the end; hold reads the state that is held', () => {
    should(outputs({ lengths: [4, 2] })).eql([
      [11, 31, 61, 101],
      [51, 111, 0, 0],
    ])
    should(outputs({ lengths: [4, 2], pastEnd: 'zero' })).eql(outputs({ lengths: [4, 2] }))
    should(outputs({ lengths: [4, 2], pastEnd: 'hold' })[1]).eql([51, 111, 111, 111])
  })

  it('goes for the outputs after an activation as well: 0, not what the activation makes of 0', () => {
    for (const readout of ['sigmoid', 'softmax'] as const) {
      const cell = rnnCell({ inputSize: 1, hiddenSize: 1, outputSize: 2, readout })
      const { outputs: said, logits } = unroll(cell, batch[0], { ...many, lengths: [3] })
      should([...said.data.slice(6), ...logits.data.slice(6)]).eql([0, 0, 0, 0])
    }
  })

  it('is refused if it is neither', () => {
    throwsExpected(
      () => unroll(sum, batch, { pastEnd: 'nothing' as 'zero' }),
      'expected pastEnd to be one of zero, hold, got the text "nothing"',
    )
  })
})

describe('targetLengths', () => {
  it('end the fed steps of a sequence: of one-to-many all steps, of an encoder-decoder the decoder’s', () => {
    const once = { topology: 'one-to-many', feed: 'output', steps: 3, targetLengths: [1, 3] } as const
    // h, then h + 10 h + 1 …
    should(states(once, [[[1]], [[2]]])).eql([
      [0, 1, 1, 1],
      [0, 2, 23, 254],
    ])
    const decode = { topology: 'encoder-decoder', feed: 'output', steps: 2, targetLengths: [1, 2] } as const
    should(states({ ...decode, lengths: [4, 2] })).eql([
      [0, 1, 3, 6, 10, 10, 10],
      [0, 5, 11, 11, 11, 11, 122],
    ])
  })

  it('are refused where nothing is fed', () => {
    throwsExpected(
      () => unroll(sum, batch, { targetLengths: [1, 2] }),
      'expected targetLengths for one-to-many or encoder-decoder, got them for many-to-one',
    )
  })
})

describe('what does not fit', () => {
  const bad: [what: string, options: object, message: string][] = [
    [
      'both lengths and a mask',
      { lengths: [1, 1], mask: [[1, 1, 1, 1]] },
      'expected lengths or a mask, got both',
    ],
    ['too few lengths', { lengths: [4] }, 'expected 2 lengths, one a sequence, got an array of 1'],
    ['lengths that are no array', { lengths: 4 }, 'expected 2 lengths, one a sequence, got 4'],
    ['a length of 0', { lengths: [4, 0] }, 'expected lengths from 1 to 4, got 0 for sequence 2'],
    ['a length above T', { lengths: [5, 1] }, 'expected lengths from 1 to 4, got 5 for sequence 1'],
    [
      'a length that is not whole',
      { lengths: [4, 1.5] },
      'expected lengths from 1 to 4, got 1.5 for sequence 2',
    ],
    [
      'a mask of another shape',
      {
        mask: [
          [1, 1],
          [1, 1],
        ],
      },
      'expected a mask of shape [2, 4], got [2, 2]',
    ],
    [
      'a mask of other numbers',
      {
        mask: [
          [1, 1, 1, 1],
          [1, 1, 0.5, 1],
        ],
      },
      'expected a mask of 0 and 1, got 0.5',
    ],
    [
      'too few target lengths',
      { topology: 'encoder-decoder', steps: 2, targetLengths: [1] },
      'expected 2 targetLengths, one a sequence, got an array of 1',
    ],
    [
      'a target length above the steps',
      { topology: 'encoder-decoder', steps: 2, targetLengths: [1, 3] },
      'expected targetLengths from 1 to 2, got 3 for sequence 2',
    ],
  ]
  for (const [what, options, message] of bad)
    it(`is refused: ${what}`, () => throwsExpected(() => unroll(sum, batch, options), message))
})
