/** Gradients are compared tensor by tensor: none hides behind a larger one. */
import should from 'should'
import { agrees, differences, relativeError, tolerance } from '../../bench/compare'

describe('bench compare', () => {
  it('relative error: the norm of the difference by the norm of what was expected', () => {
    should(relativeError([3, 5], [3, 4])).equal(0.2)
    should(relativeError([0, 0], [0, 0])).equal(0)
    should(relativeError([1e-9], [0])).equal(Number.POSITIVE_INFINITY)
    should(relativeError([1], [1, 1])).equal(Number.POSITIVE_INFINITY)
  })

  const expected = { loss: 1, parameters: { W: [1000, 1000], b: [1e-3] } }

  it('a small tensor that is wrong is seen beside a large one', () => {
    const off = differences({ loss: 1, parameters: { W: [1000, 1000], b: [1.1e-3] } }, expected)
    should(off.W).equal(0)
    should(off.b).be.approximately(0.1, 1e-9)
    should(agrees(off)).be.false()
  })

  it('a loss that is wrong is seen, and a tensor that is missing', () => {
    should(agrees(differences({ ...expected, loss: 1.01 }, expected))).be.false()
    should(agrees(differences({ loss: 1, parameters: { W: [1000, 1000] } }, expected))).be.false()
  })

  it('agrees within the tolerance, and NaN with nothing', () => {
    should(agrees({ loss: 0, W: tolerance })).be.true()
    should(agrees({ loss: 0, W: 1.01 * tolerance })).be.false()
    should(agrees({ loss: Number.NaN })).be.false()
  })

  it('only the tensors that a side can be compared by', () => {
    const got = { loss: 1, parameters: { W: [1000, 1000], b: [7] } }
    should(differences(got, expected, ['W'])).eql({ loss: 0, W: 0 })
  })
})
