/** φ and its derivative, which is written with the output. */
import should from 'should'
import { activationNames, type Dtype, gateActivationNames } from '../../../src'
import { activations, gateActivations, limited } from '../../../src/rnn-cell/activation'

const all = { ...activations, ...gateActivations }

describe('activations', () => {
  it('are those of the names, and no others', () => {
    should(activationNames).eql(['tanh', 'relu', 'sigmoid', 'linear'])
    should(gateActivationNames).eql(['sigmoid', 'hard-sigmoid'])
  })

  it('have the values of their definitions', () => {
    should(activations.tanh.output(0.5)).be.approximately(0.46211715726000974, 1e-16)
    should([-2, 0, 3].map(activations.relu.output)).eql([0, 0, 3])
    should(activations.sigmoid.output(1)).be.approximately(0.7310585786300049, 1e-16)
    should(activations.linear.output(-7)).equal(-7)
    should([-9, -2.5, 0, 1, 2.5, 9].map(gateActivations['hard-sigmoid'].output)).eql([0, 0, 0.5, 0.7, 1, 1])
  })

  for (const [name, { output, der }] of Object.entries(all))
    it(`${name}: the derivative is what a difference says`, () => {
      for (const a of [-4, -1.3, -0.2, 0.1, 0.9, 2, 3.7]) {
        const slope = (output(a + 1e-6) - output(a - 1e-6)) / 2e-6
        should(der(output(a))).be.approximately(slope, 1e-9)
      }
    })

  it('let NaN through, and saturate at infinity', () => {
    for (const { output } of Object.values(all)) should(output(Number.NaN)).be.NaN()
    should(activations.sigmoid.output(-1e4)).equal(0)
    should(activations.tanh.output(1e4)).equal(1)
  })
})

describe('limited to ±clip', () => {
  it('is φ(clip) beyond it, where the derivative is 0, in both precisions', () => {
    for (const precision of ['float32', 'float64'] as const satisfies readonly Dtype[])
      for (const [name, activation] of Object.entries(all)) {
        const { output, der } = limited(activation, 0.7, precision)
        const stored = (h: number) => (precision === 'float32' ? Math.fround(h) : h)
        for (const sign of [1, -1]) {
          should(output(sign * 5)).equal(activation.output(sign * 0.7), name)
          should(output(sign * 0.5)).equal(activation.output(sign * 0.5))
          should(der(stored(output(sign * 5)))).equal(0)
          const inside = stored(output(sign * 0.5))
          should(der(inside)).equal(activation.der(inside))
        }
        should(output(Number.NaN)).be.NaN()
      }
  })

  it('is φ itself without a clip', () => {
    should(limited(activations.tanh, undefined, 'float32')).equal(activations.tanh)
  })
})
