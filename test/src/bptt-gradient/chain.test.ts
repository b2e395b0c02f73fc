/** A gradient on its way back through one step after the other, under a power of two. */
import should from 'should'
import { rnnCell, unroll } from '../../../src'
import { chain } from '../../../src/bptt-gradient/chain'
import { tapeOf } from '../../../src/unroll/tape'

/** h_t = 2 h_{t-1} + 3 x_t, twice one above the other. */
const parameters = { W: [[2]], U: [[3]], b: [0], W2: [[2]], U2: [[3]], b2: [0], V: [[1]], c: [0] }
const cell = rnnCell({
  inputSize: 1,
  hiddenSize: 1,
  outputSize: 1,
  layers: 2,
  activation: 'linear',
  precision: 'float64',
  parameters,
})
const unrolled = unroll(cell, [1, 1, 1])
const start = () => chain(unrolled, tapeOf(unrolled), [0, 1])
const of = (value: number, exponent = 0) => ({ values: Float64Array.of(value), exponent })
const numbers = (own: ReturnType<typeof start>) => own.gradients.map(([value]) => value * 2 ** own.exponent)

describe('a chain', () => {
  it('goes back through the layers of a step, the last one first, down to what was taken in', () => {
    const own = start()
    own.add(of(5), 1)
    const seen: number[][] = []
    const passed = own.back(3, ({ strand, step }) => seen.push([strand, ...step.delta]), true)
    // δ of layer 2 is 5, of layer 1 3 · 5; ∂L/∂x = 3 · 15
    should(seen).eql([
      [1, 5],
      [0, 15],
    ])
    should(passed).eql(of(45))
    should(numbers(own)).eql([30, 10])
    should(own.back(2, () => {}, false)).equal(undefined)
    // layer 1: 2 · (30 + 3 · 10)
    should(numbers(own)).eql([120, 20])
  })

  it('takes in gradients under any power of two, and keeps the larger one', () => {
    const own = start()
    own.add(of(1, -3000), 0)
    should(own.exponent).equal(-3000)
    should(own.logNorm()).be.approximately(-3000 * Math.LN2, 1e-9)
    own.add(of(3, -2999), 0)
    should(own.logNorm()).be.approximately(Math.log(7) - 3000 * Math.LN2, 1e-9)
    own.add(of(1, 0), 0)
    should([own.exponent, ...numbers(own)]).eql([0, 1, 0])
    own.add(of(1, 3000), 1)
    should(own.logNorm()).be.approximately(3000 * Math.LN2, 1e-9)
    own.add(of(1, 2999), 1)
    should(own.logNorm()).be.approximately(3000 * Math.LN2 + Math.log(1.5), 1e-9)
  })

  it('does not change what it takes in', () => {
    const gradient = of(1, -3)
    const own = start()
    own.add(gradient, 0)
    own.back(3, () => {}, true)
    should(gradient).eql(of(1, -3))
  })
})
