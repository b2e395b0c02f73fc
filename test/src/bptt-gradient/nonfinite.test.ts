/** Where a calculation first leaves the finite numbers, on scalar cells whose every number is known. */
import should from 'should'
import {
  type ActivationName,
  bpttGradient,
  type Dtype,
  type Gradient,
  rnnCell,
  type Topology,
  unroll,
} from '../../../src'

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
