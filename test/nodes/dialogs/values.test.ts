/** Small things that all dialogs use: what fits a field, numbers for a person, and places in a picture. */
import should from 'should'
import { linePath, placeIn, rangeOf, ticks } from '../../../editor/dialogs/chart/scale'
import { shortNumber } from '../../../editor/dialogs/common/numbers'
import {
  entriesOf,
  isAbove,
  isFrom,
  isNumber,
  isShare,
  isWhole,
  isWithin,
  jsonObject,
} from '../../../editor/dialogs/common/values'

describe('the value of a field', () => {
  for (const [name, fits, good, bad] of [
    ['a number', isNumber, ['', ' ', undefined, '1', '-2.5', '1e-3'], ['x', '1e999', 'NaN', '1,5']],
    ['above 1', (value) => isAbove(1, value), ['', '1.1'], ['1', 'x']],
    ['from 1', (value) => isFrom(1, value), ['', '1'], ['0.9', 'x']],
    ['within 1 and 2', (value) => isWithin(1, 2, value), ['', '1', '2'], ['0.9', '2.1']],
    ['a share', isShare, ['', '0', '0.99'], ['1', '-0.1']],
    ['whole', (value) => isWhole(value), ['', '0', '-3'], ['0.5', '1e99', 'x']],
    ['whole from 1 to 3', (value) => isWhole(value, 1, 3), ['', '1', '3'], ['0', '4']],
  ] as [string, (value: unknown) => boolean, unknown[], unknown[]][])
    it(`is ${name}, or blank`, () => {
      for (const value of good) should(fits(value)).be.true(`"${value}"`)
      for (const value of bad) should(fits(value)).be.false(`"${value}"`)
    })

  it('has entries between commas', () => {
    should(entriesOf('a, b,,c ')).eql(['a', ' b', 'c '])
    should(entriesOf(undefined)).eql([])
  })

  it('may be a JSON object', () => {
    should(jsonObject('{"W": [1]}')).eql({ W: [1] })
    for (const text of ['', '[1]', 'null', '1', '{', undefined]) should(jsonObject(text)).be.undefined()
  })
})

describe('a number for a person', () => {
  for (const [number, text] of [
    [0, '0'],
    [0.1 + 0.2, '0.3'],
    [12.3456, '12.35'],
    [-0.001, '-0.001'],
    [1e-6, '1e-6'],
    [2.5e-7, '2.5e-7'],
    [123456, '123500'],
    [2.5e9, '2.5e9'],
    [Number.POSITIVE_INFINITY, '∞'],
    [Number.NaN, '?'],
  ] as const)
    it(`${number} is ${text}`, () => should(shortNumber(number)).equal(text))
})

describe('the scale of a picture', () => {
  it('is the range of the finite numbers, with room around a single one', () => {
    should(rangeOf([3, null, 1, Number.NaN, Number.POSITIVE_INFINITY])).eql({ from: 1, to: 3 })
    should(rangeOf([])).eql({ from: 0, to: 1 })
    should(rangeOf([0, 0])).eql({ from: -0.5, to: 0.5 })
    should(rangeOf([4])).eql({ from: 2, to: 6 })
  })

  it('places numbers, also downwards', () => {
    const y = placeIn({ from: 0, to: 10 }, 100, 20)
    should([0, 5, 10].map(y)).eql([100, 60, 20])
  })

  it('has few and round ticks, all of them in the range', () => {
    should(ticks({ from: 1, to: 2000 }, 4)).eql([500, 1000, 1500, 2000])
    should(ticks({ from: 0, to: 0.001 }, 3)).eql([0, 0.0005, 0.001])
    should(ticks({ from: 1, to: 25 }, 8)).eql([5, 10, 15, 20, 25])
    for (let power = -8; power < 8; power++)
      for (const size of [1, 1.7, 3.3, 9.9]) {
        const range = { from: -0.3 * size * 10 ** power, to: size * 10 ** power }
        const found = ticks(range, 5)
        should(found.length).be.within(2, 5)
        for (const tick of found) should(tick).be.within(range.from, range.to)
      }
  })

  it('breaks a line off where there is no number', () => {
    const path = linePath([
      [0, 1],
      [1, 2.04],
      [2, Number.NaN],
      [3, 4],
    ])
    should(path).equal('M0 1L1 2M3 4')
  })
})
