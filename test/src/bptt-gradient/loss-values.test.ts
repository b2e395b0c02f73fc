/** Losses of values against the formulas of torch.nn.MSELoss, L1Loss and HuberLoss, and at the ends of floating point. */
import fc from 'fast-check'
import should from 'should'
import { type LossOptions, losses } from '../../../src/bptt-gradient/loss/loss'
import { tensor } from '../../../src/tensor/tensor'
import { throwsExpected } from '../../support/throws'

const row = (values: number[]) => tensor('float64', [1, 1, values.length], Float64Array.from(values))
const compare = (name: 'mse' | 'mae' | 'huber', seen: number[], wanted: number[], options?: LossOptions) => {
  const { loss, der } = losses[name].compare({ outputs: row(seen), targets: row(wanted) }, options)
  return { loss, der: [...der] }
}

describe('mean squared error', () => {
  it('is the mean over everything compared, with 2 (o - y) / count beside it', () => {
    const { loss, der } = compare('mse', [1, 2, 3, -4], [0, 2, 5, -1])
    should(loss).equal((1 + 0 + 4 + 9) / 4)
    should(der).eql([2 / 4, 0, -4 / 4, -6 / 4])
  })

  it('is 0 with a derivative of 0 where outputs are right', () => {
    should(compare('mse', [1, 2], [1, 2])).eql({ loss: 0, der: [0, 0] })
  })

  it('is Infinity, not wrong, where a square overflows', () => {
    should(compare('mse', [1e200], [0]).loss).equal(Number.POSITIVE_INFINITY)
  })
})

describe('mean absolute error', () => {
  it('is the mean of |o - y|, with sign(o - y) / count beside it, 0 where they are equal', () => {
    const { loss, der } = compare('mae', [1, 2, 3, -4], [0, 2, 5, -1])
    should(loss).equal((1 + 0 + 2 + 3) / 4)
    should(der).eql([1 / 4, 0, -1 / 4, -1 / 4])
  })

  it('stays exact for large errors', () => {
    should(compare('mae', [1e300, -1e300], [0, 0], { reduction: 'sum' })).eql({ loss: 2e300, der: [1, -1] })
  })
})

describe('Huber', () => {
  it('is half the square up to delta, delta (|error| - delta / 2) above', () => {
    const { loss, der } = compare('huber', [0.5, -1, 3, -4], [0, 0, 0, 0])
    should(loss).equal((0.125 + 0.5 + 2.5 + 3.5) / 4)
    should(der).eql([0.5 / 4, -1 / 4, 1 / 4, -1 / 4])
  })

  it('bends at the delta it is given', () => {
    const { loss, der } = compare('huber', [0.5, -1, 3, -4], [0, 0, 0, 0], { delta: 2, reduction: 'sum' })
    should(loss).equal(0.125 + 0.5 + 2 * (3 - 1) + 2 * (4 - 1))
    should(der).eql([0.5, -1, 2, -2])
  })

  it('is half the squared error for a large delta, delta times the absolute error less delta / 2 for a small one', () => {
    const errors = fc.array(fc.double({ min: -50, max: 50, noNaN: true }), { minLength: 1, maxLength: 9 })
    fc.assert(
      fc.property(errors, (seen) => {
        const zeros = seen.map(() => 0)
        const wide = compare('huber', seen, zeros, { delta: 51 })
        const square = compare('mse', seen, zeros)
        should(wide.loss).be.approximately(square.loss / 2, 1e-12 * square.loss + 1e-300)
        const narrow = compare('huber', seen, zeros, { delta: 1e-9, reduction: 'sum' })
        const absolute = seen.reduce((sum, error) => sum + Math.abs(error), 0)
        should(narrow.loss / 1e-9).be.approximately(absolute, 1e-9 * seen.length)
      }),
    )
  })

  it('stays exact for large errors', () => {
    should(compare('huber', [1e300], [-1e300])).eql({ loss: 2e300, der: [1] })
    should(compare('huber', [1e200], [0], { delta: 2 })).eql({ loss: 2e200, der: [2] })
  })

  it('lets what is not a number through', () => {
    should(compare('huber', [Number.NaN], [0])).eql({ loss: Number.NaN, der: [Number.NaN] })
  })

  it('refuses a delta that is not above 0', () => {
    for (const [delta, got] of [
      [0, '0'],
      [-1, '-1'],
      [Number.POSITIVE_INFINITY, 'Infinity'],
      ['1', 'the text "1"'],
    ] as const)
      throwsExpected(
        () => compare('huber', [1], [0], { delta: delta as number }),
        `expected delta to be a number above 0, got ${got}`,
      )
  })
})
