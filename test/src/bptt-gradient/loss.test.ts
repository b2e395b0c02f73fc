/** The losses against numbers worked out by hand, and at the ends of floating point. */
import fc from 'fast-check'
import should from 'should'
import { lossNames, tensor } from '../../../src'
import { losses } from '../../../src/bptt-gradient/loss/loss'
import { throwsExpected } from '../../support/throws'

const outputs = (rows: number[][]) =>
  tensor('float64', [1, rows.length, rows[0].length], Float64Array.from(rows.flat()))
const crossEntropy = (logits: number[][], classes: number[]) => {
  const { loss, der } = losses['cross-entropy'].compare(
    outputs(logits),
    tensor('float64', [1, classes.length, 1], Float64Array.from(classes)),
  )
  return { loss, der: [...der] }
}
const mse = (values: number[][], targets: number[][]) => {
  const { loss, der } = losses.mse.compare(outputs(values), outputs(targets))
  return { loss, der: [...der] }
}
const close = (actual: number, wanted: number, relative = 1e-14) =>
  should(Math.abs(actual - wanted)).be.belowOrEqual(
    relative * Math.abs(wanted),
    `${actual} instead of ${wanted}`,
  )

describe('mean squared error', () => {
  it('is the mean over everything compared, with 2 (o - y) / count beside it', () => {
    const { loss, der } = mse(
      [
        [1, 2],
        [3, -4],
      ],
      [
        [0, 2],
        [5, -1],
      ],
    )
    should(loss).equal((1 + 0 + 4 + 9) / 4)
    should(der).eql([2 / 4, 0, -4 / 4, -6 / 4])
  })

  it('is 0 with a derivative of 0 where outputs are right', () => {
    should(mse([[1, 2]], [[1, 2]])).eql({ loss: 0, der: [0, 0] })
  })

  it('is Infinity, not wrong, where a square overflows', () => {
    should(mse([[1e200]], [[0]]).loss).equal(Number.POSITIVE_INFINITY)
  })
})

describe('cross-entropy', () => {
  it('is the mean of -log(exp(o_y) / Σ exp(o)), as torch documents it', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 4, maxLength: 4 }),
            fc.integer({ min: 0, max: 3 }),
          ),
          { minLength: 1, maxLength: 6 },
        ),
        (rows) => {
          const { loss, der } = crossEntropy(
            rows.map(([logits]) => logits),
            rows.map(([, y]) => y),
          )
          const shares = rows.map(([logits]) => {
            const total = logits.reduce((sum, value) => sum + Math.exp(value), 0)
            return logits.map((value) => Math.exp(value) / total)
          })
          const wanted = rows.reduce((sum, [, y], row) => sum - Math.log(shares[row][y]), 0) / rows.length
          should(loss).be.approximately(wanted, 1e-13)
          rows.forEach(([, y], row) => {
            shares[row].forEach((share, k) => {
              should(der[row * 4 + k]).be.approximately((share - (k === y ? 1 : 0)) / rows.length, 1e-14)
            })
          })
        },
      ),
    )
  })

  it('of equal logits is the logarithm of the number of classes', () => {
    const { loss, der } = crossEntropy([[7, 7, 7, 7]], [2])
    close(loss, Math.log(4))
    should(der).eql([0.25, 0.25, -0.75, 0.25])
  })

  it('stays exact for logits of ±1000', () => {
    should(crossEntropy([[1000, -1000]], [1])).eql({ loss: 2000, der: [1, -1] })
    should(crossEntropy([[1000, -1000]], [0]).loss).equal(0)
    should(crossEntropy([[1000, -1000]], [0]).der.map(Math.abs)).eql([0, 0])
    const tie = crossEntropy([[1000, 1000, -1000]], [0])
    close(tie.loss, Math.LN2)
    should(tie.der).eql([-0.5, 0.5, 0])
  })

  it('does not change when all logits are shifted', () => {
    const [plain, shifted] = [crossEntropy([[1, 2, 3]], [0]), crossEntropy([[-999, -998, -997]], [0])]
    close(shifted.loss, plain.loss)
    should(shifted.der).eql(plain.der)
  })

  it('keeps what is left of a nearly certain prediction', () => {
    const { loss, der } = crossEntropy([[50, 0]], [0])
    close(loss, Math.exp(-50))
    close(der[1], Math.exp(-50))
    close(der[0], -Math.exp(-50))
  })

  it('of one class is 0, whatever the logit', () => {
    should(crossEntropy([[3]], [0]).loss).equal(0)
    should(crossEntropy([[3]], [0]).der.map(Math.abs)).eql([0])
  })

  it('has a derivative that sums to zero over the classes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -700, max: 700, noNaN: true }), { minLength: 2, maxLength: 6 }),
        (logits) => {
          should(crossEntropy([logits], [1]).der.reduce((sum, value) => sum + value, 0)).be.approximately(
            0,
            1e-15,
          )
        },
      ),
    )
  })

  it('refuses a class the cell does not have', () => {
    for (const [bad, got] of [
      [3, '3'],
      [-1, '-1'],
      [0.5, '0.5'],
      [Number.NaN, 'NaN'],
    ] as const)
      throwsExpected(
        () => crossEntropy([[1, 2, 3]], [bad]),
        `expected a class from 0 to 2 as target (the cell has 3 outputs), got ${got}`,
      )
  })
})

describe('losses', () => {
  it('are mse of values and cross-entropy of classes', () => {
    should(lossNames).eql(['mse', 'cross-entropy'])
    should(lossNames.map((name) => losses[name].targetKind)).eql(['value', 'class'])
  })
})
