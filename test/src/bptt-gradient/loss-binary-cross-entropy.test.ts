/** Binary cross-entropy against the formula that torch.nn.BCEWithLogitsLoss documents, and at the ends of floating point. */
import fc from 'fast-check'
import should from 'should'
import { type LossOptions, losses } from '../../../src/bptt-gradient/loss/loss'
import { tensor } from '../../../src/tensor/tensor'
import { throwsExpected } from '../../support/throws'

const rowsOf = (rows: number[][]) =>
  tensor('float64', [1, rows.length, rows[0].length], Float64Array.from(rows.flat()))
const compare = (logits: number[][], targets: number[][], options?: LossOptions) => {
  const { loss, der } = losses['binary-cross-entropy'].compare(
    { outputs: rowsOf(logits), targets: rowsOf(targets) },
    options,
  )
  return { loss, der: [...der] }
}
const close = (actual: number, wanted: number, relative = 1e-14) =>
  should(Math.abs(actual - wanted)).be.belowOrEqual(
    relative * Math.abs(wanted),
    `${actual} instead of ${wanted}`,
  )

describe('binary cross-entropy', () => {
  it('is the mean of -(p y log σ(o) + (1 - y) log(1 - σ(o))), p by output', () => {
    const three = (min: number, max: number) =>
      fc.array(fc.double({ min, max, noNaN: true }), { minLength: 3, maxLength: 3 })
    fc.assert(
      fc.property(
        fc.array(fc.tuple(three(-8, 8), three(0, 1)), { minLength: 1, maxLength: 5 }),
        fc.option(three(0.1, 9), { nil: undefined }),
        fc.constantFrom('mean' as const, 'sum' as const),
        (rows, positiveWeights, reduction) => {
          const { loss, der } = compare(
            rows.map(([logits]) => logits),
            rows.map(([, y]) => y),
            { positiveWeights, reduction },
          )
          const by = reduction === 'mean' ? 3 * rows.length : 1
          let wanted = 0
          rows.forEach(([logits, targets], row) => {
            logits.forEach((o, k) => {
              const [y, p, share] = [targets[k], positiveWeights?.[k] ?? 1, 1 / (1 + Math.exp(-o))]
              wanted -= (p * y * Math.log(share) + (1 - y) * Math.log(1 - share)) / by
              const slope = ((p * y + 1 - y) * share - p * y) / by
              should(der[row * 3 + k]).be.approximately(slope, 1e-13)
            })
          })
          should(loss).be.approximately(wanted, 1e-10)
        },
      ),
    )
  })

  it('is 0.2014 for the example in the documentation of PyTorch: logits of 1.5, targets of 1', () => {
    should(compare([[1.5, 1.5]], [[1, 1]], { positiveWeights: [1, 1] }).loss.toFixed(4)).equal('0.2014')
  })

  it('weighs positive targets by output, or all outputs by one weight', () => {
    const [logits, targets] = [[[0, 0]], [[1, 1]]]
    close(compare(logits, targets).loss, Math.LN2)
    const byOutput = compare(logits, targets, { positiveWeights: [3, 5] })
    close(byOutput.loss, 4 * Math.LN2)
    should(byOutput.der).eql([-1.5 / 2, -2.5 / 2])
    should(compare(logits, targets, { positiveWeights: [3] })).eql(
      compare(logits, targets, { positiveWeights: [3, 3] }),
    )
    should(compare(logits, [[0, 0]], { positiveWeights: [3, 5] })).eql(compare(logits, [[0, 0]]))
  })

  it('stays exact for logits of ±1000 and ±1e300', () => {
    for (const size of [1000, 1e300]) {
      should(compare([[size]], [[0]])).eql({ loss: size, der: [1] })
      should(compare([[-size]], [[1]])).eql({ loss: size, der: [-1] })
      should(compare([[-size]], [[1]], { positiveWeights: [4] })).eql({ loss: 4 * size, der: [-4] })
      const right = compare([[size, -size]], [[1, 0]])
      should([right.loss, ...right.der.map(Math.abs)]).eql([0, 0, 0])
    }
  })

  it('keeps what is left of a nearly certain prediction', () => {
    for (const [logit, y] of [
      [50, 1],
      [-50, 0],
    ]) {
      const { loss, der } = compare([[logit]], [[y]])
      close(loss, Math.exp(-50))
      close(Math.abs(der[0]), Math.exp(-50))
    }
  })

  it('refuses a target outside of 0 to 1', () => {
    for (const [bad, got] of [
      [-0.1, '-0.1'],
      [2, '2'],
      [Number.NaN, 'NaN'],
    ] as const)
      throwsExpected(
        () => compare([[1]], [[bad]]),
        `expected a probability from 0 to 1 as target, got ${got}`,
      )
  })

  it('refuses weights that do not fit', () => {
    throwsExpected(
      () => compare([[1, 2, 3]], [[1, 0, 1]], { positiveWeights: [1, 2] }),
      'expected positiveWeights as an array of 3, one for each output, got an array of 2',
    )
    throwsExpected(
      () => compare([[1]], [[1]], { positiveWeights: [-2] }),
      'expected entry 1 of positiveWeights to be a number from 0, got -2',
    )
  })
})
