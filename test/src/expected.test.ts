/** The one error, and how it describes what it got. */
import should from 'should'
import { describe as describeValue, ExpectedError, numberIn, oneOf } from '../../src'
import { throwsExpected } from '../support/throws'

describe('ExpectedError', () => {
  it('says what was expected and what came instead', () => {
    const error = new ExpectedError('a number', 'nothing')
    should(error).be.instanceOf(Error)
    should([error.name, error.message, error.expected, error.got]).eql([
      'ExpectedError',
      'expected a number, got nothing',
      'a number',
      'nothing',
    ])
  })

  it('describes any value in a few words', () => {
    const values: [unknown, string][] = [
      [undefined, 'undefined'],
      [null, 'null'],
      [1.5, '1.5'],
      [Number.NaN, 'NaN'],
      [true, 'true'],
      [7n, '7'],
      ['', 'an empty text'],
      ['abc', 'the text "abc"'],
      ['x'.repeat(31), `the text "${'x'.repeat(30)}…"`],
      [[], 'an empty array'],
      [[1, 2], 'an array of 2'],
      [Float32Array.of(1, 2), 'a Float32Array of 8 bytes'],
      [Buffer.from('abc'), 'a Buffer of 3 bytes'],
      [{ toString: 1 }, 'an object'],
      [Object.create(null), 'an object'],
      [() => 1, 'a function'],
    ]
    for (const [value, wanted] of values) should(describeValue(value)).equal(wanted)
  })
})

describe('numberIn', () => {
  it('gives back a number in range, its ends included', () => {
    for (const value of [1, 2, 3])
      should(numberIn('size', value, { min: 1, max: 3, integer: true })).equal(value)
    should(numberIn('rate', 1e-9, { min: 0, above: true })).equal(1e-9)
  })

  it('refuses everything else by name', () => {
    throwsExpected(
      () => numberIn('size', 4, { min: 1, max: 3 }),
      'expected size to be a number from 1 up to 3, got 4',
    )
    throwsExpected(
      () => numberIn('rate', 0, { min: 0, above: true }),
      'expected rate to be a number above 0, got 0',
    )
    throwsExpected(
      () => numberIn('seed', 2 ** 53, { integer: true }),
      'expected seed to be a whole number, got 9007199254740992',
    )
    throwsExpected(
      () => numberIn('gain', Number.POSITIVE_INFINITY),
      'expected gain to be a number, got Infinity',
    )
    throwsExpected(() => numberIn('gain', [1]), 'expected gain to be a number, got an array of 1')
  })
})

describe('oneOf', () => {
  it('gives back a known word and refuses others', () => {
    should(oneOf('rule', 'b', ['a', 'b'])).equal('b')
    throwsExpected(
      () => oneOf('rule', undefined, ['a', 'b']),
      'expected rule to be one of a, b, got undefined',
    )
  })
})
