/** Nested arrays in and out, and errors that name the place. */
import fc from 'fast-check'
import should from 'should'
import { fromNested, isTensor, nestedShape, tensor, toNested } from '../../../src'
import { throwsExpected } from '../../support/throws'

const axes = ['sequence', 'step', 'feature']
const numbers = fc.double({ noNaN: true, noDefaultInfinity: true })
const row = (size: number) => fc.array(numbers, { minLength: size, maxLength: size })
const size = fc.integer({ min: 1, max: 5 })
const blocks = fc
  .tuple(size, size, size)
  .chain(([b, t, d]) =>
    fc.array(fc.array(row(d), { minLength: t, maxLength: t }), { minLength: b, maxLength: b }),
  )

describe('fromNested and toNested', () => {
  it('give back what they were given, at every depth (float64)', () => {
    fc.assert(
      fc.property(blocks, (nested) => {
        should(toNested(fromNested(nested, 'float64'))).eql(nested)
        should(toNested(fromNested(nested[0], 'float64'))).eql(nested[0])
        should(toNested(fromNested(nested[0][0], 'float64'))).eql(nested[0][0])
      }),
    )
  })

  it('put the last axis together in memory, then the one before', () => {
    fc.assert(
      fc.property(blocks, (nested) => {
        const { shape, data } = fromNested(nested, 'float64')
        should(shape).eql([nested.length, nested[0].length, nested[0][0].length])
        should(Array.from(data)).eql(nested.flat(2))
      }),
    )
  })

  it('round to the nearest float32', () => {
    const { data, dtype } = fromNested([0.1, 1 / 3, 16777217], 'float32')
    should(dtype).equal('float32')
    should(data).be.instanceOf(Float32Array)
    should([...data]).eql([0.10000000149011612, 0.3333333432674408, 16777216])
  })

  it('read a single number as a tensor of no axes', () => {
    const { shape, data } = fromNested(7, 'float64')
    should(shape).eql([])
    should([...data]).eql([7])
    should(toNested(tensor('float64', [], data))).equal(7)
  })

  it('read typed arrays as rows', () => {
    const { shape, data } = fromNested([Float32Array.of(1, 2), Uint8Array.of(3, 4)], 'float64')
    should(shape).eql([2, 2])
    should([...data]).eql([1, 2, 3, 4])
  })

  it('do not change what they are given', () => {
    const nested = [
      [1, 2],
      [3, 4],
    ]
    fromNested(nested, 'float32').data.fill(9)
    should(nested).eql([
      [1, 2],
      [3, 4],
    ])
  })

  it('turn numbers that are not finite into null on the way out, as JSON does', () => {
    const data = Float64Array.of(1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY)
    should(toNested(tensor('float64', [2, 2], data))).eql([
      [1, null],
      [null, null],
    ])
  })
})

describe('fromNested names the first place that is wrong, counted from 1', () => {
  const steps = (count: number, ...last: unknown[]) => [...new Array(count).fill([1, 2]), ...last]
  const wrong: [what: string, nested: unknown, message: string][] = [
    [
      'one feature too many at step 5',
      steps(4, [1, 2, 3]),
      'expected 2 features at step 5 as in the first, got 3',
    ],
    ['one feature too few at step 5', steps(4, [1]), 'expected 2 features at step 5 as in the first, got 1'],
    [
      'a feature too many in a batch',
      [steps(5), steps(4, [1, 2, 3])],
      'expected 2 features at sequence 2, step 5 as in the first, got 3',
    ],
    [
      'a sequence that is shorter',
      [steps(2), steps(3)],
      'expected 2 steps at sequence 2 as in the first, got 3',
    ],
    ['rows of one', [[1], [1, 2]], 'expected 1 feature at step 2 as in the first, got 2'],
    [
      'a text',
      [
        [1, 2],
        [3, '4'],
      ],
      'expected a finite number at step 2, feature 2, got the text "4"',
    ],
    ['null', [[[1], [null]]], 'expected a finite number at sequence 1, step 2, feature 1, got null'],
    ['a hole', [1, undefined], 'expected a finite number at feature 2, got undefined'],
    ['NaN', [[Number.NaN]], 'expected a finite number at step 1, feature 1, got NaN'],
    [
      'Infinity',
      [[1], [Number.NEGATIVE_INFINITY]],
      'expected a finite number at step 2, feature 1, got -Infinity',
    ],
    ['true', [[1], [true]], 'expected a finite number at step 2, feature 1, got true'],
    ['an empty array', [], 'expected at least one feature, got none'],
    ['an empty row', [[], []], 'expected at least one feature at step 1, got none'],
    ['an empty row further on', [[1], []], 'expected at least one feature at step 2, got none'],
    ['an empty sequence', [[[1]], []], 'expected at least one step at sequence 2, got none'],
    ['a number instead of a row', [[1, 2], 3], 'expected an array of 2 features at step 2, got 3'],
    ['a number instead of a row of one', [[1], 3], 'expected an array of 1 feature at step 2, got 3'],
    ['a row instead of a number', [1, [2]], 'expected a finite number at feature 2, got an array of 1'],
    ['an object', { a: 1 }, 'expected a finite number, got an object'],
    ['no value at all', undefined, 'expected a finite number, got undefined'],
  ]
  for (const [what, nested, message] of wrong)
    it(`for ${what}`, () => throwsExpected(() => fromNested(nested, 'float64', axes), message))

  it('for a number too large for a float32', () => {
    throwsExpected(
      () => fromNested([[[1], [1e300]]], 'float32', axes),
      'expected a finite number at sequence 1, step 2, feature 1, got 1e+300',
    )
    should([...fromNested([[[1], [1e300]]], 'float64', axes).data]).eql([1, 1e300])
  })

  it('by axis if the axes have no names', () => {
    throwsExpected(
      () => fromNested([[1], ['x']], 'float64'),
      'expected a finite number at axis 1 2, axis 2 1, got the text "x"',
    )
  })
})

describe('nestedShape', () => {
  it('reads the first entry of each level', () => {
    should(nestedShape([[[1, 2, 3]], [[1]]])).eql([2, 1, 3])
    should(nestedShape(5)).eql([])
    should(nestedShape('text')).eql([])
    should(nestedShape([Float64Array.of(1, 2)])).eql([1, 2])
  })
})

describe('isTensor', () => {
  it('tells a tensor from everything else', () => {
    should(isTensor(tensor('float32', [2]))).be.true()
    for (const other of [undefined, null, 5, [1], Float32Array.of(1), {}, { shape: [1], data: [1] }])
      should(isTensor(other)).be.false()
  })
})

describe('tensor', () => {
  it('refuses numbers that do not fill its shape', () => {
    throwsExpected(
      () => tensor('float64', [2, 3], new Float64Array(5)),
      'expected 6 numbers for shape [2, 3], got 5',
    )
  })
})
