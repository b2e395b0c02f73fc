/** Networks that blow up: numbers that are not finite go through every cell, and where they began is found. */
import should from 'should'
import {
  bpttGradient,
  type CellOptions,
  type Gradient,
  rnnCell,
  type UnrollOptions,
  unroll,
} from '../../../src'

const ones = (steps: number) => new Array(steps).fill([1])
const cellOf = (options: Partial<CellOptions>) =>
  rnnCell({ inputSize: 1, hiddenSize: 1, outputSize: 1, ...options })
const gradientOf = (options: Partial<CellOptions>, inputs: unknown, more: UnrollOptions = {}): Gradient =>
  bpttGradient(unroll(cellOf(options), inputs, more), [1])

/** i, f and o are 1, g = 1e10 h + 1: c_t = c_{t-1} + g, and h = c. */
const explosiveLstm = {
  type: 'lstm',
  activation: 'linear',
  gateActivation: 'hard-sigmoid',
  parameters: { W: [[0], [0], [1e10], [0]], U: [[0], [0], [1], [0]], b: [3, 3, 0, 3], V: [[1]], c: [0] },
} as const
/** r = 1, z = 0: h_t = 1e10 h_{t-1} + 1 */
const explosiveGru = {
  type: 'gru',
  activation: 'linear',
  gateActivation: 'hard-sigmoid',
  parameters: { W: [[0], [0], [1e10]], U: [[0], [0], [1]], b: [3, -3, 0], bn: [0], V: [[1]], c: [0] },
} as const

describe('a network that blows up', () => {
  it('names c of an lstm, where it left float32', () => {
    // c_t ≈ 1e10^(t-1)
    const { nonfinite, norm } = gradientOf(explosiveLstm, ones(8))
    should(nonfinite).eql({ tensor: 'c', step: 5, layer: 1 })
    should(Number.isFinite(norm)).be.false()
    should(gradientOf(explosiveLstm, ones(2))).not.have.property('nonfinite')
  })

  it('names h of a gru, in either form', () => {
    should(gradientOf(explosiveGru, ones(8)).nonfinite).eql({ tensor: 'h', step: 5 })
    const { bn: _, ...parameters } = explosiveGru.parameters
    should(gradientOf({ ...explosiveGru, resetAfter: false, parameters }, ones(8)).nonfinite).eql({
      tensor: 'h',
      step: 5,
    })
  })

  it('names the layer, and the direction', () => {
    const steep = { W2: [[1e10]], U2: [[1]], b2: [0] }
    const tame = { W: [[0]], U: [[1]], b: [0] }
    should(
      gradientOf({ activation: 'linear', layers: 2, parameters: { ...tame, ...steep } }, ones(8)).nonfinite,
    ).eql({ tensor: 'h', step: 5, layer: 2 })
    const reverse = { Wr: [[1e10]], Ur: [[1]], br: [0] }
    should(
      gradientOf({ activation: 'linear', bidirectional: true, parameters: { ...tame, ...reverse } }, ones(8))
        .nonfinite,
    ).eql({ tensor: 'h', step: 4, layer: 1, reverse: true })
  })

  it('names the same where states were not kept', () => {
    for (const checkpoint of [1, 2, 3, 8, true] as const)
      for (const steps of [5, 6, 8])
        should(gradientOf(explosiveLstm, ones(steps), { checkpoint }).nonfinite).eql({
          tensor: 'c',
          step: 5,
          layer: 1,
        })
  })

  it('shows NaN in an input all the way, whatever the activation, the gates, the clip', () => {
    const data = Float32Array.of(1, Number.NaN, 1)
    const inputs = { shape: [3, 1], dtype: 'float32', data } as const
    for (const type of ['rnn', 'gru', 'lstm'] as const)
      for (const activation of ['tanh', 'relu', 'sigmoid', 'linear'] as const)
        for (const options of [
          {},
          { clip: 1 },
          ...(type === 'rnn' ? [] : [{ gateActivation: 'hard-sigmoid' } as const]),
        ]) {
          const { nonfinite, loss, norm } = gradientOf({ type, activation, ...options }, inputs)
          should([loss, norm]).eql([Number.NaN, Number.NaN])
          should(nonfinite).containEql({ step: 2 })
          should(nonfinite?.tensor).equal(type === 'lstm' ? 'c' : 'h')
        }
  })

  it('on the way back alone names the term that was the first', () => {
    // h = 0 and o = c: only δ grows, 2e10^(8-t) for b
    const parameters = { W: [[1e10]], U: [[0]], b: [0], V: [[1]], c: [2] }
    const { nonfinite, loss, growth } = gradientOf({ activation: 'linear', parameters }, ones(8))
    should({ nonfinite, loss }).eql({ nonfinite: { tensor: 'U', step: 4 }, loss: 1 })
    should(growth.every(Number.isFinite)).be.true()
  })
})
