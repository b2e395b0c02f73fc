/** Where φ has kinks: on either side of them finite differences hold; past a bound nothing comes through. */
import fc from 'fast-check'
import should from 'should'
import { bpttGradient, rnnCell, unroll } from '../../../src'
import { cases, type Draws } from '../../support/networks'
import { agreesWithDifferences } from './finite-differences'

const kinks: [what: string, own: Partial<Draws>][] = [
  ['relu', { activation: fc.constant('relu'), gateActivation: fc.constant('sigmoid') }],
  ['a hard sigmoid', { type: fc.constantFrom('gru', 'lstm'), gateActivation: fc.constant('hard-sigmoid') }],
  ['a clip', { clip: fc.constantFrom(0.3, 0.7), activation: fc.constantFrom('tanh', 'linear') }],
  ['all of them', { activation: fc.constant('relu'), clip: fc.constant(1) }],
]

describe('the gradient of what has kinks', () => {
  for (const [what, own] of kinks)
    it(`agrees with finite differences that step over none: ${what}`, () => {
      fc.assert(
        fc.property(
          cases('float64', 5, { batch: fc.constantFrom(1, 2), layers: fc.constantFrom(1, 2), ...own }),
          (network) => agreesWithDifferences(network, 4, 1e-4),
        ),
        { numRuns: 15 },
      )
    })

  /** h_1 = φ(x), o = h */
  const slopes = (x: number, options: object) => {
    const parameters = { W: [[0]], U: [[1]], b: [0], V: [[1]], c: [0] }
    const cell = rnnCell({
      inputSize: 1,
      hiddenSize: 1,
      outputSize: 1,
      precision: 'float64',
      parameters,
      ...options,
    })
    const { outputs } = unroll(cell, [x])
    const gradient = bpttGradient(unroll(cell, [x]), [outputs.data[0] - 0.5], { loss: 'mse' })
    return { output: outputs.data[0], slope: gradient.parameters.b.data[0] }
  }

  it('is 0 where relu is off, 1 where it is on', () => {
    should(slopes(-0.1, { activation: 'relu' })).eql({ output: 0, slope: 0 })
    should(slopes(0.1, { activation: 'relu' })).eql({ output: 0.1, slope: 1 })
  })

  it('is 0 past the clip, and there φ(clip) comes out', () => {
    should(slopes(3, { activation: 'linear', clip: 2 })).eql({ output: 2, slope: 0 })
    should(slopes(-3, { activation: 'linear', clip: 2 })).eql({ output: -2, slope: 0 })
    should(slopes(1.5, { activation: 'linear', clip: 2 })).eql({ output: 1.5, slope: 1 })
    should(slopes(9, { clip: 0.5 })).eql({ output: Math.tanh(0.5), slope: 0 })
  })

  it('does not come through a hard sigmoid at its bounds: a gate that is open or shut learns nothing', () => {
    for (const [bias, learns] of [
      [2.6, false],
      [-2.6, false],
      [2.4, true],
    ] as const) {
      const cell = rnnCell({
        type: 'lstm',
        gateActivation: 'hard-sigmoid',
        inputSize: 1,
        hiddenSize: 1,
        outputSize: 1,
        precision: 'float64',
        parameters: { W: [[0], [0], [0], [0]], U: [[0], [0], [1], [0]], b: [1, 1, 0, bias] },
      })
      const { parameters } = bpttGradient(unroll(cell, [1, 1]), [1])
      should(parameters.b.data[3] !== 0).equal(learns, `b_o ${bias}`)
      should(parameters.b.data[2] !== 0).equal(bias > -2.5)
    }
  })

  it('of mae is the sign of the error, of huber the error up to delta', () => {
    const cell = rnnCell({
      inputSize: 1,
      hiddenSize: 1,
      outputSize: 1,
      readout: 'none',
      activation: 'linear',
      precision: 'float64',
      parameters: { W: [[0]], U: [[1]], b: [0] },
    })
    const slope = (x: number, loss: 'mae' | 'huber') =>
      bpttGradient(unroll(cell, [x]), [0], { loss, ...(loss === 'huber' && { delta: 2 }) }).parameters.b
        .data[0]
    should([-3, -1, 1, 3].map((x) => slope(x, 'mae'))).eql([-1, -1, 1, 1])
    should([-3, -1, 1, 3].map((x) => slope(x, 'huber'))).eql([-2, -1, 1, 2])
  })
})
