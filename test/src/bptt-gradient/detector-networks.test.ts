/** The detector on networks whose growth along time is known beforehand. */
import should from 'should'
import {
  type ActivationName,
  bpttGradient,
  type CellOptions,
  rnnCell,
  type UnrollOptions,
  unroll,
} from '../../../src'
import { type DetectorOptions, detectExplosion, detector } from '../../../src/bptt-gradient/detector'

/** A network without input, so that h stays 0 and only W acts on the gradient; its norm is let off. */
const gradientIn = (
  steps: number,
  options: Partial<CellOptions>,
  input: (t: number) => number = () => 0,
  { topology }: UnrollOptions = {},
) => {
  const cell = rnnCell({
    inputSize: 1,
    hiddenSize: 8,
    outputSize: 1,
    precision: 'float64',
    activation: 'linear',
    ...options,
  })
  const inputs = Array.from({ length: steps }, (_, index) => input(index + 1))
  return bpttGradient(unroll(cell, inputs, { topology }), topology ? inputs.map(() => 1) : [1])
}
const norms: DetectorOptions = { normThreshold: 1e12 }
const detectIn = (...network: Parameters<typeof gradientIn>) => detectExplosion(gradientIn(...network), norms)
const scalar = (activation: ActivationName, weight: number): Partial<CellOptions> => ({
  hiddenSize: 1,
  activation,
  parameters: { W: [[weight]], U: [[1]], b: [0], V: [[1]], c: [0] },
})

describe('the detector on orthogonal W in a linear cell', () => {
  it('times 0.8: every step shrinks by 0.8, vanishing over the whole sequence once 0.8^T is below 1e-7', () => {
    const short = detectIn(73, { initializer: 'orthogonal', gain: 0.8 })
    should(short.state).equal('ok')
    should(short.growth).be.approximately(0.8, 1e-12)
    const long = detectIn(74, { initializer: 'orthogonal', gain: 0.8 })
    should(long.state).equal('vanishing')
    should(long.span).eql([1, 74])
    should(long.growth).be.approximately(0.8, 1e-12)
    should(long.signals.slope?.value).be.approximately(Math.log(0.8), 1e-12)
  })

  it('times 1: the gradient keeps its length over 500 steps', () => {
    const { state, growth, reasons, score, signals } = detectIn(500, { initializer: 'orthogonal' })
    should({ state, reasons }).eql({ state: 'ok', reasons: [] })
    should(growth).be.approximately(1, 1e-12)
    should(score).be.approximately(0, 1e-9)
    should(signals.slope?.value).be.approximately(0, 1e-12)
  })

  it('times 1.2: exploding over the whole sequence once 1.2^T is above 1000', () => {
    should(detectIn(38, { initializer: 'orthogonal', gain: 1.2 }).state).equal('ok')
    const { state, span, growth, reasons } = detectIn(61, { initializer: 'orthogonal', gain: 1.2 })
    should(state).equal('exploding')
    should(span).eql([1, 61])
    should(growth).be.approximately(1.2, 1e-12)
    should(reasons).eql(['from step 61 back to 1 the gradient grows 56300-fold'])
  })

  it('times 1.6: the slope tells it after ten steps already', () => {
    should(detectIn(9, { initializer: 'orthogonal', gain: 1.6 }).state).equal('ok')
    const { state, span, reasons } = detectIn(10, { initializer: 'orthogonal', gain: 1.6 })
    should({ state, span }).eql({ state: 'exploding', span: [1, 10] })
    should(reasons).eql(['the gradient grows 1.6-fold a step, on average from step 10 back to 1'])
  })
})

describe('the detector on cells that kill the gradient', () => {
  it('nilpotent W: spectral radius 0, yet it grows first and is exactly zero after three steps', () => {
    const W = [
      [0, 100, 0],
      [0, 0, 100],
      [0, 0, 0],
    ]
    const parameters = { W, U: [[0], [0], [0]], b: [0, 0, 0], V: [[1, 0, 0]], c: [0] }
    const gradient = gradientIn(8, { hiddenSize: 3, parameters })
    should(gradient.growth.slice(0, 5)).eql(new Array(5).fill(Number.NEGATIVE_INFINITY))
    should(gradient.growth[5] - gradient.growth[7]).be.approximately(Math.log(1e4), 1e-12)
    const grows = detectExplosion(gradient, norms)
    should(grows).containEql({ state: 'exploding', span: [6, 8], growth: 0, score: null })
    should(grows.reasons).eql([
      'from step 8 back to 6 the gradient grows 10000-fold',
      'from step 6 back to 5 the gradient shrinks to exactly zero',
    ])
    const dies = detectExplosion(gradient, { ...norms, growthThreshold: 1e5 })
    should(dies).containEql({ state: 'vanishing', span: [5, 6] })
    should(dies.reasons).eql(['from step 6 back to 5 the gradient shrinks to exactly zero'])
  })

  it('a relu that is off at step 3 lets nothing through it', () => {
    const { state, span, reasons } = detectIn(6, scalar('relu', 1), (t) => (t === 3 ? -100 : 1))
    should([state, span]).eql(['vanishing', [2, 3]])
    should(reasons[0]).endWith('shrinks to exactly zero')
  })

  it('a dead relu, off at every step, lets nothing through the last', () => {
    const { state, span, norm } = detectIn(6, scalar('relu', 1), () => -1)
    should([state, span]).eql(['vanishing', [5, 6]])
    // only the readout's bias still learns: ∂L/∂c = 2 (0 - 1)
    should(norm).equal(2)
  })

  it('a relu that is always on is as good as linear', () => {
    should(detectIn(6, scalar('relu', 1), () => 1)).containEql({ state: 'ok', growth: 1 })
  })

  it('a loss of zero carries nothing, which is not vanishing', () => {
    const options = {
      ...scalar('tanh', 0.5),
      parameters: { W: [[0.5]], U: [[1]], b: [0], V: [[0]], c: [1] },
    }
    should(detectIn(100, options, () => 1)).containEql({ state: 'ok', norm: 0, score: 0 })
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
    const gradient = gradientIn(40, scalar('linear', 0.5), undefined, { topology: 'many-to-many' })
    should(Math.max(...gradient.growth) - Math.min(...gradient.growth)).be.below(1)
    should(detectExplosion(gradient)).containEql({ state: 'vanishing', span: [1, 40] })
  })

  it('a healthy short term does not hide in the norm that the early terms are lost', () => {
    const gradient = gradientIn(50, scalar('tanh', 0.5), () => 0.1)
    should(gradient.norm).be.above(0.1)
    const { state, signals } = detectExplosion(gradient, { enable: { vanishing: false, slope: false } })
    should(state).equal('vanishing')
    // W's term of step i is δ_i h_{i-1}, and δ shrinks by 0.5 (1 - h²) a step; h settles where h = tanh(h / 2 + 0.1)
    let h = 0
    for (let t = 0; t < 99; t++) h = Math.tanh(h / 2 + 0.1)
    // the largest of steps 2 … 13 is the last of them, of steps 39 … 50 too
    should(signals.ratio?.value).be.approximately(37 * Math.log(0.5 * (1 - h * h)), 1e-3)
  })

  it('one step has nothing to grow over', () => {
    should(detectIn(1, scalar('linear', 1e9))).containEql({ state: 'ok', growth: 1, score: 0 })
  })
})

describe('the detector on other networks', () => {
  it('tells the reverse direction of a bidirectional cell apart', () => {
    const parameters = { W: [[1]], U: [[1]], b: [0], Wr: [[2]], Ur: [[1]], br: [0], V: [[1, 1]], c: [0] }
    const network = { hiddenSize: 1, bidirectional: true }
    // many-to-one reads the reverse direction after step 1: what reaches step 15 has been doubled 14 times
    const { state, span, reasons } = detectIn(15, { ...network, parameters })
    should({ state, span }).eql({ state: 'exploding', span: [1, 15] })
    should(reasons).eql([
      'from step 1 on to 15 the gradient grows 16400-fold in the reverse direction',
      'the gradient grows 2-fold a step, on average from step 1 on to 15 in the reverse direction',
    ])
    const other = detectIn(15, { ...network, parameters: { ...parameters, W: [[2]], Wr: [[1]] } })
    should(other.reasons[0]).equal('from step 15 back to 1 the gradient grows 16400-fold')
  })

  /** gates that only their bias sets: W and U are left zero */
  const gated = (type: 'lstm' | 'gru', b: number[]): Partial<CellOptions> => ({
    type,
    activation: 'tanh',
    hiddenSize: 1,
    parameters: { W: b.map(() => [0]), U: b.map(() => [0]), b, V: [[1]], c: [0] },
  })

  it('an lstm whose forget gate is open keeps the gradient, one whose gate is shut loses it', () => {
    should(detectIn(300, gated('lstm', [0, 50, 0, 0])).state).equal('ok')
    // σ(-10) = 4.5e-5 a step, and the first step back is from h to c
    const { state, span } = detectIn(4, gated('lstm', [0, -10, 0, 0]))
    should({ state, span }).eql({ state: 'vanishing', span: [1, 4] })
  })

  it('a gru that keeps its state keeps the gradient, one that overwrites it loses it', () => {
    const biases = (z: number) => ({ ...gated('gru', [0, z, 0]).parameters, bn: [0] })
    should(detectIn(300, { ...gated('gru', [0, 50, 0]), parameters: biases(50) }).state).equal('ok')
    const { state, span } = detectIn(3, { ...gated('gru', [0, -10, 0]), parameters: biases(-10) })
    should({ state, span }).eql({ state: 'vanishing', span: [1, 3] })
  })
})

describe('the detector over a run', () => {
  it('keeps its state where that of single gradients flaps', () => {
    const options: DetectorOptions = { enable: { spike: false } }
    const watcher = detector(options)
    const [single, watched] = [[], []] as string[][]
    for (let run = 1; run <= 40; run++) {
      // 0.8^72 to 0.8^75, around 1e-7
      const gradient = gradientIn(73 + (run % 4), { initializer: 'orthogonal', gain: 0.8, seed: run })
      single.push(detectExplosion(gradient, options).state)
      watched.push(watcher.observe(gradient).state)
    }
    const changes = (states: string[]) =>
      states.filter((state, index) => index > 0 && state !== states[index - 1]).length
    should(changes(single)).be.above(15)
    should(changes(watched)).be.belowOrEqual(1)
  })
})
