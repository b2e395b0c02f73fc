/** Evaluations by hand, and several batches as one. */
import fc from 'fast-check'
import should from 'should'
import {
  combineEvaluations,
  type EvaluateOptions,
  type Evaluation,
  evaluate,
} from '../../../src/bptt-gradient/evaluate'
import { type LossName, type LossOptions, lossNames } from '../../../src/bptt-gradient/loss/loss'
import { random } from '../../../src/random/random'
import { tensor } from '../../../src/tensor/tensor'
import type { Unrolled } from '../../../src/unroll/unroll'
import { throwsExpected } from '../../support/throws'

/** [[a, b], [c, d], …] */
const pairs = <T>(...flat: T[]): T[][] =>
  Array.from({ length: flat.length / 2 }, (_, row) => flat.slice(2 * row, 2 * row + 2))
/** A batch that has been unrolled, as far as an evaluation looks: outputs by sequence and step. */
const unrolled = (
  sequences: number[][][],
  { logits = sequences, padding }: { logits?: number[][][]; padding?: number[] } = {},
): Unrolled => {
  const [batch, steps, size] = [sequences.length, sequences[0].length, sequences[0][0].length]
  const timeMajor = (from: number[][][]) => {
    const flat = Array.from({ length: steps }, (_, t) => from.map((sequence) => sequence[t])).flat(2)
    return tensor('float64', [steps, batch, size], Float64Array.from(flat))
  }
  return {
    topology: 'many-to-many',
    batched: true,
    batch,
    readouts: Array.from({ length: steps }, (_, t) => t + 1),
    outputs: timeMajor(sequences),
    logits: timeMajor(logits),
    ...(padding && { readoutMask: Uint8Array.from(padding) }),
  } as unknown as Unrolled
}
/** One sequence a row, read out once a sequence. */
const rows = (outputs: number[][], logits = outputs) => ({
  ...unrolled(
    outputs.map((row) => [row]),
    { logits: logits.map((row) => [row]) },
  ),
  topology: 'many-to-one' as const,
})

describe('evaluate', () => {
  it('gives of values the loss and the root of the mean squared error', () => {
    const of = rows([[1], [2], [3]])
    should(evaluate(of, [1, 4, 7])).eql({ loss: 20 / 3, count: 3, rmse: Math.sqrt(20 / 3) })
    should(evaluate(of, [1, 4, 7], { loss: 'mae' })).eql({ loss: 6 / 3, count: 3, rmse: Math.sqrt(20 / 3) })
    should(evaluate(of, [1, 4, 7], { loss: 'huber' })).eql({
      loss: (0 + 1.5 + 3.5) / 3,
      count: 3,
      rmse: Math.sqrt(20 / 3),
    })
  })

  it('gives the error in the units of the data if a scale is given, output by output', () => {
    const of = rows(pairs(1, 2, 2, 4))
    const targets = pairs(0, 0, 2, 5)
    const { loss, rmse, count } = evaluate(of, targets, { scale: { mean: [50, -50], std: [10, 0.5] } })
    should(loss).equal((1 + 4 + 0 + 1) / 4)
    should(rmse).equal(Math.sqrt((10 ** 2 + 1 ** 2 + 0 + 0.5 ** 2) / 4))
    should(count).equal(4)
    throwsExpected(
      () => evaluate(of, targets, { scale: { mean: [0], std: [1] } }),
      'expected a scale of 2 features, got one of 1',
    )
  })

  it('gives of classes the loss and the share that is right', () => {
    const of = rows([2, -2, 3, -3].map((x) => [x, -x]))
    const { loss, accuracy, count, rmse } = evaluate(of, [0, 1, 1, 1], { loss: 'cross-entropy' })
    should([accuracy, count, rmse]).eql([0.75, 4, undefined])
    const wanted = (Math.log1p(Math.exp(-4)) * 2 + 6 + Math.log1p(Math.exp(-6)) * 2) / 4
    should(loss).be.approximately(wanted, 1e-15)
  })

  it('takes of probabilities the largest as the right class', () => {
    const of = rows(pairs(1, 0, 1, 0, 0, 1))
    const targets = pairs(0.6, 0.4, 0.1, 0.9, 0, 1)
    should(evaluate(of, targets, { loss: 'cross-entropy' })).containEql({ accuracy: 2 / 3, count: 3 })
  })

  it('gives of binary classes the share of outputs on the right side', () => {
    const of = rows(pairs(2, -3, -1, 0, 0, Number.NaN))
    const targets = pairs(1, 1, 0, 0, 1, 0)
    const { accuracy, count } = evaluate(of, targets, { loss: 'binary-cross-entropy' })
    should([accuracy, count]).eql([3 / 6, 6])
    should(evaluate(rows([[2]]), [0.4], { loss: 'binary-cross-entropy' }).accuracy).equal(0)
  })

  it('reads logits before the activation of the readout for cross-entropy, outputs after it otherwise', () => {
    const of = rows([[0.5, 0.5]], [[-1, 3]])
    const read = (loss: LossName, targets: unknown) => evaluate(of, targets, { loss })
    should(read('cross-entropy', [1]).loss).be.approximately(Math.log1p(Math.exp(-4)), 1e-15)
    should(read('cross-entropy', [1]).accuracy).equal(1)
    should(read('binary-cross-entropy', [[0, 1]])).containEql({ accuracy: 1 })
    should(read('binary-cross-entropy', [[0, 1]]).loss).be.approximately(
      (Math.log1p(Math.exp(-1)) + Math.log1p(Math.exp(-3))) / 2,
      1e-15,
    )
    for (const name of ['mse', 'mae', 'huber'] as const) should(read(name, [[0.5, 0.5]]).loss).equal(0)
  })

  it('compares at every step, many-to-many', () => {
    const of = unrolled([pairs(1, -1, -1, 1), pairs(1, -1, 1, -1)])
    const targets = pairs(0, 0, 1, 0)
    should(evaluate(of, targets, { loss: 'cross-entropy' })).containEql({ accuracy: 0.5, count: 4 })
  })

  it('leaves out padding, what a mask hides and the ignored class', () => {
    const outputs = [
      [[3], [5]],
      [[7], [Number.NaN]],
    ]
    const targets = pairs(1, 2, 3, 0)
    const of = unrolled(outputs, { padding: [1, 1, 1, 0] })
    should(evaluate(of, targets)).eql({ loss: (4 + 9 + 16) / 3, count: 3, rmse: Math.sqrt(29 / 3) })
    const mask = pairs(true, false, true, true)
    should(evaluate(of, targets, { mask })).eql({ loss: (4 + 16) / 2, count: 2, rmse: Math.sqrt(10) })
    should(evaluate(of, pairs(1, 1, 0, 0), { loss: 'binary-cross-entropy', mask })).containEql({
      count: 2,
      accuracy: 0.5,
    })
    const classes = unrolled(
      outputs.map((sequence) => sequence.map(([x]) => [x, 0])),
      { padding: [1, 1, 1, 0] },
    )
    const indices = pairs(0, 1, -100, 0)
    should(evaluate(classes, indices, { loss: 'cross-entropy' })).containEql({ count: 2, accuracy: 0.5 })
    should(evaluate(classes, indices, { loss: 'cross-entropy', mask })).containEql({ count: 1, accuracy: 1 })
    const known = pairs(0, 1, 1, 0)
    should(evaluate(classes, known, { loss: 'cross-entropy', ignoreIndex: 0 })).containEql({
      count: 2,
      accuracy: 0,
    })
  })

  it('passes the options of the loss on', () => {
    const values = rows([[3], [0]])
    should(evaluate(values, [0, 0], { reduction: 'sum' })).eql({
      loss: 9,
      count: 2,
      reduction: 'sum',
      rmse: Math.sqrt(9 / 2),
    })
    should(evaluate(values, [0, 0], { loss: 'huber', delta: 2 }).loss).equal((2 * 3 - 2) / 2)
    const classes = evaluate(rows(pairs(0, 0, 0, 0)), [0, 1], { loss: 'cross-entropy', classWeights: [1, 4] })
    should(classes).containEql({ count: 2, weight: 5, accuracy: 0.5 })
    const binary = evaluate(rows([[0]]), [1], { loss: 'binary-cross-entropy', positiveWeights: [3] })
    should(binary.loss).be.approximately(3 * Math.LN2, 1e-15)
    throwsExpected(
      () => evaluate(values, [0, 0], { delta: 2 }),
      'expected mse with no options but reduction, got delta',
    )
  })

  it('has no rmse or accuracy where nothing counts', () => {
    const options = { mask: [0, 0], reduction: 'sum' } as const
    const nothing = { loss: 0, count: 0, reduction: 'sum' }
    should(evaluate(rows([[1], [2]]), [1, 2], options)).eql(nothing)
    should(evaluate(rows([[1], [2]]), [0, 0], { ...options, loss: 'cross-entropy' })).eql(nothing)
    throwsExpected(
      () => evaluate(rows([[1], [2]]), [1, 2], { mask: [0, 0] }),
      /^expected at least one target that counts/,
    )
  })

  it('refuses targets, a mask or a loss that do not fit', () => {
    throwsExpected(() => evaluate(rows([[1]]), [1, 2]), /^expected a target of shape \[1, 1\]/)
    throwsExpected(() => evaluate(rows([[1]]), [1], { mask: [1, 1] }), /^expected a mask of shape \[1\]/)
    throwsExpected(
      () => evaluate(rows([[1]]), [1], { loss: 'mad' as LossName }),
      /^expected loss to be one of mse, /,
    )
  })
})

describe('combineEvaluations', () => {
  const optionsOf: Record<LossName, LossOptions[]> = {
    mse: [{}],
    mae: [{}],
    huber: [{}, { delta: 0.3 }],
    'cross-entropy': [{}, { classWeights: [0.3, 2, 1] }, { classWeights: [0.3, 2, 1], ignoreIndex: 1 }],
    'binary-cross-entropy': [{}, { positiveWeights: [0.3, 2, 1] }],
  }
  for (const loss of lossNames)
    for (const options of optionsOf[loss])
      for (const reduction of ['mean', 'sum'] as const)
        it(`of several batches is the evaluation of one: ${loss} ${Object.keys(options)} ${reduction}`, () => {
          fc.assert(
            fc.property(
              fc.integer({ min: 1, max: 9 }),
              fc.integer({ min: 1, max: 5 }),
              fc.integer({ min: 1, max: 1e6 }),
              (batch, size, seed) => {
                const { integer, normal } = random(seed)
                const times = <T>(count: number, make: (index: number) => T) =>
                  Array.from({ length: count }, (_, index) => make(index))
                const outputs = times(batch, () => times(2, () => times(3, normal)))
                const target = () =>
                  loss === 'cross-entropy' ? integer(0, 2) : times(3, () => integer(0, 1))
                // the first step always counts, or a batch might have no mean
                const first = () => (loss === 'cross-entropy' ? 0 : target())
                const targets = times(batch, () => [first(), target()])
                const mask = times(batch, () => [1, integer(0, 1)])
                const run = (from: number, to: number): Evaluation => {
                  const given: EvaluateOptions = { ...options, loss, reduction, mask: mask.slice(from, to) }
                  return evaluate(unrolled(outputs.slice(from, to)), targets.slice(from, to), given)
                }
                const parts = times(Math.ceil(batch / size), (part) =>
                  run(part * size, Math.min((part + 1) * size, batch)),
                )
                const [together, whole] = [combineEvaluations(parts), run(0, batch)]
                should(Object.keys(together).sort()).eql(Object.keys(whole).sort())
                should([together.count, together.accuracy, together.reduction]).eql([
                  whole.count,
                  whole.accuracy,
                  whole.reduction,
                ])
                for (const key of ['loss', 'weight', 'rmse'] as const) {
                  const [one, other] = [together[key] ?? 0, whole[key] ?? 0]
                  should(one).be.approximately(other, 1e-14 * other, key)
                }
              },
            ),
            { numRuns: 50 },
          )
        })

  it('weighs by count, and squares before it averages the error', () => {
    should(
      combineEvaluations([
        { loss: 1, count: 1, rmse: 1 },
        { loss: 5, count: 3, rmse: 3 },
      ]),
    ).eql({ loss: 4, count: 4, rmse: Math.sqrt(7) })
    should(
      combineEvaluations([
        { loss: 1, count: 1, accuracy: 1 },
        { loss: 0, count: 4, accuracy: 0.5 },
      ]),
    ).eql({ loss: 0.2, count: 5, accuracy: 0.6 })
  })

  it('weighs the loss by its weight and the accuracy by count', () => {
    should(
      combineEvaluations([
        { loss: 1, count: 1, weight: 3, accuracy: 1 },
        { loss: 5, count: 3, accuracy: 0 },
      ]),
    ).eql({ loss: 3, count: 4, weight: 6, accuracy: 0.25 })
  })

  it('adds sums up, also those of nothing', () => {
    should(
      combineEvaluations([
        { loss: 0, count: 0, reduction: 'sum' },
        { loss: 3, count: 2, reduction: 'sum', rmse: 2 },
        { loss: 4, count: 2, reduction: 'sum', rmse: 0 },
      ]),
    ).eql({ loss: 7, count: 4, reduction: 'sum', rmse: Math.sqrt(2) })
  })

  it('refuses none, and sums among means', () => {
    throwsExpected(() => combineEvaluations([]), 'expected at least one evaluation, got none')
    throwsExpected(
      () =>
        combineEvaluations([
          { loss: 1, count: 1 },
          { loss: 1, count: 1, reduction: 'sum' },
        ]),
      'expected evaluations of one reduction, got some that are sums and some that are means',
    )
  })
})
