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
    throwsExpected(check({ k1: 2 }), /the whole gradient.*truncated/)
    throwsExpected(check({ regularizer: { coefficient: 1 } }), /Ω/)
    const { c } = gradient.parameters
    const lost = { ...gradient.parameters, c: { ...c, data: c.data.map(() => Number.NaN) } }
    throwsExpected(() => gradientCheck(unrolled, [[0.7]], lost), /finite gradient/)
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
