/** Forward through time, against loops over nested arrays that follow the formula letter by letter. */
import fc from 'fast-check'
import should from 'should'
import { activationNames, type Cell, lastState, rnnCell, type Tensor, tensor, unroll } from '../../../src'
import { type Case, cases, relativeError } from '../../support/networks'
import { throwsExpected } from '../../support/throws'

const phi: Record<string, (a: number) => number> = {
  tanh: (a) => (Math.exp(a) - Math.exp(-a)) / (Math.exp(a) + Math.exp(-a)),
  relu: (a) => Math.max(a, 0),
  sigmoid: (a) => 1 / (1 + Math.exp(-a)),
  linear: (a) => a,
}

/** h_1 … h_T and o_1 … o_T of sequence s. */
function forward({ cell, inputs, initialState }: Case, s: number) {
  const [, steps, D] = inputs.shape
  const { hiddenSize: H, outputSize: O } = cell.sizes
  const { W, U, b, V, c } = cell.parameters
  const hidden: number[][] = []
  const outputs: number[][] = []
  let before = Array.from({ length: H }, (_, k) => initialState.data[s * H + k])
  for (let t = 0; t < steps; t++) {
    const h: number[] = []
    for (let k = 0; k < H; k++) {
      let a = b.data[k]
      for (let j = 0; j < H; j++) a += W.data[k * H + j] * before[j]
      for (let d = 0; d < D; d++) a += U.data[k * D + d] * inputs.data[(s * steps + t) * D + d]
      h.push(phi[cell.activation](a))
    }
    const o: number[] = []
    for (let k = 0; k < O; k++)
      o.push(h.reduce((sum, value, j) => sum + V.data[k * H + j] * value, c.data[k]))
    hidden.push(h)
    outputs.push(o)
    before = h
  }
  return { hidden, outputs }
}

const row = (of: Tensor, first: number, second: number): number[] => {
  const [, size, last] = of.shape
  const start = (first * size + second) * last
  return Array.from(of.data.subarray(start, start + last))
}

const slice = (of: Tensor, s: number): Tensor => {
  const size = of.data.length / of.shape[0]
  return tensor(of.dtype, [1, ...of.shape.slice(1)], of.data.slice(s * size, (s + 1) * size))
}

const small: Cell = rnnCell({ inputSize: 2, hiddenSize: 3, outputSize: 2, precision: 'float64', seed: 6 })
const single: Cell = rnnCell({ inputSize: 1, hiddenSize: 2, outputSize: 1, precision: 'float64', seed: 6 })

describe('unroll', () => {
  for (const activation of activationNames) {
    it(`computes h_t = ${activation}(W h_{t-1} + U x_t + b) and o_t = V h_t + c`, () => {
      const some = cases('float64', 12).filter(({ cell }) => cell.activation === activation)
      fc.assert(
        fc.property(some, (network) => {
          const { cell, inputs, topology, initialState } = network
          const { hidden, outputs, readouts, steps, batch } = unroll(cell, inputs, { topology, initialState })
          should(readouts).eql(
            topology === 'many-to-one' ? [steps] : Array.from({ length: steps }, (_, t) => t + 1),
          )
          for (let s = 0; s < batch; s++) {
            const wanted = forward(network, s)
            for (let t = 1; t <= steps; t++)
              should(relativeError(row(hidden, t, s), wanted.hidden[t - 1], 1e-3)).be.belowOrEqual(1e-12)
            readouts.forEach((t, index) => {
              should(relativeError(row(outputs, index, s), wanted.outputs[t - 1], 1e-3)).be.belowOrEqual(
                1e-12,
              )
            })
          }
        }),
        { numRuns: 40 },
      )
    })
  }

  it('gives a batch exactly what its sequences give one by one', () => {
    fc.assert(
      fc.property(cases('float32', 10), ({ cell, inputs, topology, initialState }) => {
        const whole = unroll(cell, inputs, { topology, initialState })
        for (let s = 0; s < whole.batch; s++) {
          const alone = unroll(cell, slice(inputs, s), { topology, initialState: slice(initialState, s) })
          for (let t = 0; t <= whole.steps; t++) should(row(whole.hidden, t, s)).eql(row(alone.hidden, t, 0))
          for (let l = 0; l < whole.readouts.length; l++)
            should(row(whole.outputs, l, s)).eql(row(alone.outputs, l, 0))
        }
      }),
      { numRuns: 50 },
    )
  })

  it('of one step is φ(W h_0 + U x_1 + b)', () => {
    const cell = rnnCell({
      inputSize: 1,
      hiddenSize: 1,
      outputSize: 1,
      precision: 'float64',
      parameters: { W: [[2]], U: [[3]], b: [0.5], V: [[4]], c: [-1] },
    })
    const { steps, hidden, outputs, readouts } = unroll(cell, [[0.1]], { initialState: [0.2] })
    should(steps).equal(1)
    should(readouts).eql([1])
    should([...hidden.data]).eql([0.2, Math.tanh(0.5 + 0.4 + 3 * 0.1)])
    should(outputs.data[0]).equal(4 * hidden.data[1] - 1)
  })

  it('keeps the tape with time first: x [T,B,D], h [T+1,B,H], o [L,B,O]', () => {
    const inputs = [
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
      [
        [7, 8],
        [9, 10],
        [11, 12],
      ],
    ]
    const many = unroll(small, inputs, { topology: 'many-to-many' })
    should(many.inputs.shape).eql([3, 2, 2])
    should([...many.inputs.data]).eql([1, 2, 7, 8, 3, 4, 9, 10, 5, 6, 11, 12])
    should(many.hidden.shape).eql([4, 2, 3])
    should(many.outputs.shape).eql([3, 2, 2])
    should([many.steps, many.batch, many.batched]).eql([3, 2, true])
    should(unroll(small, inputs).outputs.shape).eql([1, 2, 2])
    should(unroll(small, inputs).topology).equal('many-to-one')
  })

  it('reads [T] for single numbers, [T][D] for one sequence and [B][T][D] for a batch alike', () => {
    const [flat, sequence, batch] = [[1, 2, 3], [[1], [2], [3]], [[[1], [2], [3]]]].map((x) =>
      unroll(single, x),
    )
    should([flat.batched, sequence.batched, batch.batched]).eql([false, false, true])
    for (const other of [sequence, batch]) {
      should([...other.outputs.data]).eql([...flat.outputs.data])
      should([...other.hidden.data]).eql([...flat.hidden.data])
    }
  })

  it('reads tensors and typed arrays like nested arrays', () => {
    const nested = unroll(small, [
      [1, 2],
      [3, 4],
    ])
    const asTensor = unroll(small, tensor('float32', [2, 2], Float32Array.of(1, 2, 3, 4)))
    const typed = unroll(small, [Float64Array.of(1, 2), Float64Array.of(3, 4)])
    should([...asTensor.outputs.data]).eql([...nested.outputs.data])
    should([...typed.outputs.data]).eql([...nested.outputs.data])
    should(asTensor.batched).be.false()
  })

  it('starts from zeros, or from [H] for all sequences, or from [B,H]', () => {
    const inputs = [[[0, 0]], [[0, 0]]]
    const begin = (initialState?: unknown) => [
      ...unroll(small, inputs, { initialState }).hidden.data.slice(0, 6),
    ]
    should(begin()).eql([0, 0, 0, 0, 0, 0])
    should(begin(null)).eql([0, 0, 0, 0, 0, 0])
    should(begin([1, 2, 3])).eql([1, 2, 3, 1, 2, 3])
    should(
      begin([
        [1, 2, 3],
        [4, 5, 6],
      ]),
    ).eql([1, 2, 3, 4, 5, 6])
    should(begin(tensor('float32', [3], Float32Array.of(1, 2, 3)))).eql([1, 2, 3, 1, 2, 3])
  })

  it('hands over the last state, from which a sequence goes on as if it had not been cut', () => {
    const inputs = [
      [
        [1, 2],
        [0, -1],
        [0.5, 2],
      ],
      [
        [-1, 1],
        [2, 0],
        [1, 1],
      ],
    ]
    const whole = unroll(small, inputs)
    const first = unroll(
      small,
      inputs.map((x) => x.slice(0, 2)),
    )
    const state = lastState(first)
    should(state.shape).eql([2, 3])
    should([...state.data]).eql([...first.hidden.data.slice(-6)])
    const rest = unroll(
      small,
      inputs.map((x) => x.slice(2)),
      { initialState: state },
    )
    should([...rest.outputs.data]).eql([...whole.outputs.data])
    state.data.fill(0)
    should([...first.hidden.data.slice(-6)]).not.eql([0, 0, 0, 0, 0, 0])
  })

  it('changes neither inputs nor initial state', () => {
    const inputs = tensor('float64', [1, 2, 2], Float64Array.of(1, 2, 3, 4))
    const initialState = tensor('float64', [1, 3], Float64Array.of(1, 2, 3))
    unroll(small, inputs, { initialState })
    should([...inputs.data, ...initialState.data]).eql([1, 2, 3, 4, 1, 2, 3])
  })

  const ok = [1, 2]
  const wrong: [what: string, inputs: unknown, message: string][] = [
    [
      'too few features',
      [[1], [2]],
      "expected 2 features at every step (the cell's input size), got 1 at step 1",
    ],
    [
      'too many features',
      [[1, 2, 3]],
      "expected 2 features at every step (the cell's input size), got 3 at step 1",
    ],
    [
      'plain numbers for two features',
      [1, 2],
      "expected 2 features at every step (the cell's input size), got 1 at step 1",
    ],
    [
      'a wrong feature count at step 5',
      [ok, ok, ok, ok, [1, 2, 3], ok],
      'expected 2 features at step 5 as in the first, got 3',
    ],
    [
      'a wrong feature count in the second sequence',
      [
        [ok, ok],
        [ok, [1]],
      ],
      'expected 2 features at sequence 2, step 2 as in the first, got 1',
    ],
    [
      'sequences of different lengths',
      [[ok, ok], [ok]],
      'expected 2 steps at sequence 2 as in the first, got 1',
    ],
    ['a text', [ok, [1, 'x']], 'expected a finite number at step 2, feature 2, got the text "x"'],
    ['NaN', [ok, [Number.NaN, 1]], 'expected a finite number at step 2, feature 1, got NaN'],
    [
      'a wrong feature count at step 1 only',
      [[1, 2, 3], ok],
      "expected 2 features at every step (the cell's input size), got 3 at step 1",
    ],
    ['an empty array', [], 'expected at least one step, got none'],
    ['a step without features', [[]], 'expected at least one feature at step 1, got none'],
    ['a single number', 3, 'expected inputs [steps][features] or [sequences][steps][features], got 3'],
    [
      'nothing',
      undefined,
      'expected inputs [steps][features] or [sequences][steps][features], got undefined',
    ],
    [
      'a text for inputs',
      'abc',
      'expected inputs [steps][features] or [sequences][steps][features], got the text "abc"',
    ],
    [
      'four axes',
      [[[[1, 2]]]],
      'expected inputs [steps][features] or [sequences][steps][features], got an array of 1',
    ],
    [
      'a tensor without steps',
      tensor('float64', [0, 2]),
      'expected at least one sequence, step and feature, got [0, 2]',
    ],
  ]
  for (const [what, inputs, message] of wrong)
    it(`refuses ${what}`, () => throwsExpected(() => unroll(small, inputs), message))

  it('refuses a bad number among plain ones', () => {
    const one = rnnCell({ inputSize: 1, hiddenSize: 2, outputSize: 1 })
    throwsExpected(() => unroll(one, [1, null]), 'expected a finite number at step 2, got null')
  })

  it('refuses an initial state of another shape or that is not numbers', () => {
    const with0 = (initialState: unknown) => () => unroll(small, [[ok], [ok]], { initialState })
    const message = (got: string) => `expected an initial state of shape [3] or [2, 3], got ${got}`
    throwsExpected(with0([1, 2]), message('[2]'))
    throwsExpected(with0([[1, 2, 3]]), message('[1, 3]'))
    throwsExpected(with0(5), message('[]'))
    throwsExpected(with0([1, null, 3]), 'expected a finite number at unit 2, got null')
  })

  it('refuses an unknown topology', () => {
    throwsExpected(
      () => unroll(small, [ok], { topology: 'one-to-none' as 'many-to-one' }),
      'expected topology to be one of many-to-one, many-to-many, got the text "one-to-none"',
    )
  })
})
