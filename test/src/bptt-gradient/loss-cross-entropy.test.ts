/** Cross-entropy against the formulas that torch.nn.CrossEntropyLoss documents, and at the ends of floating point. */
import fc from 'fast-check'
import should from 'should'
import { type LossOptions, losses } from '../../../src/bptt-gradient/loss/loss'
import { tensor } from '../../../src/tensor/tensor'
import { throwsExpected } from '../../support/throws'

const rowsOf = (rows: number[][]) =>
  tensor('float64', [1, rows.length, rows[0].length], Float64Array.from(rows.flat()))
/** [[a, b], [c, d], …] */
const pairs = (...flat: number[]) =>
  Array.from({ length: flat.length / 2 }, (_, row) => flat.slice(2 * row, 2 * row + 2))
const compare = (logits: number[][], targets: number[][], options?: LossOptions) => {
  const result = losses['cross-entropy'].compare(
    { outputs: rowsOf(logits), targets: rowsOf(targets) },
    options,
  )
  return { ...result, der: [...result.der] }
}
const ofClasses = (logits: number[][], classes: number[], options?: LossOptions) => {
  const { loss, der } = compare(
    logits,
    classes.map((y) => [y]),
    options,
  )
  return { loss, der }
}
const close = (actual: number, wanted: number, relative = 1e-14) =>
  should(Math.abs(actual - wanted)).be.belowOrEqual(
    relative * Math.abs(wanted),
    `${actual} instead of ${wanted}`,
  )

/** softmax(o) as it is defined, good for small logits. */
const softmax = (logits: number[]) => {
  const exponentials = logits.map(Math.exp)
  const total = exponentials.reduce((sum, value) => sum + value)
  return exponentials.map((value) => value / total)
}

const logits4 = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 4, maxLength: 4 })
const class4 = fc.integer({ min: 0, max: 3 })
const weights4 = fc.array(fc.double({ min: 0.1, max: 9, noNaN: true }), { minLength: 4, maxLength: 4 })
const reduction = fc.constantFrom('mean' as const, 'sum' as const)
const ignored = -100

describe('cross-entropy of class indices', () => {
  it('is the sum of -w_y log softmax(o)_y, and its mean divides by the w_y of what is not ignored', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(logits4, fc.oneof(class4, fc.constant(ignored))), { minLength: 1, maxLength: 6 }),
        fc.option(weights4, { nil: undefined }),
        reduction,
        (drawn, classWeights, reduction) => {
          // one that counts, or there would be no mean
          const rows = [...drawn, [[1, 2, 3, 4], 1] as [number[], number]]
          const { loss, der, count, weight } = compare(
            rows.map(([logits]) => logits),
            rows.map(([, y]) => [y]),
            { classWeights, reduction },
          )
          const w = (y: number) => (y === ignored ? 0 : (classWeights?.[y] ?? 1))
          const total = rows.reduce((sum, [, y]) => sum + w(y), 0)
          const by = reduction === 'mean' ? total : 1
          const wanted = rows.map(([logits, y]) => (w(y) ? -w(y) * Math.log(softmax(logits)[y]) : 0))
          should(count).equal(rows.filter(([, y]) => y !== ignored).length)
          should(weight).be.approximately(total, 1e-13)
          should(loss).be.approximately(wanted.reduce((sum, value) => sum + value) / by, 1e-12)
          rows.forEach(([logits, y], row) => {
            softmax(logits).forEach((share, k) => {
              const slope = (w(y) * (share - (k === y ? 1 : 0))) / by
              should(der[row * 4 + k]).be.approximately(slope, 1e-13)
            })
          })
        },
      ),
    )
  })

  it('of two classes with weights 1 and 3, by hand', () => {
    const { loss, der, weight } = compare(pairs(0, 0, 0, 0), [[0], [1]], { classWeights: [1, 3] })
    close(loss, (Math.LN2 + 3 * Math.LN2) / 4)
    should(der).eql([-0.5 / 4, 0.5 / 4, 1.5 / 4, -1.5 / 4])
    should(weight).equal(4)
  })

  it('does not count -100, and nothing else, where no index is named', () => {
    should(ofClasses(pairs(1, 2, 3, 5), [-100, 0])).eql({
      ...ofClasses([[3, 5]], [0]),
      der: [0, 0, ...ofClasses([[3, 5]], [0]).der],
    })
    throwsExpected(() => ofClasses([[1, 2]], [-1]), /^expected a class from 0 to 1/)
  })

  it('does not count the index that is named, be it a class or not', () => {
    for (const ignoreIndex of [-1, 1, 7]) {
      const { loss, der, count } = compare(pairs(1, 2, 3, 5), [[ignoreIndex], [0]], { ignoreIndex })
      should({ loss, count }).eql({ loss: compare([[3, 5]], [[0]]).loss, count: 1 })
      should(der.slice(0, 2)).eql([0, 0])
    }
    throwsExpected(() => ofClasses([[1, 2]], [-100], { ignoreIndex: -1 }), /^expected a class from 0 to 1/)
  })

  it('of nothing but the ignored index has no mean', () => {
    throwsExpected(
      () => ofClasses([[1, 2]], [-100]),
      /^expected at least one target that counts.*, got only masked or ignored ones$/,
    )
    should(ofClasses([[1, 2]], [-100], { reduction: 'sum' })).eql({ loss: 0, der: [0, 0] })
    throwsExpected(
      () => ofClasses([[1, 2]], [1], { classWeights: [1, 0] }),
      /^expected at least one target that counts.*, got only classes with a weight of 0$/,
    )
  })

  it('does not look at a class that is masked', () => {
    const { loss, der } = losses['cross-entropy'].compare({
      outputs: rowsOf(pairs(1, 2, 3, 5)),
      targets: rowsOf([[99], [0]]),
      mask: Uint8Array.of(0, 1),
    })
    const alone = ofClasses([[3, 5]], [0])
    should([loss, ...der]).eql([alone.loss, 0, 0, ...alone.der])
  })

  it('of equal logits is the logarithm of the number of classes', () => {
    const { loss, der } = ofClasses([[7, 7, 7, 7]], [2])
    close(loss, Math.log(4))
    should(der).eql([0.25, 0.25, -0.75, 0.25])
  })

  it('stays exact for logits of ±1000', () => {
    should(ofClasses([[1000, -1000]], [1])).eql({ loss: 2000, der: [1, -1] })
    should(ofClasses([[1000, -1000]], [0]).loss).equal(0)
    should(ofClasses([[1000, -1000]], [0]).der.map(Math.abs)).eql([0, 0])
    const tie = ofClasses([[1000, 1000, -1000]], [0])
    close(tie.loss, Math.LN2)
    should(tie.der).eql([-0.5, 0.5, 0])
  })

  it('stays exact for logits of ±1e300', () => {
    should(ofClasses([[1e300, -1e300]], [1])).eql({ loss: 2e300, der: [1, -1] })
    should(ofClasses([[1e300, -1e300]], [0]).loss).equal(0)
    close(ofClasses([[1e300, 1e300]], [0]).loss, Math.LN2)
  })

  it('does not change when all logits are shifted', () => {
    const [plain, shifted] = [ofClasses([[1, 2, 3]], [0]), ofClasses([[-999, -998, -997]], [0])]
    close(shifted.loss, plain.loss)
    should(shifted.der).eql(plain.der)
  })

  it('keeps what is left of a nearly certain prediction', () => {
    const { loss, der } = ofClasses([[50, 0]], [0])
    close(loss, Math.exp(-50))
    close(der[1], Math.exp(-50))
    close(der[0], -Math.exp(-50))
  })

  it('of one class is 0, whatever the logit', () => {
    should(ofClasses([[3]], [0]).loss).equal(0)
    should(ofClasses([[3]], [0]).der.map(Math.abs)).eql([0])
  })

  it('has a derivative that sums to zero over the classes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -700, max: 700, noNaN: true }), { minLength: 2, maxLength: 6 }),
        (logits) => {
          const sum = ofClasses([logits], [1]).der.reduce((sum, value) => sum + value, 0)
          should(sum).be.approximately(0, 1e-15)
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
        () => ofClasses([[1, 2, 3]], [bad]),
        `expected a class from 0 to 2 as target (the cell has 3 outputs), got ${got}`,
      )
  })
})

describe('cross-entropy of probabilities', () => {
  it('is -Σ w_k p_k log softmax(o)_k, and its mean divides by the readouts, whatever the weights', () => {
    const shares = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 })
    fc.assert(
      fc.property(
        fc.array(fc.tuple(logits4, shares), { minLength: 1, maxLength: 6 }),
        fc.option(weights4, { nil: undefined }),
        reduction,
        (rows, classWeights, reduction) => {
          const { loss, der, count, weight } = compare(
            rows.map(([logits]) => logits),
            rows.map(([, p]) => p),
            { classWeights, reduction },
          )
          const by = reduction === 'mean' ? rows.length : 1
          let wanted = 0
          rows.forEach(([logits, p], row) => {
            const q = p.map((share, k) => share * (classWeights?.[k] ?? 1))
            const total = q.reduce((sum, value) => sum + value)
            softmax(logits).forEach((share, k) => {
              wanted -= (q[k] * Math.log(share)) / by
              should(der[row * 4 + k]).be.approximately((share * total - q[k]) / by, 1e-13)
            })
          })
          should(loss).be.approximately(wanted, 1e-11)
          should([count, weight]).eql([rows.length, rows.length])
        },
      ),
    )
  })

  it('that are one-hot is that of the class, to the last bit', () => {
    fc.assert(
      fc.property(logits4, class4, (logits, y) => {
        const oneHot = logits.map((_, k) => (k === y ? 1 : 0))
        should(compare([logits], [oneHot])).eql(compare([logits], [[y]]))
      }),
    )
  })

  it('with class weights differs from that of the class in what the mean divides by', () => {
    const options = { classWeights: [1, 3] }
    close(compare([[0, 0]], [[1]], options).loss, Math.LN2)
    close(compare([[0, 0]], [[0, 1]], options).loss, 3 * Math.LN2)
  })

  it('stays exact for logits of ±1000 and ±1e300', () => {
    should(compare([[1000, -1000]], [[0.5, 0.5]])).containEql({ loss: 1000, der: [0.5, -0.5] })
    should(compare([[1e300, -1e300]], [[0.75, 0.25]])).containEql({ loss: 5e299, der: [0.25, -0.25] })
    should(compare([[1e308, -1e308]], [[1, 0]]).loss).equal(0)
  })

  it('refuses what is no probability', () => {
    for (const [bad, got] of [
      [-0.1, '-0.1'],
      [1.5, '1.5'],
      [Number.NaN, 'NaN'],
    ] as const)
      throwsExpected(
        () => compare([[1, 2]], [[bad, 0]]),
        `expected a probability from 0 to 1 as target, got ${got}`,
      )
  })

  it('refuses an ignored index from 0 on, as PyTorch does', () => {
    for (const ignoreIndex of [0, 1])
      throwsExpected(
        () => compare([[1, 2]], [[0, 1]], { ignoreIndex }),
        `expected no ignoreIndex where targets are probabilities, got ${ignoreIndex}`,
      )
    should(compare([[1, 2]], [[0, 1]], { ignoreIndex: -1 })).eql(compare([[1, 2]], [[0, 1]]))
  })
})

describe('cross-entropy refuses', () => {
  const wrong: [string, LossOptions, string][] = [
    [
      'class weights of another count',
      { classWeights: [1] },
      'expected classWeights as an array of 2, one for each output, got an array of 1',
    ],
    [
      'class weights that are no array',
      { classWeights: 2 as unknown as number[] },
      'expected classWeights as an array of 2, one for each output, got 2',
    ],
    [
      'a class weight below 0',
      { classWeights: [1, -1] },
      'expected entry 2 of classWeights to be a number from 0, got -1',
    ],
    [
      'an ignored index that is not whole',
      { ignoreIndex: 0.5 },
      'expected ignoreIndex to be a whole number, got 0.5',
    ],
  ]
  for (const [what, options, message] of wrong)
    it(what, () => throwsExpected(() => ofClasses([[1, 2]], [0], options), message))
})
