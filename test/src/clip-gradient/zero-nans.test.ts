/** zero-nans: the one rule that mends a gradient. */
import should from 'should'
import type { Gradient } from '../../../src/bptt-gradient/bptt-gradient'
import { clipGradient } from '../../../src/clip-gradient/clip-gradient'
import { fill, flat, gradientOf } from './gradients'

const flagged = (numbers: number[]) =>
  ({ ...gradientOf(numbers), nonfinite: { tensor: 'W', step: 3 } }) as Gradient
const zeroNans = (gradient: Gradient) => clipGradient(gradient, { rule: 'zero-nans' })
const { NaN: nan, POSITIVE_INFINITY: infinity } = Number

describe('clipGradient with zero-nans', () => {
  it('puts 0 for NaN, counts them, and takes the flag away', () => {
    const gradient = flagged([nan, 3, -4, ...fill(0).slice(4), nan])
    const clipped = zeroNans(gradient)
    should(flat(clipped)).eql([0, 3, -4, ...fill(0).slice(4), 0])
    should(clipped.norm).equal(5)
    should(clipped).not.have.property('nonfinite')
    should(clipped.clip).eql({
      rule: 'zero-nans',
      normBefore: nan,
      normAfter: 5,
      coefficient: 1,
      clipped: true,
      zeroed: 2,
    })
    should(gradient.nonfinite).eql({ tensor: 'W', step: 3 })
    should(gradient.parameters.W.data[0]).be.NaN()
  })

  it('leaves tensors without NaN alone: the very same', () => {
    const gradient = flagged([nan, ...fill(1).slice(1)])
    const { parameters } = zeroNans(gradient)
    should(parameters.W).not.equal(gradient.parameters.W)
    should(parameters.U).equal(gradient.parameters.U)
  })

  it('leaves infinite entries and the flag, as optax.zero_nans does', () => {
    const clipped = zeroNans(flagged([nan, infinity, -infinity, ...fill(1).slice(3)]))
    should(flat(clipped).slice(0, 3)).eql([0, infinity, -infinity])
    should(clipped.norm).equal(infinity)
    should(clipped.nonfinite).eql({ tensor: 'W', step: 3 })
    should(clipped.clip).eql({
      rule: 'zero-nans',
      normBefore: nan,
      normAfter: infinity,
      coefficient: 1,
      clipped: true,
      zeroed: 1,
      nonfinite: true,
    })
  })

  it('says that it did nothing to a finite gradient: the very same parameters', () => {
    const gradient = gradientOf([3, 4, ...fill(0).slice(2)])
    const { parameters, clip } = zeroNans(gradient)
    should(parameters).equal(gradient.parameters)
    should(clip).eql({
      rule: 'zero-nans',
      normBefore: 5,
      normAfter: 5,
      coefficient: 1,
      clipped: false,
      zeroed: 0,
    })
  })

  it('alone takes the flag away: another rule leaves it, even where all numbers are finite', () => {
    const { nonfinite } = clipGradient(flagged(fill(1)), { rule: 'value', threshold: 0.5 })
    should(nonfinite).eql({ tensor: 'W', step: 3 })
    should(zeroNans(flagged(fill(1)))).not.have.property('nonfinite')
  })
})
