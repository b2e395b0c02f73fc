/** The detector's judgement of one gradient, on gradients made by hand. */
import fc from 'fast-check'
import should from 'should'
import { type DetectorOptions, detectExplosion, type Observed } from '../../../src/bptt-gradient/detector'
import '../../support/fast-check'

const calm: Observed = { norm: 1, carry: [], growth: [], terms: {} }
/** A gradient of which no more is known than by how much each step back multiplies. */
const carrying = (factors: number[], rest: Partial<Observed> = {}): Observed => ({
  ...calm,
  carry: factors.map((factor) => Math.log(factor)),
  ...rest,
})
const detect = (factors: number[], norm = 1, options?: DetectorOptions) =>
  detectExplosion(carrying(factors, { norm }), options)

const zero = Number.NEGATIVE_INFINITY
const log1000 = Math.log(1000)
const log1e7 = Math.log(1e-7)

describe('detectExplosion', () => {
  it('says ok, with the mean factor of a step back', () => {
    const { growth, state, reasons, norm, ...rest } = detect([2, 0.5, 4, 1], 3)
    should(growth).be.approximately(4 ** (1 / 4), 1e-15)
    should({ state, reasons, norm }).eql({ state: 'ok', reasons: [], norm: 3 })
    should(rest).have.only.keys('score', 'signals')
    should(rest.signals.nonfinite).eql({ value: null, threshold: null, crossed: false })
  })

  it('says of what only grows that it shrinks by nothing, and the other way round', () => {
    should(detect([2, 2]).signals.vanishing).containEql({ value: 0, crossed: false })
    should(detect([0.5, 0.5]).signals.growth).containEql({ value: 0, crossed: false })
  })

  it('takes a switch that is not given for on', () => {
    should(detect([2], 1, { enable: { spike: undefined, growth: undefined } })).eql(detect([2]))
  })

  it('says ok of a single step, over which nothing can grow', () => {
    const { state, growth, signals } = detectExplosion({ ...calm, growth: [0], terms: { W: [0] } })
    should({ state, growth }).eql({ state: 'ok', growth: 1 })
    should(signals).have.only.keys('nonfinite', 'norm')
  })

  it('says ok of a loss of zero, from which nothing is carried', () => {
    const explosion = detectExplosion({
      norm: 0,
      carry: new Array(19).fill(0),
      growth: new Array(20).fill(zero),
      terms: { W: new Array(20).fill(0) },
    })
    should(explosion).containEql({ state: 'ok', reasons: [], score: 0, growth: 1 })
  })

  it('says nonfinite before anything else, with what went bad first, and judges no further', () => {
    const nonfinite = { tensor: 'h', step: 7 }
    const explosion = detectExplosion(carrying([1e9, 1e9], { norm: Number.NaN, nonfinite }))
    should(explosion).containEql({
      state: 'nonfinite',
      reasons: ['the hidden state h is not finite from step 7 on'],
      nonfinite,
      score: null,
      signals: { nonfinite: { value: null, threshold: null, crossed: true } },
    })
    should(explosion).not.have.property('span')
  })

  it('tells both when a gradient explodes and vanishes, and blames the span that explodes', () => {
    const { state, reasons, span } = detect([1e-9, 1e4])
    should({ state, span }).eql({ state: 'exploding', span: [2, 3] })
    should(reasons).eql([
      'from step 3 back to 2 the gradient grows 10000-fold',
      'from step 2 back to 1 the gradient shrinks 10^9.0-fold',
    ])
  })

  it('a gradient that grows and is then exactly zero explodes, and goes to exactly zero', () => {
    const explosion = detectExplosion({
      ...calm,
      carry: [0, 0, zero, Math.log(100), Math.log(100)],
      growth: [zero, zero, zero, Math.log(1e4), Math.log(100), 0],
    })
    should(explosion).containEql({ state: 'exploding', span: [4, 6], score: null, growth: 0 })
    should(explosion.reasons).eql([
      'from step 6 back to 4 the gradient grows 10000-fold',
      'from step 4 back to 3 the gradient shrinks to exactly zero',
    ])
    should(explosion.signals.vanishing).eql({ value: null, threshold: log1e7, crossed: true })
  })

  it('does not change the gradient', () => {
    const gradient: Observed = {
      ...carrying([2, 3]),
      growth: [3, 2, 1],
      terms: { W: [0, 1, 2], Wr: [3, 4, 5] },
      reverse: { carry: [1, 2], growth: [1, 2, 3] },
    }
    const before = structuredClone(gradient)
    detectExplosion(gradient)
    should(gradient).eql(before)
  })

  it('holds only what JSON can say', () => {
    const number = fc.oneof(fc.double({ min: -750, max: 750, noNaN: true }), fc.constant(zero))
    const norm = fc.double({ min: 0, noNaN: true, noDefaultInfinity: true })
    const strand = fc.record({ carry: fc.array(number), growth: fc.array(number) })
    const gradient = fc.record(
      {
        norm,
        carry: fc.array(number),
        growth: fc.array(number),
        terms: fc.record({ W: fc.array(norm), W2r: fc.array(norm) }),
        reverse: strand,
      },
      { requiredKeys: ['norm', 'carry', 'growth', 'terms'] },
    )
    const options = fc.constantFrom<DetectorOptions>(
      {},
      { vanishingThreshold: 0, slopeVanishingThreshold: 0 },
    )
    fc.assert(
      fc.property(gradient, options, (observed, thresholds) => {
        const { growth, ...explosion } = detectExplosion(observed, thresholds)
        should(growth).be.aboveOrEqual(0)
        const numbers = [explosion.score, ...Object.values(explosion.signals).flatMap(Object.values)]
        should(numbers.filter((value) => typeof value === 'number' && !Number.isFinite(value))).eql([])
      }),
    )
  })
})

describe('the signal norm', () => {
  it('is crossed above its threshold, and names no span', () => {
    const { state, reasons, score, signals, ...rest } = detect([1, 1], 200)
    should({ state, reasons }).eql({
      state: 'exploding',
      reasons: ["the gradient's norm 200 is above 100"],
    })
    should(rest).not.have.property('span')
    should(signals.norm).eql({ value: 200, threshold: 100, crossed: true })
    should(detect([1, 1], 100).state).equal('ok')
  })

  it('has the threshold it is given, and a switch', () => {
    should(detect([1], 200, { normThreshold: 201 }).state).equal('ok')
    should(detect([1], 200, { normThreshold: 199 }).state).equal('exploding')
    const off = detect([1], 200, { enable: { norm: false } })
    should(off.state).equal('ok')
    should(off.signals).not.have.property('norm')
  })

  it('adds one to the score for each decade', () => {
    for (const [norm, score] of [
      [1e-300, 0],
      [1, 0],
      [10, 0],
      [100, 1],
      [1e4, 3],
    ])
      should(detect([1], norm).score).be.approximately(score, 1e-12)
  })
})

describe('the signal growth', () => {
  it('is crossed when some span multiplies by more than the threshold, and names the span', () => {
    const { state, reasons, span, signals } = detect([0.5, 0.5, 20, 10, 10, 0.1, 1])
    should({ state, span }).eql({ state: 'exploding', span: [3, 6] })
    should(reasons).eql(['from step 6 back to 3 the gradient grows 2000-fold'])
    should(signals.growth?.value).be.approximately(Math.log(2000), 1e-12)
    should(signals.growth).containEql({ threshold: log1000, crossed: true })
  })

  it('has the threshold it is given, and a switch', () => {
    const factors = [0.5, 0.5, 20, 10, 10, 0.1, 1]
    should(detect(factors, 1, { growthThreshold: 2001 }).state).equal('ok')
    should(detect(factors, 1, { growthThreshold: 1999 }).state).equal('exploding')
    const off = detect(factors, 1, { enable: { growth: false } })
    should(off.state).equal('ok')
    should(off.signals).not.have.property('growth')
  })

  it('bridges a dip within a span', () => {
    should(detect([0.9, 100, 0.5, 100, 0.9]).span).eql([2, 5])
  })

  it('comes after the norm in the reasons', () => {
    const { reasons, span } = detect([50, 50], 1e7)
    should(reasons).eql([
      "the gradient's norm 10000000 is above 100",
      'from step 3 back to 1 the gradient grows 2500-fold',
    ])
    should(span).eql([1, 3])
  })

  it('measures spans far outside of floating point', () => {
    const { reasons, span, signals, score } = detectExplosion({ ...calm, carry: new Array(3).fill(700) })
    should(span).eql([1, 4])
    should(reasons).eql(['from step 4 back to 1 the gradient grows 10^912.0-fold'])
    should(signals.growth?.value).equal(2100)
    should(score).be.approximately(2100 / log1000, 1e-9)
  })

  it('has a score of twice as much for the square of the threshold', () => {
    should(detect([10]).score).be.approximately(1 / 3, 1e-12)
    should(detect([1000])).containEql({ score: 1, state: 'ok' })
    should(detect([1000, 1000]).score).be.approximately(2, 1e-12)
  })
})

describe('the signal vanishing', () => {
  const factors = [3, 1e-3, 1e-3, 1e-3, 2]

  it('is crossed when some span multiplies by less than the threshold, and names the span', () => {
    const { state, reasons, span, signals, score } = detect(factors)
    should({ state, span }).eql({ state: 'vanishing', span: [2, 5] })
    should(reasons).eql(['from step 5 back to 2 the gradient shrinks 10^9.0-fold'])
    should(signals.vanishing?.value).be.approximately(Math.log(1e-9), 1e-12)
    should(signals.vanishing).containEql({ threshold: log1e7, crossed: true })
    should(score).be.approximately(9 / 7, 1e-12)
  })

  it('has the threshold it is given, and a switch', () => {
    should(detect(factors, 1, { vanishingThreshold: 0.9e-9 }).state).equal('ok')
    should(detect(factors, 1, { vanishingThreshold: 1.1e-9 }).state).equal('vanishing')
    const off = detect(factors, 1, { enable: { vanishing: false } })
    should(off.state).equal('ok')
    should(off.signals).not.have.property('vanishing')
  })

  it('is never crossed when its threshold is 0', () => {
    const { state, signals } = detect([0, 1e-300, 1e-300], 1, { vanishingThreshold: 0 })
    should(state).equal('ok')
    should(signals.vanishing).eql({ value: null, threshold: null, crossed: false })
  })

  it('finds a span whose every step goes to exactly zero', () => {
    const { state, reasons, span, score } = detectExplosion({ ...calm, carry: new Array(5).fill(zero) })
    should({ state, score }).eql({ state: 'vanishing', score: null })
    should(span).eql([1, 2])
    should(reasons).eql(['from step 2 back to 1 the gradient shrinks to exactly zero'])
  })
})

describe('detectExplosion in the reverse direction', () => {
  const reverse = (factors: number[], forward = factors.map(() => 1)) =>
    detectExplosion(
      carrying(forward, {
        reverse: { carry: factors.map((factor) => Math.log(factor)), growth: [] },
      }),
    )

  it('names the way from the first step on to the last', () => {
    const grown = reverse([1, 0.5, 10, 10, 20, 0.5])
    should(grown).containEql({ state: 'exploding', span: [3, 6] })
    should(grown.reasons).eql(['from step 3 on to 6 the gradient grows 2000-fold in the reverse direction'])
    const shrunk = reverse([1, 1, 1e-4, 1e-4, 1, 1])
    should(shrunk).containEql({ state: 'vanishing', span: [3, 5] })
    should(shrunk.reasons).eql([
      'from step 3 on to 5 the gradient shrinks 10^8.0-fold in the reverse direction',
    ])
    should(reverse([1, 0, 1]).reasons).eql([
      'from step 2 on to 3 the gradient shrinks to exactly zero in the reverse direction',
    ])
  })

  it('judges both directions, and blames the worse', () => {
    const { reasons, span, signals } = reverse([1, 1e5, 1], [1, 1, 1e4])
    should(reasons).eql([
      'from step 2 on to 3 the gradient grows 100000-fold in the reverse direction',
      'from step 4 back to 3 the gradient grows 10000-fold',
    ])
    should(span).eql([2, 3])
    should(signals.growth?.value).be.approximately(Math.log(1e5), 1e-12)
    should(reverse([1, 1, 1], [1, 1e4, 1]).span).eql([2, 3])
  })

  it('has a slope of its own', () => {
    const growth = Array.from({ length: 20 }, (_, index) => index * Math.log(2))
    should(detectExplosion({ ...calm, growth }).state).equal('ok')
    const { state, reasons } = detectExplosion({ ...calm, reverse: { carry: new Array(19).fill(0), growth } })
    should(state).equal('exploding')
    should(reasons).eql([
      'the gradient grows 2-fold a step, on average from step 1 on to 20 in the reverse direction',
    ])
  })
})

describe('the switch of nonfinite', () => {
  it('when off, such a gradient is passed over', () => {
    const gradient = carrying([1e9], { norm: Number.NaN, nonfinite: { tensor: 'L' } })
    const { state, reasons, signals, nonfinite, score } = detectExplosion(gradient, {
      enable: { nonfinite: false },
    })
    should({ state, reasons, signals, score }).eql({ state: 'ok', reasons: [], signals: {}, score: null })
    should(nonfinite).eql({ tensor: 'L' })
  })
})
