/** Sequences of different lengths in one batch: as if each had been alone, without padding and without pauses. */
import fc from 'fast-check'
import should from 'should'
import { bpttGradient, lastState, rnnCell, type Tensor, tensor, unroll } from '../../../src'
import {
  type Case,
  cases,
  type Draws,
  gradientOf,
  relativeError,
  run,
  statesOf,
} from '../../support/networks'
import { unpadded } from '../../support/one-sequence'

const padded: Partial<Draws> = {
  padding: fc.constantFrom('lengths', 'mask'),
  pausesFirst: fc.constant(false),
  padsTargets: fc.boolean(),
  teacherForcing: fc.constantFrom(0, 1),
  reduction: fc.constant('sum'),
}
const alone = (network: Case) =>
  Array.from({ length: network.inputs.shape[0] }, (_, index) => unpadded(network, index))

/** Entry [first][second] of a tensor of three axes. */
const row = ({ shape, data }: Tensor, first: number, second: number): number[] => {
  const start = (first * shape[1] + second) * shape[2]
  return [...data.subarray(start, start + shape[2])]
}

describe('sequences of different lengths', () => {
  it('have a gradient that is the sum of their own, every cell, direction and topology', () => {
    fc.assert(
      fc.property(cases('float64', 8, padded), (network) => {
        const whole = gradientOf(network)
        const shares = alone(network).map((one) => gradientOf(one))
        const size = Math.max(...shares.map(({ norm }) => norm))
        const loss = shares.reduce((sum, share) => sum + share.loss, 0)
        should(whole.loss).be.approximately(loss, 1e-12 * Math.max(1, loss))
        for (const [name, { data }] of Object.entries(whole.parameters)) {
          const sum = Array.from(data, (_, index) =>
            shares.reduce((total, { parameters }) => total + parameters[name].data[index], 0),
          )
          should(relativeError(data, sum, size)).be.belowOrEqual(1e-12, name)
        }
      }),
      { numRuns: 150 },
    )
  })

  it('end in the states that they end in alone', () => {
    fc.assert(
      fc.property(cases('float64', 8, padded), (network) => {
        const whole = statesOf(lastState(run(network)))
        for (const [index, one] of alone(network).entries())
          for (const [kind, state] of statesOf(lastState(run(one))).entries()) {
            const { hiddenSize } = network.cell.sizes
            const lanes = state.data.length / hiddenSize
            const all = {
              ...whole[kind],
              shape: [lanes, whole[kind].data.length / lanes / hiddenSize, hiddenSize],
            }
            for (let lane = 0; lane < lanes; lane++)
              should(
                relativeError(row(all, lane, index), [
                  ...state.data.subarray(lane * hiddenSize, (lane + 1) * hiddenSize),
                ]),
              ).be.belowOrEqual(1e-13)
          }
      }),
      { numRuns: 80 },
    )
  })

  it('say what they say alone, and past the end zeros, or what the state that is held says', () => {
    fc.assert(
      fc.property(
        cases('float64', 8, { ...padded, topology: fc.constantFrom('many-to-many', 'encoder-decoder') }),
        (network) => {
          const whole = run(network)
          for (const [index, one] of alone(network).entries()) {
            const own = run(one)
            const present = whole.readouts.map((t) => whole.present?.[(t - 1) * whole.batch + index] !== 0)
            let next = 0
            for (const [readout, isPresent] of present.entries()) {
              const said = row(whole.outputs, readout, index)
              if (isPresent) should(relativeError(said, row(own.outputs, next++, 0))).be.belowOrEqual(1e-12)
              else if (whole.zeroPastEnd) should(said).matchEach(0)
              // the reverse direction starts anew at the end
              else if (!network.cell.bidirectional && next > 0)
                should(relativeError(said, row(own.outputs, next - 1, 0))).be.belowOrEqual(1e-12)
            }
            should(next).equal(own.readouts.length)
          }
        },
      ),
      { numRuns: 80 },
    )
  })

  it('are not changed by what stands in the padding, whatever it is', () => {
    for (const type of ['rnn', 'gru', 'lstm'] as const)
      for (const bidirectional of [false, true])
        for (const filling of [0, 1e30, Number.NaN, Number.POSITIVE_INFINITY]) {
          const cell = rnnCell({
            type,
            bidirectional,
            activation: 'relu',
            layers: 2,
            inputSize: 1,
            hiddenSize: 3,
            outputSize: 1,
            precision: 'float64',
          })
          const of = (padding: number) => {
            const inputs = tensor('float64', [2, 3, 1], Float64Array.of(1, 2, 3, 4, padding, padding))
            const unrolled = unroll(cell, inputs, { topology: 'many-to-many', lengths: [3, 1] })
            return {
              outputs: unrolled.outputs,
              ...bpttGradient(unrolled, [
                [[1], [1], [1]],
                [[1], [0], [0]],
              ]),
            }
          }
          should(of(filling)).eql(of(0))
        }
  })

  it('do not change inputs that are given as a tensor', () => {
    const cell = rnnCell({ inputSize: 1, hiddenSize: 1, outputSize: 1, precision: 'float64' })
    const inputs = tensor('float64', [1, 3, 1], Float64Array.of(1, 2, 3))
    unroll(cell, inputs, { lengths: [1] })
    should([...inputs.data]).eql([1, 2, 3])
  })
})
