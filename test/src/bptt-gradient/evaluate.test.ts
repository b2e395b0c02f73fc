/** Evaluations by hand, and several batches as one. */
import fc from 'fast-check'
import should from 'should'
import {
  combineEvaluations,
  type Evaluation,
  evaluate,
  rnnCell,
  type Tensor,
  tensor,
  unroll,
} from '../../../src'
import { cases } from '../../support/networks'
import { throwsExpected } from '../../support/throws'

/** o_t = V x_t: outputs can be read off the inputs. */
const readout = (V: number[][]) =>
  rnnCell({
    inputSize: 1,
    hiddenSize: 1,
    outputSize: V.length,
    activation: 'linear',
    precision: 'float64',
    parameters: { W: [[0]], U: [[1]], b: [0], V, c: V.map(() => 0) },
  })

const slice = (of: Tensor, from: number, to: number): Tensor => {
  const size = of.data.length / of.shape[0]
  return tensor(of.dtype, [to - from, ...of.shape.slice(1)], of.data.slice(from * size, to * size))
}

describe('evaluate', () => {
  it('gives of values the loss and the root of the mean squared error', () => {
    const unrolled = unroll(readout([[1]]), [[[1]], [[2]], [[3]]])
    should(evaluate(unrolled, [1, 4, 7])).eql({ loss: 20 / 3, count: 3, rmse: Math.sqrt(20 / 3) })
  })

  it('gives the error in the units of the data if a scale is given, output by output', () => {
    const unrolled = unroll(readout([[1], [2]]), [[[1]], [[2]]])
    const { loss, rmse, count } = evaluate(
      unrolled,
      [
        [0, 0],
        [2, 5],
      ],
      { scale: { mean: [50, -50], std: [10, 0.5] } },
    )
    should(loss).equal((1 + 4 + 0 + 1) / 4)
    should(rmse).equal(Math.sqrt((10 ** 2 + 1 ** 2 + 0 + 0.5 ** 2) / 4))
    should(count).equal(4)
  })

  it('gives of classes the loss and the share that is right', () => {
    const unrolled = unroll(readout([[1], [-1]]), [[[2]], [[-2]], [[3]], [[-3]]])
    const { loss, accuracy, count, rmse } = evaluate(unrolled, [0, 1, 1, 1], { loss: 'cross-entropy' })
    should([accuracy, count, rmse]).eql([0.75, 4, undefined])
    const wanted =
      (Math.log1p(Math.exp(-4)) * 2 + 6 + Math.log1p(Math.exp(-6)) + Math.log1p(Math.exp(-6))) / 4
    should(loss).be.approximately(wanted, 1e-15)
  })

  it('compares at every step, many-to-many', () => {
    const unrolled = unroll(
      readout([[1], [-1]]),
      [
        [[1], [-1]],
        [[1], [1]],
      ],
      { topology: 'many-to-many' },
    )
    should(
      evaluate(
        unrolled,
        [
          [0, 0],
          [1, 0],
        ],
        { loss: 'cross-entropy' },
      ),
    ).containEql({ accuracy: 0.5, count: 4 })
  })

  it('refuses targets that do not fit', () => {
    throwsExpected(
      () => evaluate(unroll(readout([[1]]), [[[1]]]), [1, 2]),
      /^expected a target of shape \[1, 1\]/,
    )
  })
})

describe('combineEvaluations', () => {
  it('of several batches is the evaluation of one big batch', () => {
    const drawn = cases('float64', 6).filter(({ inputs }) => inputs.shape[0] > 1)
    fc.assert(
      fc.property(drawn, fc.integer({ min: 1, max: 7 }), (network, size) => {
        const { cell, inputs, targets, topology, loss } = network
        const batch = inputs.shape[0]
        const run = (from: number, to: number) =>
          evaluate(unroll(cell, slice(inputs, from, to), { topology }), slice(targets, from, to), { loss })
        const parts: Evaluation[] = []
        for (let from = 0; from < batch; from += size) parts.push(run(from, Math.min(from + size, batch)))
        const [together, whole] = [combineEvaluations(parts), run(0, batch)]
        should(Object.keys(together).sort()).eql(Object.keys(whole).sort())
        should(together.count).equal(whole.count)
        for (const key of ['loss', 'rmse', 'accuracy'] as const) {
          const [one, other] = [together[key] ?? 0, whole[key] ?? 0]
          should(Math.abs(one - other)).be.belowOrEqual(1e-12 * Math.abs(other) + 1e-300, key)
        }
      }),
    )
  })

  it('weighs by count, and squares before it averages the error', () => {
    should(
      combineEvaluations([
        { loss: 1, count: 1, rmse: 1 },
        { loss: 5, count: 3, rmse: 3 },
      ]),
    ).eql({
      loss: 4,
      count: 4,
      rmse: Math.sqrt(7),
    })
    should(
      combineEvaluations([
        { loss: 1, count: 1, accuracy: 1 },
        { loss: 0, count: 4, accuracy: 0.5 },
      ]),
    ).eql({
      loss: 0.2,
      count: 5,
      accuracy: 0.6,
    })
  })

  it('refuses none', () => {
    throwsExpected(() => combineEvaluations([]), 'expected at least one evaluation, got none')
  })
})
