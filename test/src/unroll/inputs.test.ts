/** Inputs in every form that is read, and what is refused. */
import should from 'should'
import { rnnCell, type Topology, tensor, topologyNames, unroll } from '../../../src'
import { throwsExpected } from '../../support/throws'

const small = rnnCell({ inputSize: 2, hiddenSize: 3, outputSize: 2, precision: 'float64', seed: 6 })
const single = rnnCell({ inputSize: 1, hiddenSize: 2, outputSize: 1, precision: 'float64', seed: 6 })

describe('the inputs of unroll', () => {
  it('are [T] for single numbers, [T][D] for one sequence, [B][T][D] for a batch', () => {
    const [flat, sequence, batch] = [[1, 2, 3], [[1], [2], [3]], [[[1], [2], [3]]]].map((x) =>
      unroll(single, x),
    )
    should([flat.batched, sequence.batched, batch.batched]).eql([false, false, true])
    for (const other of [sequence, batch]) {
      should([...other.outputs.data]).eql([...flat.outputs.data])
      should([...other.hidden.data]).eql([...flat.hidden.data])
    }
  })

  it('are nested arrays, tensors or typed arrays', () => {
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

  for (const topology of ['one-to-one', 'one-to-many'] as const)
    it(`of ${topology} are [D], or [B][D] of several sequences, or with a step as the others`, () => {
      const of = (inputs: unknown) => unroll(small, inputs, { topology })
      const [bare, step, batch] = [of([1, 2]), of([[1, 2]]), of([[[1, 2]]])]
      should([bare.batched, step.batched, batch.batched]).eql([false, false, true])
      for (const other of [step, batch]) should([...other.outputs.data]).eql([...bare.outputs.data])
      const several = of([
        [1, 2],
        [3, 4],
      ])
      should([several.batched, several.batch, several.steps]).eql([true, 2, 1])
      should([...several.inputs.data]).eql([1, 2, 3, 4])
    })

  it('are scaled first if a scale is given: (x - mean) / std by feature', () => {
    const scale = { mean: [10, -1], std: [2, 0.5] }
    const scaled = unroll(small, [[14, 0]], { inputScale: scale })
    should([...scaled.inputs.data]).eql([2, 2])
    should([...scaled.outputs.data]).eql([...unroll(small, [[2, 2]]).outputs.data])
  })

  it('are not changed, nor is the initial state', () => {
    const inputs = tensor('float64', [1, 2, 2], Float64Array.of(1, 2, 3, 4))
    const initialState = tensor('float64', [1, 3], Float64Array.of(1, 2, 3))
    for (const topology of topologyNames)
      unroll(small, topology.startsWith('one') ? [1, 2] : inputs, { topology, initialState })
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
    throwsExpected(() => unroll(single, [1, null]), 'expected a finite number at step 2, got null')
  })

  it('refuses several steps where a topology takes in once', () => {
    const inputs = [
      [
        [1, 2],
        [3, 4],
      ],
    ]
    for (const topology of ['one-to-one', 'one-to-many'] as const)
      throwsExpected(
        () => unroll(small, inputs, { topology }),
        `expected one input step for ${topology}, got 2 steps`,
      )
    throwsExpected(
      () => unroll(small, [[1, 2], [3]], { topology: 'one-to-one' }),
      'expected 2 features at sequence 2 as in the first, got 1',
    )
  })

  it('refuses a scale of another number of features', () => {
    throwsExpected(
      () => unroll(small, [ok], { inputScale: { mean: [1], std: [1] } }),
      'expected a scale of 2 features, got one of 1',
    )
  })

  it('refuses an unknown topology', () => {
    throwsExpected(
      () => unroll(small, [ok], { topology: 'one-to-none' as Topology }),
      'expected topology to be one of one-to-one, one-to-many, many-to-one, many-to-many, encoder-decoder, got the text "one-to-none"',
    )
  })
})
