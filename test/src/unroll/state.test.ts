/** States in and out: an unrolling that is cut in two goes on as if it had not been. */
import fc from 'fast-check'
import should from 'should'
import { lastState, rnnCell, type Tensor, tensor, unroll } from '../../../src'
import {
  type Case,
  cases,
  type Draws,
  relativeError,
  run,
  statesOf,
  stepByStep,
} from '../../support/networks'
import { sliceSteps } from '../../support/one-sequence'
import { throwsExpected } from '../../support/throws'

const small = rnnCell({ inputSize: 2, hiddenSize: 3, outputSize: 2, precision: 'float64', seed: 6 })
const ok = [1, 2]

describe('the initial state', () => {
  const begin = (initialState?: unknown) => [
    ...unroll(small, [[[0, 0]], [[0, 0]]], { initialState }).hidden.data.slice(0, 6),
  ]

  it('is zeros, or [H] for all sequences, or [B,H], or [1,B,H], in nested arrays or tensors', () => {
    should(begin()).eql([0, 0, 0, 0, 0, 0])
    should(begin(null)).eql([0, 0, 0, 0, 0, 0])
    should(begin([1, 2, 3])).eql([1, 2, 3, 1, 2, 3])
    const each = [
      [1, 2, 3],
      [4, 5, 6],
    ]
    should(begin(each)).eql([1, 2, 3, 4, 5, 6])
    should(begin([each])).eql([1, 2, 3, 4, 5, 6])
    should(begin(tensor('float32', [3], Float32Array.of(1, 2, 3)))).eql([1, 2, 3, 1, 2, 3])
    should(begin({ h: [1, 2, 3] })).eql([1, 2, 3, 1, 2, 3])
  })

  it('of several lanes is [K,B,H], or [K,H] or [H] for all sequences, layer 1 forward before its reverse', () => {
    const cell = rnnCell({ inputSize: 2, hiddenSize: 1, outputSize: 1, layers: 2, bidirectional: true })
    const firsts = (initialState: unknown) =>
      unroll(
        cell,
        [
          [ok, ok],
          [ok, ok],
          [ok, ok],
        ],
        { initialState },
      ).strands.map(({ hidden, reverse }) => {
        const start = reverse ? 6 : 0
        return [...hidden.data.slice(start, start + 3)]
      })
    const whole = [
      [[1], [2], [3]],
      [[4], [5], [6]],
      [[7], [8], [9]],
      [[10], [11], [12]],
    ]
    should(firsts(whole)).eql(whole.map((lane) => lane.flat()))
    should(firsts([[1], [2], [3], [4]])).eql([1, 2, 3, 4].map((value) => [value, value, value]))
    should(firsts([5])).eql(new Array(4).fill([5, 5, 5]))
  })

  it('of an lstm is { h, c }; either may be missing, and h alone will do', () => {
    const lstm = rnnCell({ type: 'lstm', inputSize: 2, hiddenSize: 1, outputSize: 1 })
    const firsts = (initialState: unknown) => {
      const [{ hidden, cellState }] = unroll(lstm, [ok], { initialState }).strands
      return [hidden.data[0], cellState?.data[0]]
    }
    should(firsts({ h: [1], c: [2] })).eql([1, 2])
    should(firsts({ h: [1] })).eql([1, 0])
    should(firsts({ c: [2] })).eql([0, 2])
    should(firsts([3])).eql([3, 0])
  })

  it('is refused in another shape, or if it is not numbers', () => {
    const with0 = (initialState: unknown) => () => unroll(small, [[ok], [ok]], { initialState })
    const message = (got: string) => `expected an initial state of shape [3] or [2, 3], got ${got}`
    throwsExpected(with0([1, 2]), message('[2]'))
    throwsExpected(with0([[1, 2, 3]]), message('[1, 3]'))
    throwsExpected(with0(5), message('[]'))
    throwsExpected(with0([1, null, 3]), 'expected a finite number at unit 2, got null')
    const deep = rnnCell({ inputSize: 2, hiddenSize: 3, outputSize: 2, layers: 2 })
    throwsExpected(
      () => unroll(deep, [ok], { initialState: [[[1, 2, 3]]] }),
      'expected an initial state of shape [2, 1, 3], got [1, 1, 3]',
    )
    const lstm = rnnCell({ type: 'lstm', inputSize: 2, hiddenSize: 3, outputSize: 2 })
    throwsExpected(
      () => unroll(lstm, [ok], { initialState: { h: [1, 2, 3], c: [1] } }),
      'expected an initial cell state c of shape [3] or [1, 3], got [1]',
    )
  })

  it('is refused with c where there is none', () => {
    throwsExpected(
      () => unroll(small, [ok], { initialState: { h: [1, 2, 3], c: [1, 2, 3] } }),
      "expected an initial state without c, which is an lstm's, got one for rnn",
    )
  })
})

describe('the last state', () => {
  const own: Partial<Draws> = {
    topology: fc.constantFrom('many-to-one', 'many-to-many'),
    bidirectional: fc.constant(false),
    padding: fc.constant('none'),
    steps: fc.integer({ min: 2, max: 9 }),
  }
  const rest = (network: Case, first: number, last: number, initialState: unknown): Case => ({
    ...network,
    inputs: sliceSteps(network.inputs, first, last),
    unroll: { ...network.unroll, initialState },
  })
  const numbers = (state: Tensor | { h: Tensor; c: Tensor }) =>
    statesOf(state).flatMap(({ data }) => [...data])

  it('is where the second half goes on exactly as the whole does, every cell and number of layers', () => {
    const compare = (network: Case, at: number, areSame: (a: number[], b: number[]) => void) => {
      const [, steps] = network.inputs.shape
      const cut = 1 + (at % (steps - 1))
      const whole = run(network)
      const first = run(rest(network, 1, cut, network.unroll.initialState))
      const second = run(rest(network, cut + 1, steps, lastState(first)))
      areSame(numbers(lastState(second)), numbers(lastState(whole)))
      const said = [...second.outputs.data]
      areSame(said, [...whole.outputs.data.slice(-said.length)])
    }
    fc.assert(
      fc.property(cases('float32', 9, own), fc.nat(), (network, at) =>
        compare(stepByStep(network), at, (a, b) => should(a).eql(b)),
      ),
      { numRuns: 60 },
    )
    // the kernels take several steps at once, and round differently
    fc.assert(
      fc.property(cases('float64', 9, own), fc.nat(), (network, at) =>
        compare(network, at, (a, b) => should(relativeError(a, b, 1e-3)).be.below(1e-11)),
      ),
      { numRuns: 60 },
    )
  })

  it('of two directions is that of each where it has ended: after step T, and after step 1', () => {
    const cell = rnnCell({
      inputSize: 1,
      hiddenSize: 2,
      outputSize: 1,
      bidirectional: true,
      precision: 'float64',
    })
    const { W, U, b, Wr, Ur, br } = cell.parameters
    const single = (parameters: object, inputs: number[]) =>
      lastState(
        unroll(
          rnnCell({
            inputSize: 1,
            hiddenSize: 2,
            outputSize: 1,
            precision: 'float64',
            parameters: { ...parameters },
          }),
          inputs,
        ),
      ) as Tensor
    const state = lastState(unroll(cell, [1, 2, 3])) as Tensor
    should(state.shape).eql([2, 1, 2])
    const apart = [...single({ W, U, b }, [1, 2, 3]).data, ...single({ W: Wr, U: Ur, b: br }, [3, 2, 1]).data]
    should(relativeError(state.data, apart)).be.below(1e-15)
  })

  it('is [B,H], [K,B,H] of several lanes, and of an lstm { h, c }; it is a copy', () => {
    const first = unroll(small, [[ok], [ok]])
    const state = lastState(first) as Tensor
    should(state.shape).eql([2, 3])
    should([...state.data]).eql([...first.hidden.data.slice(-6)])
    state.data.fill(0)
    should([...first.hidden.data.slice(-6)]).not.eql([0, 0, 0, 0, 0, 0])

    const sizes = { inputSize: 2, hiddenSize: 3, outputSize: 1 }
    should((lastState(unroll(rnnCell({ ...sizes, layers: 3 }), [[ok], [ok]])) as Tensor).shape).eql([3, 2, 3])
    const { h, c } = lastState(unroll(rnnCell({ ...sizes, type: 'lstm' }), [ok])) as { h: Tensor; c: Tensor }
    should([h.shape, c.shape]).eql([
      [1, 3],
      [1, 3],
    ])
  })
})
