/** The five topologies, the number of their steps, and any other set of readouts. */
import should from 'should'
import {
  bpttGradient,
  type KernelName,
  kernelNames,
  rnnCell,
  type Topology,
  topologyNames,
  type UnrollOptions,
  unroll,
} from '../../../src'
import { relativeError, shouldBeNear } from '../../support/networks'
import { throwsExpected } from '../../support/throws'

const cell = rnnCell({ inputSize: 1, hiddenSize: 2, outputSize: 1, precision: 'float64', seed: 3 })
const plan = (inputs: unknown, options: UnrollOptions) => {
  const { inputSteps, steps, readouts } = unroll(cell, inputs, options)
  return [inputSteps, steps, readouts]
}

describe('the topologies', () => {
  it('are five', () => {
    should(topologyNames).eql(['one-to-one', 'one-to-many', 'many-to-one', 'many-to-many', 'encoder-decoder'])
  })

  const three = [1, 2, 3]
  const plans: [topology: Topology, inputs: number[], options: UnrollOptions, plan: unknown[]][] = [
    ['one-to-one', [1], {}, [1, 1, [1]]],
    ['one-to-many', [1], { steps: 3 }, [1, 3, [1, 2, 3]]],
    ['one-to-many', [1], { targets: [[5], [6]] }, [1, 2, [1, 2]]],
    ['one-to-many', [1], {}, [1, 1, [1]]],
    ['many-to-one', three, {}, [3, 3, [3]]],
    ['many-to-many', three, {}, [3, 3, [1, 2, 3]]],
    ['encoder-decoder', three, { steps: 2 }, [3, 5, [4, 5]]],
    ['encoder-decoder', three, { targets: [[5], [6], [7], [8]] }, [3, 7, [4, 5, 6, 7]]],
    ['encoder-decoder', three, {}, [3, 6, [4, 5, 6]]],
    ['encoder-decoder', three, { steps: 1, targets: [[5], [6]] }, [3, 4, [4]]],
  ]
  for (const [topology, inputs, options, wanted] of plans)
    it(`${topology} of ${inputs.length} with ${JSON.stringify(options)} has its steps and readouts`, () => {
      should(plan(inputs, { topology, ...options })).eql(wanted)
    })

  it('have their own readouts whatever other lengths came before', () => {
    for (let steps = 1; steps <= 150; steps++)
      should(plan([1], { topology: 'one-to-many', steps })[2]).have.length(steps)
    should(plan([1], { topology: 'one-to-many', steps: 3 })[2]).eql([1, 2, 3])
  })

  it('take the number of steps from the second axis of targets for a batch', () => {
    const targets = [
      [[1], [2], [3]],
      [[1], [2], [3]],
    ]
    should(unroll(cell, [[[1]], [[2]]], { topology: 'encoder-decoder', targets }).steps).equal(4)
  })

  it('have one forward pass in common: the same states for the same inputs', () => {
    const same: [Topology, number[], UnrollOptions, Topology, number[]][] = [
      ['many-to-one', three, {}, 'many-to-many', three],
      ['one-to-one', [2], {}, 'many-to-one', [2]],
      // fed with zeros
      ['one-to-many', [2], { steps: 3 }, 'many-to-one', [2, 0, 0]],
      ['encoder-decoder', [1, 2], { steps: 2 }, 'many-to-one', [1, 2, 0, 0]],
    ]
    for (const [topology, inputs, options, other, otherInputs] of same) {
      const both = (kernel: KernelName) => [
        unroll(cell, inputs, { topology, ...options, kernel }).hidden.data,
        unroll(cell, otherInputs, { topology: other, kernel }).hidden.data,
      ]
      const [a, b] = both('reference')
      should(a).eql(b)
      for (const states of both('auto')) should(relativeError(states, b)).be.below(1e-11)
    }
  })

  it('refuse steps where nothing is fed, and steps that are not a whole number from 1', () => {
    for (const topology of ['one-to-one', 'many-to-one', 'many-to-many'] as const)
      throwsExpected(
        () => unroll(cell, [1], { topology, steps: 2 }),
        `expected steps for one-to-many or encoder-decoder, got them for ${topology}`,
      )
    for (const steps of [0, 1.5])
      throwsExpected(
        () => unroll(cell, [1], { topology: 'one-to-many', steps }),
        `expected steps to be a whole number from 1 up to 100000, got ${steps}`,
      )
  })

  it('do not look at targets where nothing is fed', () => {
    for (const targets of [[], [[]], 'x', null]) should(unroll(cell, [1, 2], { targets }).steps).equal(2)
  })
})

describe('a set of readouts', () => {
  const many = (options: UnrollOptions) =>
    unroll(cell, [1, 2, 3, 4], { topology: 'many-to-many', ...options })

  it('is where the state is read, and where losses sit', () => {
    for (const kernel of kernelNames) {
      const all = many({ kernel })
      const some = many({ readouts: [2, 4], kernel })
      should(some.readouts).eql([2, 4])
      const read = [all.outputs.data[1], all.outputs.data[3]]
      const gradient = bpttGradient(some, [[1], [2]], { credit: true, kernel })
      const { terms, credit } = gradient
      should(credit?.losses).eql([2, 4])
      should(terms.V.map((norm) => norm > 0)).eql([false, true, false, true])
      const mask = [0, 1, 0, 1]
      const masked = bpttGradient(all, [[0], [1], [0], [2]], { mask, kernel })
      shouldBeNear(gradient, masked, 1e-11)
      should(relativeError(some.outputs.data, read)).be.below(1e-11)
      if (kernel === 'auto') continue
      should([...some.outputs.data]).eql(read)
      should(gradient.loss).equal(masked.loss)
      should(terms.W).eql(masked.terms.W)
    }
  })

  it('of the last step alone is many-to-one', () => {
    const both = (kernel: KernelName) => {
      const [some, once] = [many({ readouts: [4], kernel }), unroll(cell, [1, 2, 3, 4], { kernel })]
      return {
        outputs: [some, once].map(({ outputs }) => outputs.data),
        gradients: [bpttGradient(some, [[5]], { kernel }), bpttGradient(once, [5], { kernel })],
      }
    }
    const { outputs, gradients } = both('reference')
    should(outputs[0]).eql(outputs[1])
    should(gradients[0]).eql(gradients[1])
    for (const gradient of both('auto').gradients) shouldBeNear(gradient, gradients[1], 1e-11)
  })

  it('is kept as it was given, though that is changed later', () => {
    const readouts = [1, 3]
    const some = many({ readouts })
    readouts[0] = 2
    should(some.readouts).eql([1, 3])
  })

  it('is refused if it does not rise from 1 to T, is empty or no array, or for another topology', () => {
    const message = (got: string) => `expected readouts rising from 1 to 4, got ${got}`
    throwsExpected(() => many({ readouts: [2, 2] }), message('2, 2'))
    throwsExpected(() => many({ readouts: [3, 1] }), message('3, 1'))
    throwsExpected(() => many({ readouts: [0, 1] }), message('0, 1'))
    throwsExpected(() => many({ readouts: [5] }), message('5'))
    throwsExpected(() => many({ readouts: [1.5] }), message('1.5'))
    throwsExpected(() => many({ readouts: [] }), message('an empty array'))
    throwsExpected(() => many({ readouts: 4 as unknown as number[] }), message('4'))
    throwsExpected(
      () => unroll(cell, [1, 2], { readouts: [1] }),
      'expected readouts for many-to-many, got them for many-to-one',
    )
  })
})
