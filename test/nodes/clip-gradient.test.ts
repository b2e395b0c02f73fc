/** clip-gradient: each rule without memory, and each option of it, against numbers reckoned by hand. */
import should from 'should'
import { cellToMessage } from '../../nodes/common/cell-message'
import { clipRules, rnnCell } from '../../src'
import {
  clipNode,
  clipped,
  gradient,
  numbersIn,
  passing,
  shouldBeNear,
  twoTensors,
} from '../support/clip-flow'
import { withFlow } from '../support/flow'

const scaled = (coefficients: { W: number; b: number }) => ({
  W: [3 * coefficients.W, 4 * coefficients.W],
  b: [12 * coefficients.b],
})

describe('clip-gradient: rules of a limit', () => {
  for (const [config, expected] of [
    [{}, scaled({ W: 1 / (13 + 1e-6), b: 1 / (13 + 1e-6) })],
    [{ rule: 'global-norm', threshold: '2', epsilon: '0' }, scaled({ W: 2 / 13, b: 2 / 13 })],
    [{ rule: 'global-norm', epsilon: '7' }, scaled({ W: 1 / 20, b: 1 / 20 })],
    [{ rule: 'global-norm', epsilon: '0', normType: '1' }, scaled({ W: 1 / 19, b: 1 / 19 })],
    [{ rule: 'global-norm', epsilon: '0', normType: 'inf' }, scaled({ W: 1 / 12, b: 1 / 12 })],
    [{ rule: 'global-norm', epsilon: '0', normType: 'Infinity' }, scaled({ W: 1 / 12, b: 1 / 12 })],
    [{ rule: 'per-tensor-norm', threshold: '6', epsilon: '0' }, scaled({ W: 1, b: 0.5 })],
    [{ rule: 'per-tensor-norm', threshold: '6', epsilon: '0', normType: '1' }, scaled({ W: 6 / 7, b: 0.5 })],
    [{ rule: 'per-tensor-norm', epsilon: '3' }, scaled({ W: 1 / 8, b: 1 / 15 })],
    [
      { rule: 'value', threshold: '3.5' },
      { W: [3, 3.5], b: [3.5] },
    ],
    [{ rule: 'block-rms', threshold: '6' }, scaled({ W: 1, b: 0.5 })],
    [{ rule: 'block-rms', threshold: '2' }, scaled({ W: 2 / Math.sqrt(12.5), b: 1 / 6 })],
    [{ rule: 'none' }, scaled({ W: 1, b: 1 })],
  ] as const) {
    it(`${JSON.stringify(config)} does what its formula says, and tells`, async () => {
      const [msg] = await clipped(config, gradient(twoTensors))
      shouldBeNear(numbersIn(msg), expected)
      const normAfter = Math.hypot(...Object.values(expected).flat())
      const { clip } = msg
      should(clip?.rule).equal('rule' in config ? config.rule : 'global-norm')
      should(clip?.normBefore).be.approximately(13, 1e-12)
      should(clip?.normAfter).be.approximately(normAfter, 1e-9)
      should(clip?.coefficient).be.approximately(normAfter / 13, 1e-9)
      should(clip?.clipped).equal(clip?.rule !== 'none')
      should(msg.gradient?.norm).equal(clip?.normAfter)
      const { rule: _, ...told } = clip as object & { rule: string }
      should(msg.payload).eql(told)
    })
  }

  it('says so when there was nothing to do', async () => {
    for (const rule of ['global-norm', 'per-tensor-norm', 'value', 'block-rms']) {
      const [msg] = await clipped({ rule, threshold: '20' }, gradient(twoTensors))
      should(msg.payload).eql({ normBefore: 13, normAfter: 13, coefficient: 1, clipped: false })
      should(numbersIn(msg)).eql({ W: [3, 4], b: [12] })
    }
  })

  it('reads the limit from the message, where the rule has one', async () => {
    const config = { threshold: 'limit', thresholdType: 'msg', epsilon: '0' }
    const [first, second] = await clipped(config, ...[2, 4].map((limit) => gradient(twoTensors, { limit })))
    should(first.clip?.normAfter).be.approximately(2, 1e-12)
    should(second.clip?.normAfter).be.approximately(4, 1e-12)
    should((await clipped({ ...config, rule: 'none' }, gradient(twoTensors)))[0].clip?.clipped).be.false()
  })
})

describe('clip-gradient: adaptive', () => {
  /** W has rows of the norms 5 and 0, columns of 3 and 4; b is zero. */
  const cell = rnnCell({
    type: 'rnn',
    inputSize: 1,
    hiddenSize: 2,
    outputSize: 1,
    precision: 'float64',
    parameters: {
      W: [
        [3, 4],
        [0, 0],
      ],
      b: [0, 0],
    },
  })
  const message = gradient(
    {
      W: [
        [6, 8],
        [0, 2],
      ],
      b: [0.3, 0.4],
    },
    { cell: cellToMessage(cell, 'cell', 1) },
  )
  const [columnOne, columnTwo] = [3 / 6, 4 / Math.hypot(8, 2)]

  for (const [options, expected] of [
    [{ clipping: '1' }, { W: [3, 4, 0, 1e-3], b: [0.6e-3, 0.8e-3] }],
    [{ clipping: '0.1' }, { W: [0.3, 0.4, 0, 1e-4], b: [0.6e-4, 0.8e-4] }],
    [{}, { W: [0.03, 0.04, 0, 1e-5], b: [0.6e-5, 0.8e-5] }],
    [
      { clipping: '1', epsilon: '0.5' },
      { W: [3, 4, 0, 0.5], b: [0.3, 0.4] },
    ],
    [
      { clipping: '1', epsilon: '0.5', axis: 'column' },
      { W: [6 * columnOne, 8 * columnTwo, 0, 2 * columnTwo], b: [0.3, 0.4] },
    ],
    [
      { clipping: '1', epsilon: '0.5', axis: 'tensor' },
      { W: [6, 8, 0, 2].map((number) => (number * 5) / Math.hypot(6, 8, 2)), b: [0.3, 0.4] },
    ],
  ] as const) {
    it(`${JSON.stringify(options)} limits each unit to a share of its weights`, async () => {
      const [msg] = await clipped({ rule: 'adaptive', ...options }, message)
      shouldBeNear(numbersIn(msg), expected)
      should(msg.clip).have.properties({ rule: 'adaptive', clipped: true })
    })
  }

  it('needs the cell', () =>
    withFlow(clipNode({ rule: 'adaptive' }), async (flow) => {
      flow.send('clip', gradient(twoTensors))
      should((await flow.next('errors')).error?.message).match(/expected msg\.cell: wire rnn-cell in before/)
    }))
})

describe('clip-gradient: zero-nans', () => {
  it('puts 0 where a number is NaN, says how many, and shows it', () =>
    withFlow(clipNode({ rule: 'zero-nans' }), async (flow) => {
      const [msg] = await passing(flow, [gradient({ W: [[3, Number.NaN]], b: [Number.NaN] })])
      should(numbersIn(msg)).eql({ W: [3, 0], b: [0] })
      should(msg.payload).eql({ normBefore: null, normAfter: 3, coefficient: 1, clipped: true, zeroed: 2 })
      should(flow.statuses('clip').at(-1)).containEql({ fill: 'blue', shape: 'ring' })
    }))

  it('does nothing to a gradient without', async () => {
    const [msg] = await clipped({ rule: 'zero-nans' }, gradient(twoTensors))
    should(msg.payload).eql({ normBefore: 13, normAfter: 13, coefficient: 1, clipped: false, zeroed: 0 })
  })
})

describe('clip-gradient: what it refuses', () => {
  it('reads only the fields of its rule', async () => {
    const hidden = {
      threshold: 'x',
      normType: 'x',
      clipping: 'x',
      axis: 'x',
      percentile: 'x',
      historySize: 'x',
      zThreshold: 'x',
      warmup: 'x',
      alpha: 'x',
      epsilon: 'x',
    }
    const of = (rule: string, read: object) => clipped({ ...hidden, ...read, rule }, gradient(twoTensors))
    should((await of('none', {}))[0].clip?.rule).equal('none')
    should((await of('zero-nans', {}))[0].clip?.rule).equal('zero-nans')
    for (const rule of ['value', 'block-rms'])
      should((await of(rule, { threshold: '1' }))[0].clip?.rule).equal(rule)
  })

  for (const [config, says] of [
    [{ rule: 'scissors' }, new RegExp(`expected rule to be one of ${clipRules.join(', ')}, got the text`)],
    [{ threshold: '0' }, /expected threshold to be a number above 0, got 0/],
    [{ normType: 'x' }, /expected p to be a number, got the text "x"/],
    [{ rule: 'adaptive', axis: 'diagonal' }, /expected axis to be one of row, column, tensor/],
    [
      { rule: 'auto-clip', percentile: '101' },
      /expected percentile to be a number from 0 up to 100, got 101/,
    ],
    [{ rule: 'z-clip', warmup: '1' }, /expected warmup to be a whole number from 2/],
  ] as const)
    it(`${JSON.stringify(config)}, with what it expects`, () =>
      withFlow(clipNode(config), async (flow) => {
        flow.send('clip', gradient(twoTensors))
        should((await flow.next('errors')).error?.message).match(says)
      }))
})
