/**
 * Truncated backpropagation against its definition: every k1 steps the losses of the last k1 steps go back through k2
 * steps, and the state before those is a constant. So each window is a network of its own, which starts from that state.
 */
import fc from 'fast-check'
import should from 'should'
import {
  type BpttOptions,
  bpttGradient,
  type Gradient,
  lastState,
  rnnCell,
  type Tensor,
  unroll,
  withParameters,
} from '../../../src'
import { windowsOf as cutInto } from '../../../src/bptt-gradient/windows'
import { type Case, cases, type Draws, gradientOf, relativeError, shouldBeNear } from '../../support/networks'
import { sliceSteps } from '../../support/one-sequence'
import { throwsExpected } from '../../support/throws'

/** Windows of losses that add up: a sum over all steps. */
const sums: Partial<Draws> = {
  bidirectional: fc.constant(false),
  topology: fc.constant('many-to-many'),
  padding: fc.constant('none'),
  reduction: fc.constant('sum'),
}
const k = fc.integer({ min: 1, max: 6 })

interface Part {
  /** the first step, which has no step before it */
  readonly to: number
  readonly gradient: Gradient
}

/** The gradient of each window on its own. */
function windowsOf(network: Case, k1: number, k2: number): Part[] {
  const { cell, inputs, unroll: options } = network
  const [batch, steps] = inputs.shape
  const parts: Part[] = []
  for (let before = 0; before < steps; before += k1) {
    const from = Math.min(before + k1, steps)
    const to = Math.max(from - k2 + 1, 1)
    const initialState =
      to === 1
        ? options.initialState
        : lastState(unroll(cell, sliceSteps(inputs, 1, to - 1), { ...options, topology: 'many-to-many' }))
    const unrolled = unroll(cell, sliceSteps(inputs, to, from), { ...options, initialState })
    const row = Array.from({ length: from - to + 1 }, (_, index) => Number(to + index > before))
    const mask = new Array(batch).fill(row)
    parts.push({
      to,
      gradient: bpttGradient(unrolled, sliceSteps(network.targets, to, from), { ...network.loss, mask }),
    })
  }
  return parts
}

const agrees = (whole: Gradient, parts: readonly Part[]) => {
  for (const [name, { data }] of Object.entries(whole.parameters)) {
    const sum = Array.from(data, (_, index) =>
      parts.reduce((total, { gradient }) => total + gradient.parameters[name].data[index], 0),
    )
    should(relativeError(data, sum, 1e-3 * whole.norm)).be.belowOrEqual(1e-12, name)
  }
}

describe('truncated backpropagation through time', () => {
  it('is the sum over windows that start from a constant state, overlapping where k2 is above k1', () => {
    fc.assert(
      fc.property(cases('float64', 14, sums), k, k, (network, a, b) => {
        const [k1, k2] = [Math.min(a, b), Math.max(a, b)]
        agrees(gradientOf(network, { k1, k2 }), windowsOf(network, k1, k2))
      }),
      { numRuns: 80 },
    )
  })

  it('is the whole gradient where every loss goes back to the first step, at any scale, Ω included', () => {
    const linear = {
      ...sums,
      type: fc.constant('rnn' as const),
      activation: fc.constant('linear' as const),
      clip: fc.constant(undefined),
    }
    fc.assert(
      fc.property(
        cases('float64', 10, linear),
        fc.constantFrom(1, 1e-30, 1e30),
        fc.boolean(),
        (network, factor, isRegularized) => {
          const { cell } = network
          const { W, V } = cell.parameters
          const times = (tensor: Tensor) => ({ ...tensor, data: tensor.data.map((value) => value * factor) })
          // a gradient of the size of factor^T, which leaves the range of squares
          const own = {
            ...network,
            cell: withParameters(cell, {
              W: times(W),
              ...(factor > 1 && V && { V: { ...V, data: V.data.map((value) => value * 1e-150) } }),
            }),
          }
          const options = { ...(isRegularized && { regularizer: { coefficient: 0.5 } }) }
          const [whole, cut] = [
            gradientOf(own, options),
            gradientOf(own, { ...options, k1: 1, k2: own.inputs.shape[1] }),
          ]
          fc.pre(Number.isFinite(whole.norm))
          for (const [name, { data }] of Object.entries(whole.parameters))
            should(relativeError(cut.parameters[name].data, data, 1e-3 * whole.norm)).be.belowOrEqual(
              1e-9,
              name,
            )
          cut.growth.forEach((value, index) => {
            if (value > whole.growth[own.inputs.shape[1] - 1] - 300)
              should(value).be.approximately(whole.growth[index], 1e-6)
          })
        },
      ),
      { numRuns: 100 },
    )
  })

  it('has the terms of the windows where they do not overlap, each in its place', () => {
    fc.assert(
      fc.property(cases('float64', 12, sums), k, (network, length) => {
        // what is left over at the end goes back k2 steps as well
        fc.pre(network.inputs.shape[1] % length === 0)
        const { terms, growth, norm } = gradientOf(network, { k1: length, k2: length })
        for (const { to, gradient } of windowsOf(network, length, length)) {
          for (const [name, own] of Object.entries(gradient.terms))
            own.forEach((value, index) => {
              should(terms[name][to - 1 + index]).be.approximately(value, 1e-12 * norm, name)
            })
          gradient.growth.forEach((value, index) => {
            if (value > -20) should(growth[to - 1 + index]).be.approximately(value, 1e-9)
          })
        }
      }),
      { numRuns: 40 },
    )
  })

  it('takes k2 for k1 and k1 for k2 if only one is given, and truncates nothing if neither is', () => {
    const cell = rnnCell({ type: 'lstm', inputSize: 1, hiddenSize: 3, outputSize: 1, layers: 2 })
    const waves = (rate: number) => Array.from({ length: 9 }, (_, step) => [Math.sin(rate * step)])
    const unrolled = unroll(cell, waves(1), { topology: 'many-to-many' })
    const of = (options: BpttOptions) => bpttGradient(unrolled, waves(2), options)
    const apart = (a: BpttOptions, b: BpttOptions) =>
      relativeError(of(a).parameters.W.data, of(b).parameters.W.data)
    should(of({ k1: 3 })).eql(of({ k1: 3, k2: 3 }))
    should(of({ k2: 4 })).eql(of({ k1: 4, k2: 4 }))
    should(apart({ k1: 3 }, { k1: 3, k2: 5 })).be.above(1e-3)
    should(apart({ k1: 2, k2: 5 }, { k1: 3, k2: 5 })).be.above(1e-3)
    should(apart({}, { k1: 3, k2: 5 })).be.above(1e-3)
    should(of({ k1: 9 })).eql(of({ kernel: 'reference' }))
    shouldBeNear(of({ k1: 9 }), of({}), 2e-6)
    should(apart({}, { k1: 1, k2: 99 })).be.below(1e-6)
  })

  it('of many-to-one goes back through the last k2 steps: the terms before are exactly 0', () => {
    for (const type of ['rnn', 'gru', 'lstm'] as const) {
      const cell = rnnCell({
        type,
        inputSize: 1,
        hiddenSize: 3,
        outputSize: 1,
        precision: 'float64',
        layers: 2,
      })
      const inputs = Array.from({ length: 10 }, (_, step) => [Math.sin(step)])
      const whole = bpttGradient(unroll(cell, inputs), [2], { kernel: 'reference' })
      const { terms, growth, carry } = bpttGradient(unroll(cell, inputs), [2], { k1: 4, k2: 5 })
      for (const name of ['W', 'U', 'b', 'W2', 'U2', 'b2']) {
        should(terms[name].slice(0, 5)).matchEach(0)
        terms[name].slice(5).forEach((value, index) => {
          should(value)
            .be.above(0)
            .and.approximately(whole.terms[name][5 + index], 1e-15)
        })
      }
      should(growth.slice(0, 5)).matchEach(Number.NEGATIVE_INFINITY)
      should(growth.slice(5)).eql(whole.growth.slice(5))
      should(carry.slice(0, 4)).matchEach(0)
      should(carry.slice(5)).eql(whole.carry.slice(5))
    }
  })

  it('cuts the factors as well: only the terms of the window are there', () => {
    const cell = rnnCell({ inputSize: 1, hiddenSize: 2, outputSize: 1, precision: 'float64' })
    const unrolled = unroll(cell, [[1], [2], [3], [4], [5]], { topology: 'many-to-many' })
    const targets = [[1], [1], [1], [1], [1]]
    const { factors } = bpttGradient(unrolled, targets, { k1: 2, k2: 3, factors: true })
    if (!factors || 'omitted' in factors) throw new Error('no factors')
    // the windows: losses 1-2 back to 1, losses 3-4 back to 2, loss 5 back to 3
    should(factors.losses.map(({ t, terms }) => [t, terms.map(({ i }) => i)])).eql([
      [1, [1]],
      [2, [1, 2]],
      [3, [2, 3]],
      [4, [2, 3, 4]],
      [5, [3, 4, 5]],
    ])
  })

  it('of an encoder-decoder that ends at the decoder is that of a network which starts from the last state', () => {
    const cell = rnnCell({ type: 'gru', inputSize: 2, hiddenSize: 3, outputSize: 1, precision: 'float64' })
    const inputs = [
      [1, 2],
      [0, -1],
    ]
    const targets = [[1], [-1]]
    const decoded = unroll(cell, inputs, { topology: 'encoder-decoder', steps: 2 })
    const silence = [
      [0, 0],
      [0, 0],
    ]
    const rest = unroll(cell, silence, {
      topology: 'many-to-many',
      initialState: lastState(unroll(cell, inputs)),
    })
    agrees(bpttGradient(decoded, targets, { k1: 2 }), [{ to: 3, gradient: bpttGradient(rest, targets) }])
    const whole = bpttGradient(decoded, targets, { k1: 4 })
    should(whole).eql(bpttGradient(decoded, targets, { kernel: 'reference' }))
    shouldBeNear(whole, bpttGradient(decoded, targets), 1e-11)
  })

  it('cuts an output that is fed back across its edge as it cuts the state', () => {
    const cell = rnnCell({ inputSize: 1, hiddenSize: 2, outputSize: 1, precision: 'float64', gain: 2 })
    const options = { topology: 'one-to-many', feed: 'output' } as const
    const whole = unroll(cell, [1], { ...options, steps: 4 })
    const targets = [[1], [0], [2], [-1]]
    const first = unroll(cell, [1], { ...options, steps: 2 })
    const second = unroll(cell, [first.outputs.data[1]], {
      ...options,
      steps: 2,
      initialState: lastState(first),
    })
    const loss = { loss: 'mse', reduction: 'sum' } as const
    agrees(bpttGradient(whole, targets, { ...loss, k1: 2 }), [
      { to: 1, gradient: bpttGradient(first, targets.slice(0, 2), loss) },
      { to: 3, gradient: bpttGradient(second, targets.slice(2), loss) },
    ])
  })

  it('refuses k2 below k1, numbers below 1 or not whole, and two directions', () => {
    const sizes = { inputSize: 1, hiddenSize: 2, outputSize: 1 }
    const with_ =
      (truncation: object, bidirectional = false) =>
      () =>
        bpttGradient(unroll(rnnCell({ ...sizes, bidirectional }), [1, 2]), [0], truncation)
    throwsExpected(with_({ k1: 3, k2: 2 }), 'expected k2 of at least k1 (3), got 2')
    throwsExpected(with_({ k1: 0 }), 'expected k1 to be a whole number from 1, got 0')
    throwsExpected(with_({ k1: 1, k2: 1.5 }), 'expected k2 to be a whole number from 1, got 1.5')
    throwsExpected(
      with_({ k1: 1 }, true),
      'expected a cell of one direction for truncation, got a bidirectional one',
    )
  })

  it('refuses windows that have more steps together than a sequence may have', () => {
    const unrolled = { cell: rnnCell({ inputSize: 1, hiddenSize: 2, outputSize: 1 }), readouts: [1000] }
    const of = (steps: number, k1: number, k2: number) => cutInto({ ...unrolled, steps }, { k1, k2 })
    should(of(1000, 1, 100)).have.length(1)
    throwsExpected(
      () => of(1000, 1, 1000),
      'expected at most 100000 steps in all windows of k2 steps (maxSteps of configureLimits), got 1000000',
    )
    should(of(100_000, 10, 10)).have.length(1)
  })

  it('leaves what the readout learns as it is', () => {
    fc.assert(
      fc.property(cases('float64', 8, { ...sums, readout: fc.constant('linear') }), k, (network, length) => {
        const [whole, cut] = [gradientOf(network), gradientOf(network, { k1: length })]
        for (const name of ['V', 'c'])
          should(relativeError(cut.parameters[name].data, whole.parameters[name].data, 1e-30)).be.below(1e-12)
        should(cut.loss).equal(whole.loss)
      }),
      { numRuns: 30 },
    )
  })
})
