/** Growth log ‖∂L/∂s_i‖ and carry, what one step back does to it: from the factors, and far beyond floating point. */
import fc from 'fast-check'
import should from 'should'
import {
  bpttGradient,
  type Cell,
  evaluate,
  type Factors,
  rnnCell,
  stepJacobians,
  type Tensor,
  unroll,
  withParameters,
} from '../../../src'
import { type Case, cases, type Draws, gradientOf, run, smooth, statesOf } from '../../support/networks'
import { asRows, transposedTimes } from './rows'
import { orthogonal } from './spectrum/matrices'

const chains: Partial<Draws> = {
  batch: fc.constant(1),
  bidirectional: fc.constant(false),
  feed: fc.constant('zeros'),
}
/** all the way back, or truncated, with windows that overlap */
const windows = fc.constantFrom({}, { k1: 2 }, { k1: 1, k2: 3 }, { k1: 2, k2: 5 })
const logSize = (v: readonly number[]) => Math.log(Math.hypot(...v))

/** h_t = g Q h_{t-1}, o = h[0]: from zero inputs, so that only the way back grows. */
const scaledRotation = (gain: number, size: number): Cell =>
  rnnCell({
    inputSize: 1,
    hiddenSize: size,
    outputSize: 1,
    activation: 'linear',
    precision: 'float64',
    parameters: {
      W: orthogonal(size, 3).map((row) => row.map((value) => value * gain)),
      b: new Array(size).fill(0),
      V: [[1, ...new Array(size - 1).fill(0)]],
      c: [0.5],
    },
  })
const scalar = (gain: number): Cell =>
  rnnCell({
    inputSize: 1,
    hiddenSize: 1,
    outputSize: 1,
    activation: 'linear',
    precision: 'float64',
    parameters: { W: [[gain]], b: [0], V: [[1]], c: [0.5] },
  })
const silence = (steps: number) => new Array(steps).fill([0])

describe('growth and carry', () => {
  it('are log ‖Σ_t (∂s_t/∂s_i)ᵀ ∂L_t/∂s_t‖, and what (∂s_i/∂s_{i-1})ᵀ makes of that', () => {
    fc.assert(
      fc.property(cases('float64', 7, chains), windows, (network, window) => {
        const { growth, carry, factors } = gradientOf(network, { factors: true, ...window })
        const unrolled = run(network)
        const jacobians = stepJacobians(unrolled).map((J) => asRows(J, Math.sqrt(J.length)))
        should(growth).have.length(unrolled.steps)
        should(carry).have.length(unrolled.steps - 1)
        growth.forEach((value, index) => {
          const parts = (factors as Factors).losses.flatMap(({ dLdh, terms }) =>
            terms.filter(({ i }) => i === index + 1).map(({ dhdh }) => transposedTimes(dhdh, dLdh)),
          )
          const none = new Array<number>(jacobians[0].length).fill(0)
          const sum = parts.reduce((total, part) => part.map((one, unit) => one + total[unit]), none)
          // what cancels to next to nothing has no exact logarithm
          fc.pre(logSize(sum) === Number.NEGATIVE_INFINITY || logSize(sum) > -25)
          if (logSize(sum) === Number.NEGATIVE_INFINITY) should(value).equal(Number.NEGATIVE_INFINITY)
          else should(value).be.approximately(logSize(sum), 1e-6)
          if (index === 0) return
          const carried = logSize(transposedTimes(jacobians[index], sum)) - logSize(sum)
          if (value === Number.NEGATIVE_INFINITY) should(carry[index - 1]).equal(0)
          else if (carried > -25) should(carry[index - 1]).be.approximately(carried, 1e-6)
        })
      }),
      { numRuns: 60 },
    )
  })

  it('say before the first step, at a pause, how the loss changes with the initial state, in both directions', () => {
    const paused: Partial<Draws> = {
      ...smooth,
      topology: fc.constantFrom('many-to-one', 'many-to-many'),
      steps: fc.integer({ min: 3, max: 5 }),
      batch: fc.constant(2),
      hiddenSize: fc.constantFrom(1, 2, 3),
      loss: fc.constantFrom('mse', 'cross-entropy'),
      padding: fc.constant('none'),
    }
    fc.assert(
      fc.property(cases('float64', 5, paused), (network) => {
        const [batch, steps] = network.inputs.shape
        const mask = Array.from({ length: batch }, () =>
          Array.from({ length: steps }, (_, step) => Number(step > 0 && step < steps - 1)),
        )
        const own: Case = { ...network, unroll: { ...network.unroll, mask } }
        const { growth, carry, reverse, norm } = gradientOf(own)
        fc.pre(norm > 1e-6)
        const [forwards, backwards] = stateSlopes(own)
        should(growth[0]).be.approximately(logSize(forwards), 1e-6)
        should(growth[1] + carry[0]).be.approximately(growth[0], 1e-12)
        should(reverse !== undefined).equal(network.cell.bidirectional)
        if (reverse) should(reverse.growth[steps - 1]).be.approximately(logSize(backwards), 1e-6)
      }),
      { numRuns: 60 },
    )
  })

  for (const [gain, steps] of [
    [6, 400],
    [1 / 6, 400],
    [6, 3000],
    [1e-3, 3000],
  ]) {
    it(`are right to 1e-9 where a gain of ${gain.toPrecision(2)} acts for ${steps} steps`, () => {
      const { growth, carry, terms } = bpttGradient(unroll(scaledRotation(gain, 3), silence(steps)), [0])
      const log = Math.log(gain)
      for (const [index, value] of growth.entries())
        should(value).be.approximately((steps - 1 - index) * log, 1e-9 * Math.max(1, Math.abs(steps * log)))
      for (const value of carry) should(value).be.approximately(log, 1e-9)
      should(growth[0]).be.approximately((steps - 1) * log, 1e-9 * Math.abs(steps * log))
      // ‖δ_i‖ = gain^(T-i), with h and x zero
      for (const [index, value] of terms.b.entries()) {
        const wanted = Math.exp((steps - 1 - index) * log)
        if (wanted > 1e-300 && wanted < 1e300) should(value / wanted).be.approximately(1, 1e-9)
        else if (wanted > 1) should(value).be.above(1e299)
        else should(value).be.below(1e-299)
      }
      should(terms.W).matchEach(0)
      should(terms.U).matchEach(0)
    })
  }

  it('of terms at the ends of the range add up to the gradient: 1e285 and 1e-285', () => {
    for (const gain of [6, 1 / 6]) {
      const steps = 367
      const { parameters, terms, growth } = bpttGradient(unroll(scalar(gain), silence(steps)), [0])
      should(Math.abs(growth[0] / Math.LN10)).be.within(284, 286)
      should(Math.abs(Math.log10(terms.b[0]))).be.within(284, 286)
      // 1 + g + … + g^(T-1)
      const sum = (gain ** steps - 1) / (gain - 1)
      should(parameters.b.data[0] / sum).be.approximately(1, 1e-12)
      should(terms.b.toReversed().reduce((total, term) => total + term, 0) / sum).be.approximately(1, 1e-12)
    }
  })

  it('hold for losses that come in far behind, and for windows that overlap', () => {
    const [gain, steps] = [1 / 6, 2000]
    const late = unroll(scalar(gain), silence(steps), { topology: 'many-to-many', readouts: [5, steps] })
    // 2 · 0.5 for each loss: what the last one has left at step 5 is nothing beside the new one
    const loss = { loss: 'mse', reduction: 'sum' } as const
    const { growth, terms } = bpttGradient(late, [[0], [0]], loss)
    should(growth[5]).be.approximately(1994 * Math.log(gain), 1e-8)
    should(growth[4]).equal(0)
    should(terms.b[4]).equal(1)

    // losses at 400 and, 1e-155 as steep, at 600: 6^200 = 1e155 later they weigh the same
    const cell = withParameters(scalar(6), { c: [0] })
    const both = unroll(cell, silence(600), { topology: 'many-to-many', readouts: [400, 600] })
    const { terms: overlapping, credit } = bpttGradient(both, [[-0.5], [-0.5e-155]], {
      ...loss,
      k1: 200,
      k2: 600,
      credit: { cap: 600 },
    })
    for (const i of [250, 300, 399]) {
      const [near, far] = [6 ** (400 - i), 1e-155 * 6 ** (600 - i)]
      should(overlapping.b[i - 1] / (near + far)).be.approximately(1, 1e-9)
      should((credit?.norms.b[0][i - 1] as number) / near).be.approximately(1, 1e-9)
      should((credit?.norms.b[1][i - 1] as number) / far).be.approximately(1, 1e-9)
    }
  })

  it('come with factors that are right where they leave the safe range and come back', () => {
    const { factors } = bpttGradient(unroll(scalar(6), silence(300)), [0], { factors: true })
    const [{ terms }] = (factors as Factors).losses
    for (const { i, delta, b, dhdh } of terms)
      for (const value of [delta[0], (b as number[])[0], dhdh[0][0]])
        should(value / 6 ** (300 - i)).be.approximately(1, 1e-9)
    const steep = stepJacobians(unroll(scalar(1e200), silence(2)))
    should(steep.map(([value]) => value)).eql([1e200, 1e200])
  })

  it('are finite where the gradient itself is not, which is said', () => {
    const { growth, norm, nonfinite, loss } = bpttGradient(unroll(scalar(6), silence(500)), [0])
    should(growth.every(Number.isFinite)).be.true()
    // 6^397 is the first beyond 1.8e308
    should({ norm, nonfinite, loss }).eql({
      norm: Number.POSITIVE_INFINITY,
      nonfinite: { tensor: 'b', step: 103 },
      loss: 0.25,
    })
  })

  it('and the terms are the same bit for bit where scaling steps in on the way and out again', () => {
    // powers of two, so that every product is exact: the gradient goes back and forth between 1 and 2^600 ≈ 4e180
    const cell = rnnCell({
      inputSize: 1,
      hiddenSize: 2,
      outputSize: 1,
      activation: 'linear',
      precision: 'float64',
      parameters: {
        W: [
          [0, 2 ** 600],
          [2 ** -600, 0],
        ],
        b: [0, 0],
        V: [[0.7, 0]],
        c: [0.3],
      },
    })
    const { terms, growth } = bpttGradient(unroll(cell, silence(9)), [0])
    const [even, odd] = [0.6 * 0.7, 0.6 * 0.7 * 2 ** 600]
    should(terms.b).eql([even, odd, even, odd, even, odd, even, odd, even])
    for (const [index, term] of terms.b.entries())
      should(growth[index]).be.approximately(Math.log(term), 1e-12)
  })

  it('of a gated cell that keeps its state neither grow nor shrink', () => {
    // f = 1, i = 0: c_t = c_{t-1}
    const cell = rnnCell({
      type: 'lstm',
      gateActivation: 'hard-sigmoid',
      inputSize: 1,
      hiddenSize: 1,
      outputSize: 1,
      precision: 'float64',
      parameters: { W: [[0], [0], [0], [0]], U: [[0], [0], [0], [0]], b: [-3, 3, 0, 3], V: [[1]], c: [0] },
    })
    const { growth, carry } = bpttGradient(unroll(cell, silence(300)), [1])
    // s_T is (h, c), but only c is carried
    should(growth.slice(0, -1)).matchEach((value: number) =>
      should(value).be.approximately(Math.log(2), 1e-12),
    )
    should(carry.slice(0, -1)).matchEach((value: number) => should(value).be.approximately(0, 1e-12))
  })

  it('are -Infinity and 0 from where nothing comes back', () => {
    const dead = rnnCell({
      inputSize: 1,
      hiddenSize: 2,
      outputSize: 1,
      parameters: {
        W: [
          [0, 0],
          [0, 0],
        ],
      },
    })
    const { growth, carry } = bpttGradient(unroll(dead, [1, 2, 3]), [1])
    should(growth.slice(0, 2)).eql([Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY])
    should(Number.isFinite(growth[2])).be.true()
    should(carry).eql([0, Number.NEGATIVE_INFINITY])
  })

  it('stay as they are over steps at which a sequence pauses', () => {
    const cell = rnnCell({ type: 'gru', inputSize: 1, hiddenSize: 3, outputSize: 1, precision: 'float64' })
    const paused = bpttGradient(unroll(cell, [1, 9, 9, 2], { mask: [[1, 0, 0, 1]] }), [1])
    const short = bpttGradient(unroll(cell, [1, 2]), [1])
    should(paused.carry).eql([0, 0, short.carry[0]])
    should([paused.growth[0], paused.growth[3]]).eql(short.growth)
  })
})

/** ∂L/∂s_0 of the forward lanes, and of the reverse ones, by central differences. */
function stateSlopes(network: Case): [forward: number[], reverse: number[]] {
  const { cell, targets, loss, unroll: options } = network
  const slopes: [number[], number[]] = [[], []]
  for (const state of statesOf(options.initialState as Tensor)) {
    const [, batch, size] = state.shape
    state.data.forEach((value, index) => {
      const lossAt = (shift: number) => {
        state.data[index] = value + shift
        const { loss: found } = evaluate(run(network), targets, loss)
        state.data[index] = value
        return found
      }
      const near = lossAt(1e-3) - lossAt(-1e-3)
      const slope = (8 * near - (lossAt(2e-3) - lossAt(-2e-3))) / 12e-3
      const lane = Math.floor(index / size / batch)
      slopes[cell.bidirectional ? lane % 2 : 0].push(slope)
    })
  }
  return slopes
}
