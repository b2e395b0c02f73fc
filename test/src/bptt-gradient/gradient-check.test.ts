/** The check of a gradient by finite differences: it agrees with a right one, and finds a wrong one. */
import fc from 'fast-check'
import should from 'should'
import { bpttGradient, gradientCheck, replay, rnnCell, unroll } from '../../../src'
import { cases, gradientOf, relativeError, run, smooth } from '../../support/networks'
import { throwsExpected } from '../../support/throws'

describe('gradientCheck', () => {
  it('agrees with the gradient of any network, topology and loss', () => {
    fc.assert(
      fc.property(cases('float64', 6, { ...smooth, loss: fc.constant('mse') }), (network) => {
        const { parameters, norm } = gradientOf(network)
        fc.pre(norm < 1e3 && norm > 1e-6)
        const { largest } = gradientCheck(run(network), network.targets, parameters, {
          ...network.loss,
          entries: 6,
        })
        should(largest).be.belowOrEqual(1e-6)
      }),
      { numRuns: 60 },
    )
  })

  const cell = rnnCell({ activation: 'relu', inputSize: 1, hiddenSize: 4, outputSize: 1, seed: 3 })
  const unrolled = unroll(
    cell,
    [[0.5, -1, 0.3, 2]].map((row) => row.map((x) => [x])),
  )
  const gradient = bpttGradient(unrolled, [[0.7]])

  it('checks a float32 network in float64, kinks and all', () => {
    const { largest, parameters } = gradientCheck(unrolled, [[0.7]], gradient.parameters)
    should(largest).be.belowOrEqual(1e-5)
    should(parameters.W).containEql({ checked: 16, of: 16 })
  })

  it('comes nearer where a kink is so near that a wide difference would reach beyond it', () => {
    // h = relu(x + b) with x + b = 1e-4: between a shift of 1e-3 and one of 1e-5
    const one = (value: number) => [[value]]
    const parameters = { W: one(0), U: one(1), b: [0], V: one(1), c: [0] }
    const kinked = rnnCell({ activation: 'relu', inputSize: 1, hiddenSize: 1, outputSize: 1, parameters })
    const near = unroll(kinked, [[[1e-4]]])
    const own = bpttGradient(near, [[1]])
    should(own.parameters.b.data[0]).be.approximately(-2, 1e-3)
    should(gradientCheck(near, [[1]], own.parameters).largest).be.below(1e-4)
    // and a gradient that is wrong is found all the same
    const { b } = own.parameters
    const wrong = { ...own.parameters, b: { ...b, data: b.data.map((value) => 2 * value) } }
    should(gradientCheck(near, [[1]], wrong)).have.property('at', 'b')
  })

  it('is 0 of a gradient that is zero', () => {
    const silent = rnnCell({ inputSize: 1, hiddenSize: 1, outputSize: 1, parameters: { V: [[0]], c: [0] } })
    const still = unroll(silent, [[[1], [2]]])
    const { parameters } = bpttGradient(still, [[0]])
    should(gradientCheck(still, [[0]], parameters).largest).equal(0)
  })

  it('finds the parameter whose gradient is wrong, and how wrong', () => {
    const { V } = gradient.parameters
    const wrong = { ...gradient.parameters, V: { ...V, data: V.data.map((value) => value * 1.1) } }
    const { largest, at } = gradientCheck(unrolled, [[0.7]], wrong)
    should(at).equal('V')
    should(largest).be.approximately(0.1 / 1.1, 1e-3)
  })

  it('moves no more numbers of a parameter than it is told, evenly spread', () => {
    const { parameters } = gradientCheck(unrolled, [[0.7]], gradient.parameters, { entries: 3 })
    should(parameters.W).containEql({ checked: 3, of: 16 })
    should(parameters.c).containEql({ checked: 1, of: 1 })
  })

  it('refuses what differences of the loss cannot be compared with', () => {
    const check = (options: object) => () => gradientCheck(unrolled, [[0.7]], gradient.parameters, options)
    for (const truncation of [{ k1: 2 }, { k2: 2 }])
      throwsExpected(check(truncation), /the whole gradient.*truncated/)
    throwsExpected(
      check({ regularizer: { coefficient: 1 } }),
      'expected the gradient of the loss alone, got one with Ω added',
    )
    for (const entries of [0, 1.5])
      throwsExpected(check({ entries }), `expected entries to be a whole number from 1, got ${entries}`)
    const { c } = gradient.parameters
    const lost = { ...gradient.parameters, c: { ...c, data: c.data.map(() => Number.NaN) } }
    throwsExpected(
      () => gradientCheck(unrolled, [[0.7]], lost),
      'expected a finite gradient, got one that is not',
    )
  })
})

describe('replay', () => {
  it('is what unroll makes of the same sequences, by the same cell', () => {
    fc.assert(
      fc.property(cases('float64', 6), (network) => {
        const unrolled = run(network)
        const again = replay(unrolled, network.cell)
        should(again.readouts).eql(unrolled.readouts)
        should(relativeError(again.outputs.data, unrolled.outputs.data)).be.belowOrEqual(1e-13)
        should(relativeError(again.hidden.data, unrolled.hidden.data)).be.belowOrEqual(1e-13)
      }),
      { numRuns: 200 },
    )
  })

  it('feeds another cell its own outputs', () => {
    const of = (seed: number) => rnnCell({ inputSize: 2, hiddenSize: 3, outputSize: 2, seed })
    const options = { topology: 'one-to-many', feed: 'output', steps: 5 } as const
    const wanted = unroll(of(2), [[0.3, -0.4]], options)
    const got = replay(unroll(of(1), [[0.3, -0.4]], options), of(2))
    should(relativeError(got.outputs.data, wanted.outputs.data)).be.belowOrEqual(1e-6)
  })
})
