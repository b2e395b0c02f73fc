/** The detector on networks whose growth along time is known beforehand. */
import should from 'should'
import {
  type ActivationName,
  bpttGradient,
  type CellOptions,
  type DetectorOptions,
  detectExplosion,
  type Gradient,
  nonfiniteReason,
  rnnCell,
  unroll,
} from '../../../src'
import { throwsExpected } from '../../support/throws'

/** A gradient that says no more than what the detector looks at: its norm, and by how much each step back multiplies. */
const gradientOf = (factors: number[], norm = 1): Gradient =>
  ({
    norm,
    carry: factors.map((factor) => Math.log(factor)),
    growth: [],
    terms: {},
    loss: 0,
  }) as unknown as Gradient
const detect = (factors: number[], norm?: number, options?: DetectorOptions) =>
  detectExplosion(gradientOf(factors, norm), options)

/** An unrolled network without input, so that h stays 0 and only W acts on the gradient; the norm is let off. */
const detectIn = (steps: number, options: Partial<CellOptions>, input: (t: number) => number = () => 0) => {
  const cell = rnnCell({
    inputSize: 1,
    hiddenSize: 8,
    outputSize: 1,
    precision: 'float64',
    activation: 'linear',
    ...options,
  })
  const gradient = bpttGradient(
    unroll(
      cell,
      Array.from({ length: steps }, (_, index) => input(index + 1)),
    ),
    [1],
  )
  return detectExplosion(gradient, { normThreshold: 1e12 })
}
const scalar = (activation: ActivationName, weight: number): Partial<CellOptions> => ({
  hiddenSize: 1,
  activation,
  parameters: { W: [[weight]], U: [[1]], b: [0], V: [[1]], c: [0] },
})

describe('detectExplosion', () => {
  it('says ok, with the mean factor of a step back', () => {
    const { growth, ...rest } = detect([2, 0.5, 4, 1], 3)
    should(growth).be.approximately(4 ** (1 / 4), 1e-15)
    should(rest).eql({ state: 'ok', reasons: [], norm: 3 })
  })

  it('says exploding when the norm is above its threshold, and names no span for that', () => {
    should(detect([1, 1], 200)).eql({
      state: 'exploding',
      reasons: ["the gradient's norm 200 is above 100"],
      norm: 200,
      growth: 1,
    })
    should(detect([1, 1], 100).state).equal('ok')
    should(detect([1, 1], 200, { normThreshold: 201 }).state).equal('ok')
  })

  it('says exploding when some span multiplies by more than the threshold, and names the span', () => {
    const { state, reasons, span } = detect([0.5, 0.5, 20, 10, 10, 0.1, 1])
    should(state).equal('exploding')
    should(span).eql([3, 6])
    should(reasons).eql(['from step 6 back to 3 the gradient grows 2000-fold'])
    should(detect([0.5, 0.5, 20, 10, 10, 0.1, 1], 1, { growthThreshold: 2001 }).state).equal('ok')
  })

  it('bridges a dip within a span', () => {
    should(detect([0.9, 100, 0.5, 100, 0.9]).span).eql([2, 5])
  })

  it('gives both reasons when norm and growth are too large', () => {
    const { reasons, span } = detect([50, 50], 1e7)
    should(reasons).eql([
      "the gradient's norm 10000000 is above 100",
      'from step 3 back to 1 the gradient grows 2500-fold',
    ])
    should(span).eql([1, 3])
  })

  it('says vanishing when some span multiplies by less than the threshold, and names the span', () => {
    const { state, reasons, span } = detect([3, 1e-3, 1e-3, 1e-3, 2])
    should(state).equal('vanishing')
    should(span).eql([2, 5])
    should(reasons).eql(['from step 5 back to 2 the gradient shrinks 10^9.0-fold'])
    should(detect([3, 1e-3, 1e-3, 1e-3, 2], 1, { vanishingThreshold: 1e-10 }).state).equal('ok')
  })

  it('never says vanishing when that threshold is 0', () => {
    should(detect([0, 1e-300, 1e-300], 1, { vanishingThreshold: 0 }).state).equal('ok')
  })

  it('says exploding rather than vanishing when both happen in one sequence', () => {
    should(detect([1e-9, 1e4]).state).equal('exploding')
  })

  it('measures spans far outside of floating point', () => {
    const { reasons, span } = detect(new Array(1000).fill(10))
    should(span).eql([1, 1001])
    should(reasons).eql(['from step 1001 back to 1 the gradient grows 10^1000.0-fold'])
  })

  it('says nonfinite before anything else, with what went bad first', () => {
    const gradient = { ...gradientOf([1e9, 1e9], Number.NaN), nonfinite: { tensor: 'h', step: 7 } as const }
    const { state, reasons, span, nonfinite } = detectExplosion(gradient)
    should({ state, reasons, span, nonfinite }).eql({
      state: 'nonfinite',
      reasons: ['the hidden state h is not finite from step 7 on'],
      span: undefined,
      nonfinite: { tensor: 'h', step: 7 },
    })
  })

  it('does not change the gradient', () => {
    const gradient = gradientOf([2, 3])
    const before = JSON.stringify(gradient)
    detectExplosion(gradient)
    should(JSON.stringify(gradient)).equal(before)
  })
})

describe('detectExplosion on orthogonal W in a linear cell', () => {
  it('times 0.8: every step shrinks by 0.8, vanishing over the whole sequence once 0.8^T is below 1e-7', () => {
    const short = detectIn(73, { initializer: 'orthogonal', gain: 0.8 })
    should(short.state).equal('ok')
    should(short.growth).be.approximately(0.8, 1e-12)
    const long = detectIn(74, { initializer: 'orthogonal', gain: 0.8 })
    should(long.state).equal('vanishing')
    should(long.span).eql([1, 74])
    should(long.growth).be.approximately(0.8, 1e-12)
  })

  it('times 1: the gradient keeps its length over 500 steps', () => {
    const { state, growth, reasons } = detectIn(500, { initializer: 'orthogonal' })
    should(state).equal('ok')
    should(reasons).eql([])
    should(growth).be.approximately(1, 1e-12)
  })

  it('times 1.2: exploding over the whole sequence once 1.2^T is above 1000', () => {
    should(detectIn(38, { initializer: 'orthogonal', gain: 1.2 }).state).equal('ok')
    const { state, span, growth, reasons } = detectIn(61, { initializer: 'orthogonal', gain: 1.2 })
    should(state).equal('exploding')
    should(span).eql([1, 61])
    should(growth).be.approximately(1.2, 1e-12)
    should(reasons).eql(['from step 61 back to 1 the gradient grows 56300-fold'])
  })
})

describe('detectExplosion on cells that kill the gradient', () => {
  it('nilpotent W: spectral radius 0, yet it grows first and is exactly zero after three steps', () => {
    const W = [
      [0, 100, 0],
      [0, 0, 100],
      [0, 0, 0],
    ]
    const parameters = { W, U: [[0], [0], [0]], b: [0, 0, 0], V: [[1, 0, 0]], c: [0] }
    const cell = rnnCell({
      inputSize: 1,
      hiddenSize: 3,
      outputSize: 1,
      precision: 'float64',
      activation: 'linear',
      parameters,
    })
    const gradient = bpttGradient(unroll(cell, new Array(8).fill(0)), [1])
    should(gradient.growth.slice(0, 5)).eql(new Array(5).fill(Number.NEGATIVE_INFINITY))
    should(gradient.growth[5] - gradient.growth[7]).be.approximately(Math.log(1e4), 1e-12)
    const grows = detectExplosion(gradient, { normThreshold: 1e9 })
    should([grows.state, grows.span, grows.growth]).eql(['exploding', [6, 8], 0])
    const dies = detectExplosion(gradient, { normThreshold: 1e9, growthThreshold: 1e5 })
    should([dies.state, dies.span]).eql(['vanishing', [5, 6]])
    should(dies.reasons).eql(['from step 6 back to 5 the gradient shrinks to exactly zero'])
  })

  it('a relu that is off at step 3 lets nothing through it', () => {
    const { state, span, reasons } = detectIn(6, scalar('relu', 1), (t) => (t === 3 ? -100 : 1))
    should([state, span]).eql(['vanishing', [2, 3]])
    should(reasons[0]).endWith('shrinks to exactly zero')
  })

  it('a relu that is always on is as good as linear', () => {
    should(detectIn(6, scalar('relu', 1), () => 1)).containEql({ state: 'ok', growth: 1 })
  })

  it('a saturated tanh shrinks by 1 - h² a step', () => {
    const { state, span, growth } = detectIn(4, scalar('tanh', 1), () => 4)
    should([state, span]).eql(['vanishing', [1, 4]])
    let [h, product] = [0, 1]
    for (let t = 1; t <= 4; t++) {
      h = Math.tanh(h + 4)
      if (t > 1) product *= 1 - h * h
    }
    should(growth).be.approximately(product ** (1 / 3), 1e-12)
  })

  it('later losses do not hide that an early one has vanished', () => {
    const cell = rnnCell({
      inputSize: 1,
      outputSize: 1,
      precision: 'float64',
      ...scalar('linear', 0.5),
      hiddenSize: 1,
    })
    const inputs = new Array(40).fill(0)
    const gradient = bpttGradient(unroll(cell, inputs, { topology: 'many-to-many' }), new Array(40).fill(1))
    should(Math.max(...gradient.growth) - Math.min(...gradient.growth)).be.below(1)
    should(detectExplosion(gradient)).containEql({ state: 'vanishing', span: [1, 40] })
  })
})

describe('detectExplosion checks its thresholds', () => {
  const wrong: [DetectorOptions, string][] = [
    [{ normThreshold: 0 }, 'expected normThreshold to be a number above 0, got 0'],
    [{ normThreshold: Number.NaN }, 'expected normThreshold to be a number above 0, got NaN'],
    [{ growthThreshold: 1 }, 'expected growthThreshold to be a number above 1, got 1'],
    [{ vanishingThreshold: -1 }, 'expected vanishingThreshold to be a number from 0, got -1'],
    [{ vanishingThreshold: 1 }, 'expected vanishingThreshold below 1, got 1'],
    [
      { normThreshold: '5' as unknown as number },
      'expected normThreshold to be a number above 0, got the text "5"',
    ],
  ]
  for (const [options, message] of wrong)
    it(`refuses ${JSON.stringify(options)}`, () => throwsExpected(() => detect([1], 1, options), message))
})

describe('nonfiniteReason', () => {
  it('names the tensor in words and the step if there is one', () => {
    should(nonfiniteReason({ tensor: 'o', step: 2 })).equal('the output o is not finite from step 2 on')
    should(nonfiniteReason({ tensor: 'L' })).equal('the loss is not finite')
    should(nonfiniteReason({ tensor: 'W', step: 9 })).equal('the gradient of W is not finite from step 9 on')
  })
})
