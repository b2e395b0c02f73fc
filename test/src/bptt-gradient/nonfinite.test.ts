/** Where a calculation first leaves the finite numbers: on scalar cells whose every number is known, and by hand. */
import should from 'should'
import {
  type ActivationName,
  bpttGradient,
  type CellOptions,
  type Dtype,
  type Gradient,
  rnnCell,
  type Topology,
  tensor,
  unroll,
} from '../../../src'
import { firstNonfinite } from '../../../src/bptt-gradient/nonfinite'

interface Scalar {
  W: number
  U?: number
  b?: number
  V?: number
  c?: number
  activation?: ActivationName
  precision?: Dtype
  topology?: Topology
  target?: number
}

const run = (
  inputs: number[],
  {
    W,
    U = 1,
    b = 0,
    V = 1,
    c = 0,
    activation = 'linear',
    precision = 'float32',
    topology,
    target = 0,
  }: Scalar,
): Gradient => {
  const parameters = { W: [[W]], U: [[U]], b: [b], V: [[V]], c: [c] }
  const cell = rnnCell({ inputSize: 1, hiddenSize: 1, outputSize: 1, activation, precision, parameters })
  const unrolled = unroll(cell, inputs, { topology })
  return bpttGradient(unrolled, topology === 'many-to-many' ? inputs.map(() => target) : [target])
}
const pulse = (steps: number) => [1, ...new Array(steps - 1).fill(0)]

describe('nonfinite', () => {
  it('is missing from a finite gradient', () => {
    should(run(pulse(5), { W: 2 })).not.have.property('nonfinite')
    should(Number.isFinite(run(pulse(5), { W: 2 }).norm)).be.true()
  })

  for (const activation of ['linear', 'relu'] as const) {
    it(`names h and the step at which a ${activation} cell overflows float32 on the way forward`, () => {
      // h_t = 1e10^(t-1): 1e30 at step 4, beyond 3.4e38 at step 5
      should(run(pulse(8), { W: 1e10, activation }).nonfinite).eql({ tensor: 'h', step: 5 })
    })
  }

  it('goes on in float64 where float32 overflows', () => {
    should(run(pulse(8), { W: 1e10, precision: 'float64' }).nonfinite).be.undefined()
    should(run(pulse(40), { W: 1e10, precision: 'float64' }).nonfinite).eql({ tensor: 'h', step: 32 })
  })

  it('names o and the step where the readout overflows, though h does not', () => {
    // h = 1, 1e10, 1e20, 1e30; V h leaves float32 at the third
    should(run(pulse(4), { W: 1e10, V: 1e20, topology: 'many-to-many' }).nonfinite).eql({
      tensor: 'o',
      step: 3,
    })
    should(run(pulse(4), { W: 1e10, V: 1e20 }).nonfinite).eql({ tensor: 'o', step: 4 })
  })

  it('names the loss, which has no step, where only the square overflows', () => {
    should(run([0], { W: 0, c: 1e200, precision: 'float64' }).nonfinite).eql({ tensor: 'L' })
  })

  it('names the gradient and the step that overflow only on the way back', () => {
    // h = 0, ∂L/∂o = 2 · 1, so δ_t = 2 · 1e10^(8-t): 2e30 at step 5, beyond float32 at step 4; only b sees it
    const gradient = run(new Array(8).fill(0), { W: 1e10, c: 1 })
    should(gradient.nonfinite).eql({ tensor: 'b', step: 4 })
    should(gradient.loss).equal(1)
    should([...gradient.parameters.b.data]).eql([Number.POSITIVE_INFINITY])
    should([...gradient.parameters.W.data]).eql([0])
    should([...gradient.parameters.c.data]).eql([2])
    should(gradient.norm).equal(Number.POSITIVE_INFINITY)
  })

  it('names U before b where both go bad at the same step', () => {
    // U's term δ_t x_t is as large as b's
    const gradient = run(new Array(8).fill(1), { W: 1e10, U: 0, c: 1 })
    should(gradient.nonfinite).eql({ tensor: 'U', step: 4 })
  })

  it('overflows on the way back in float64 too, where the way forward does not', () => {
    // δ_t = 2 · 1e100^(8-t): 2e300 at step 5
    should(run(new Array(8).fill(0), { W: 1e100, c: 1, precision: 'float64' }).nonfinite).eql({
      tensor: 'b',
      step: 4,
    })
  })

  it('names no step where finite terms add up to what float32 cannot hold', () => {
    // both terms of b are 2e38
    const gradient = run([0, 0], { W: 1, V: 1e38, c: 1 })
    should(gradient.terms.b.map((value) => Math.fround(value))).eql([2e38, 2e38].map(Math.fround))
    should(gradient.nonfinite).eql({ tensor: 'b' })
  })

  it('names h and its step where an input tensor brings in NaN', () => {
    const cell = rnnCell({ inputSize: 1, hiddenSize: 2, outputSize: 1 })
    const inputs = { shape: [3, 1], dtype: 'float32', data: Float32Array.of(1, Number.NaN, 2) } as const
    should(bpttGradient(unroll(cell, inputs), [0]).nonfinite).eql({ tensor: 'h', step: 2 })
  })

  it('lets NaN through a relu instead of hiding it', () => {
    const cell = rnnCell({ inputSize: 1, hiddenSize: 2, outputSize: 1, activation: 'relu' })
    const inputs = { shape: [3, 1], dtype: 'float32', data: Float32Array.of(1, 1, Number.NaN) } as const
    should(bpttGradient(unroll(cell, inputs), [0]).nonfinite).eql({ tensor: 'h', step: 3 })
  })
})

describe('nonfinite in other networks', () => {
  const spoiled = { shape: [3, 1], dtype: 'float32', data: Float32Array.of(1, Number.NaN, 2) } as const
  const sizes = { inputSize: 1, hiddenSize: 2, outputSize: 1 }
  const found = (options: Partial<CellOptions>) =>
    bpttGradient(unroll(rnnCell({ ...sizes, ...options }), spoiled), [0]).nonfinite

  it('names the cell state of an lstm, and the layer of several', () => {
    should(found({ type: 'lstm' })).eql({ tensor: 'c', step: 2, layer: 1 })
    should(found({ layers: 2 })).eql({ tensor: 'h', step: 2, layer: 1 })
    should(found({ type: 'gru', layers: 2, bidirectional: true })).eql({ tensor: 'h', step: 2, layer: 1 })
  })

  it('names the step of the reverse direction', () => {
    // in reverse h is 1 at step 3, 1e30 at step 2, beyond float32 at step 1
    const parameters = { W: [[0]], U: [[1]], b: [0], Wr: [[1e30]], Ur: [[1]], br: [0], V: [[1, 1]], c: [0] }
    const cell = rnnCell({ ...sizes, hiddenSize: 1, activation: 'linear', bidirectional: true, parameters })
    should(bpttGradient(unroll(cell, [0, 0, 1]), [0]).nonfinite).eql({
      tensor: 'h',
      step: 1,
      layer: 1,
      reverse: true,
    })
  })

  it('names the state where a checkpointed network did not keep it', () => {
    const cell = rnnCell(sizes)
    const unrolled = unroll(cell, spoiled, { topology: 'many-to-many', checkpoint: true })
    should(bpttGradient(unrolled, [0, 0, 0]).nonfinite).eql({ tensor: 'h', step: 2 })
  })
})

describe('firstNonfinite', () => {
  const T = 5
  /** [T+1, 2, 2], which is NaN in the given entries */
  const states = (...bad: number[]) => {
    const made = tensor('float64', [T + 1, 2, 2])
    for (const index of bad) made.data[4 * index + 3] = Number.NaN
    return made
  }
  const forward = (layer: number, ...bad: number[]) => ({ layer, reverse: false, hidden: states(...bad) })
  const backward = (layer: number, ...bad: number[]) => ({ layer, reverse: true, hidden: states(...bad) })
  const calculated = {
    strands: [forward(1)],
    outputs: tensor('float64', [2, 1, 1]),
    readouts: [3, 5],
    loss: 1,
    der: Float64Array.of(1, 1),
    terms: {},
    parameters: {},
    norm: Number.NaN,
    precision: 'float64' as Dtype,
  }
  const inStrands = (...strands: Parameters<typeof firstNonfinite>[0]['strands']) =>
    firstNonfinite({ ...calculated, strands })
  const inTerms = (terms: Record<string, number[]>, precision: Dtype = 'float64') =>
    firstNonfinite({ ...calculated, terms, precision })
  const inf = Number.POSITIVE_INFINITY

  it('looks no further when loss and norm are finite', () => {
    should(firstNonfinite({ ...calculated, strands: [forward(1, 2)], norm: 1 })).be.undefined()
  })

  it('names an initial state as step 0', () => {
    should(inStrands(forward(1, 0, 1, 2))).eql({ tensor: 'h', step: 0 })
  })

  it('names the layer where there are several, and the one that went bad first', () => {
    should(inStrands(forward(1, 4, 5), forward(2, 3, 4, 5))).eql({ tensor: 'h', step: 3, layer: 2 })
    should(inStrands(forward(1, 3, 4, 5), forward(2, 3, 4, 5))).eql({ tensor: 'h', step: 3, layer: 1 })
  })

  it('names the cell state, which comes before the hidden state, and always its layer', () => {
    const both = { ...forward(1, 4), cellState: states(4) }
    should(inStrands(both)).eql({ tensor: 'c', step: 4, layer: 1 })
    should(inStrands({ ...both, cellState: states(5) })).eql({ tensor: 'h', step: 4 })
  })

  it('goes through the reverse direction from the last step', () => {
    // entry e of a reverse strand is the state after step e+1
    const found = { tensor: 'h', layer: 1, reverse: true }
    should(inStrands(forward(1), backward(1, 0, 1, 2))).eql({ ...found, step: 3 })
    should(inStrands(forward(1), backward(1, 5, 4))).eql({ ...found, step: 6 })
  })

  it('names the forward direction when both went bad, each by itself', () => {
    should(inStrands(forward(1, 4, 5), backward(1, 4, 3, 2, 1, 0))).eql({ tensor: 'h', step: 4, layer: 1 })
  })

  it('blames no strand for what came out of one below, whichever way it goes', () => {
    // layer 1 in reverse reaches step 1 last, which layer 2 sees first
    const found = inStrands(forward(1), backward(1, 0), forward(2, 1, 2, 3, 4, 5), backward(2, 0))
    should(found).eql({ tensor: 'h', step: 1, layer: 1, reverse: true })
    const above = inStrands(forward(1, 4, 5), backward(1), forward(2, 4, 5), backward(2, 4, 3, 2, 1, 0))
    should(above).eql({ tensor: 'h', step: 4, layer: 1 })
    const reversed = inStrands(forward(1), backward(1, 1, 0), forward(2), backward(2, 2, 1, 0))
    should(reversed).eql({ tensor: 'h', step: 3, layer: 2, reverse: true })
  })

  it('begins with the outputs when the states were not kept', () => {
    const outputs = tensor('float64', [2, 1, 1], Float64Array.of(0, Number.NaN))
    should(firstNonfinite({ ...calculated, strands: [], outputs })).eql({ tensor: 'o', step: 5 })
  })

  it('names the loss for its derivative too', () => {
    should(firstNonfinite({ ...calculated, der: Float64Array.of(inf, 1) })).eql({ tensor: 'L' })
  })

  it('goes back through the terms from the last step and the last layer, whatever their names', () => {
    should(inTerms({ W: [inf, inf, 1], Wd: [1, inf, inf] })).eql({ tensor: 'Wd', step: 3 })
    should(inTerms({ W: [inf, inf, 1], W2: [1, inf, 1], V: [1, 1, 1] })).eql({ tensor: 'W2', step: 2 })
    should(inTerms({ W: [inf, inf, 1], W10: [inf, inf, 1], W9: [inf, inf, 1] })).eql({
      tensor: 'W10',
      step: 2,
    })
    should(inTerms({ gamma: [inf, 1, 1] })).eql({ tensor: 'gamma', step: 1 })
  })

  it('goes on through the terms of the reverse direction from the first step', () => {
    should(inTerms({ W: [1, 1, 1], Wr: [1, inf, inf] })).eql({ tensor: 'Wr', step: 2, reverse: true })
    // layer 2 at step 2 brings layer 1 in reverse to its bad first step
    const found = inTerms({ Wr: [inf, inf, inf], W2: [inf, inf, 1] })
    should(found).eql({ tensor: 'W2', step: 2 })
    // and layer 2 in reverse brings layer 1 to its bad last step
    const reversed = inTerms({ W: [inf, inf, inf], W2r: [1, inf, inf] })
    should(reversed).eql({ tensor: 'W2r', step: 2, reverse: true })
  })

  it('knows what float32 cannot hold', () => {
    should(inTerms({ W: [1e39, 1] }, 'float32')).eql({ tensor: 'W', step: 1 })
    should(inTerms({ W: [1e39, 1] })).eql({ tensor: 'norm' })
  })

  it('names the parameter whose finite terms add up to too much, or else the norm', () => {
    const finite = tensor('float64', [1])
    const parameters = { W: finite, W2r: tensor('float64', [1], Float64Array.of(inf)) }
    should(firstNonfinite({ ...calculated, parameters })).eql({ tensor: 'W2r' })
    should(firstNonfinite({ ...calculated, parameters: { W: finite } })).eql({ tensor: 'norm' })
  })
})
