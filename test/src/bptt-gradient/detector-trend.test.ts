/** The signals slope and ratio, on gradients made by hand. */
import should from 'should'
import { type DetectorOptions, detectExplosion, type Observed } from '../../../src/bptt-gradient/detector'

const calm: Observed = { norm: 1, carry: [], growth: [], terms: {} }
const zero = Number.NEGATIVE_INFINITY
const log1e7 = Math.log(1e-7)

describe('the signal slope', () => {
  /** ∂L/∂h_i over `steps` steps, `factor` times as large with each step back */
  const line = (steps: number, factor: number): Observed => ({
    ...calm,
    growth: Array.from({ length: steps }, (_, index) => -index * Math.log(factor)),
  })
  const slope = (gradient: Observed, options?: DetectorOptions) => detectExplosion(gradient, options)

  it('is the least-squares slope of the growth curve, for one step back', () => {
    const growth = [9, 7, 8, 4, 6, 5, 1, 3, 2, 0]
    // slope of y over x by the textbook: (n Σxy - Σx Σy) / (n Σx² - (Σx)²), with x = 1 … 10
    const [n, sumX, sumY, sumXX] = [10, 55, 45, 385]
    const sumXY = growth.reduce((sum, y, index) => sum + y * (index + 1), 0)
    const { signals } = slope({ ...calm, growth })
    should(signals.slope?.value).be.approximately(-(n * sumXY - sumX * sumY) / (n * sumXX - sumX ** 2), 1e-12)
  })

  it('is crossed when one step back multiplies by too much', () => {
    const { state, span, reasons, score } = slope(line(20, 2))
    should({ state, span }).eql({ state: 'exploding', span: [1, 20] })
    should(reasons).eql(['the gradient grows 2-fold a step, on average from step 20 back to 1'])
    should(score).be.approximately(Math.log(2) / Math.log(1.5), 1e-9)
  })

  it('is crossed when one step back multiplies by too little', () => {
    const { state, span, reasons, signals } = slope(line(20, 0.2))
    should({ state, span }).eql({ state: 'vanishing', span: [1, 20] })
    should(reasons).eql(['the gradient shrinks 5-fold a step, on average from step 20 back to 1'])
    should(signals.slope?.value).be.approximately(Math.log(0.2), 1e-12)
    should(signals.slope?.threshold).be.approximately(Math.log(0.25), 1e-12)
  })

  it('has the thresholds it is given, and a switch', () => {
    should(slope(line(20, 1.49)).state).equal('ok')
    should(slope(line(20, 1.51)).state).equal('exploding')
    should(slope(line(20, 1.51), { slopeGrowthThreshold: 1.52 }).state).equal('ok')
    should(slope(line(20, 0.26)).state).equal('ok')
    should(slope(line(20, 0.24)).state).equal('vanishing')
    should(slope(line(20, 0.24), { slopeVanishingThreshold: 0.23 }).state).equal('ok')
    should(slope(line(20, 1e-9), { slopeVanishingThreshold: 0 }).state).equal('ok')
    const off = slope(line(20, 2), { enable: { slope: false } })
    should(off.state).equal('ok')
    should(off.signals).not.have.property('slope')
  })

  it('leaves out steps where ∂L/∂h is zero, and needs ten others', () => {
    const later = (steps: number): Observed => ({
      ...calm,
      growth: [zero, zero, zero, ...line(steps, 2).growth],
    })
    should(slope(later(10))).containEql({ state: 'exploding', span: [4, 13] })
    should(slope(later(9)).state).equal('ok')
    should(slope(later(9)).signals).not.have.property('slope')
  })

  it('is exact far outside of floating point', () => {
    const growth = Array.from({ length: 12 }, (_, index) => 700 * (6 - index))
    should(slope({ ...calm, growth }).signals.slope?.value).be.approximately(700, 1e-9)
  })
})

describe('the signal ratio', () => {
  const judged = (terms: Record<string, number[]>, options?: DetectorOptions) =>
    detectExplosion({ ...calm, terms }, options)
  const W = [1e-9, 2e-9, 1, 1, 1, 1, 3, 4]

  it('is crossed when the early terms are lost beside the late ones', () => {
    const { state, span, reasons, signals, score } = judged({ W })
    should({ state, span }).eql({ state: 'vanishing', span: [1, 8] })
    should(reasons).eql(['the terms of W shrink 10^9.3-fold from steps 7 to 8 back to steps 1 to 2'])
    should(signals.ratio?.value).be.approximately(Math.log(2e-9 / 4), 1e-12)
    should(signals.ratio).containEql({ threshold: log1e7, crossed: true })
    should(score).be.approximately(Math.log(2e-9 / 4) / log1e7, 1e-12)
  })

  it('has the threshold it is given, and a switch', () => {
    should(judged({ W }, { ratioThreshold: 4e-10 }).state).equal('ok')
    should(judged({ W }, { ratioThreshold: 6e-10 }).state).equal('vanishing')
    should(judged({ W }, { ratioThreshold: 0 }).state).equal('ok')
    const off = judged({ W }, { enable: { ratio: false } })
    should(off.state).equal('ok')
    should(off.signals).not.have.property('ratio')
  })

  it('is not crossed the other way round', () => {
    should(judged({ W: W.toReversed() })).containEql({ state: 'ok', score: 0 })
  })

  it('looks only at steps between the first and the last term that is not zero', () => {
    should(judged({ W: [0, 0, 0, ...W, 0] }).span).eql([4, 11])
    should(judged({ W: [0, 0, 1, 1, 1, 0, 0, 0] }).signals).not.have.property('ratio')
    should(judged({ W: [0, 0, 1, 1, 2, 1, 0, 0] }).signals).have.property('ratio')
    should(judged({ W: [0, 0, 0, 0] }).signals).not.have.property('ratio')
    should(judged({ W: [1e-9, 1, 1, 1] }).reasons).eql([
      'the terms of W shrink 10^9.0-fold from step 4 back to step 1',
    ])
  })

  it('looks at every recurrent matrix, and tells the worst', () => {
    const early = new Array(8).fill(1)
    for (const name of ['W', 'W2', 'W12', 'Wd', 'W2d'])
      should(judged({ W: early, [name]: W })).containEql({ state: 'vanishing', span: [1, 8] })
    for (const name of ['U', 'b', 'V', 'c', 'bn', 'p', 'Ur'])
      should(judged({ [name]: W }).signals).not.have.property('ratio')
    const { signals, reasons } = judged({ W: early, W2: W, W3: W.map((term) => term ** 2) })
    should(signals.ratio?.value).be.approximately(Math.log((2e-9 / 4) ** 2), 1e-12)
    should(reasons.length).equal(2)
    should(reasons[0]).match(/terms of W3 /)
  })

  it('counts the reverse direction from the other end', () => {
    should(judged({ Wr: W }).state).equal('ok')
    const { state, span, reasons } = judged({ Wr: [...W.toReversed(), 0] })
    should({ state, span }).eql({ state: 'vanishing', span: [1, 8] })
    should(reasons).eql([
      'the terms of Wr shrink 10^9.3-fold from steps 1 to 2 on to steps 7 to 8 in the reverse direction',
    ])
  })
})
