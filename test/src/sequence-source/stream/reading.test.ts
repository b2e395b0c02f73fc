/** Readings in the forms they come in, and what is said of those that are none. */

import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import should from 'should'
import { settingsOf } from '../../../../src/sequence-source/stream/options'
import { fieldsOf, mostReadings, readingsIn, valuesOf } from '../../../../src/sequence-source/stream/reading'
import { throwsExpected } from '../../../support/throws'

const usual = settingsOf({})
/** What is read of readings, the first of which says which fields there are. */
const read = (given: unknown, options = usual) => {
  const readings = readingsIn(given)
  const fields = fieldsOf(readings[0], options)
  return { names: fields.names, values: readings.map((reading) => valuesOf(reading, fields)) }
}

describe('a reading', () => {
  it('is a number, an array of numbers, or an object by field names', () => {
    should(read(21.5)).eql({ names: ['1'], values: [[21.5]] })
    should(read([21.5, 60])).eql({ names: ['1', '2'], values: [[21.5, 60]] })
    should(read(new Float64Array([21.5, 60])).values).eql([[21.5, 60]])
    should(read(new Float32Array([0.5, 2])).values).eql([[0.5, 2]])
    // as a function node makes it
    should(read(runInNewContext('new Float32Array([0.5, 2])')).values).eql([[0.5, 2]])
    should(read({ celsius: 21.5, room: 'attic', humidity: 60 })).eql({
      names: ['celsius', 'humidity'],
      values: [[21.5, 60]],
    })
  })

  it('may come with others, as an array of arrays or of objects', () => {
    should(read([[1], [2], [3]]).values).eql([[1], [2], [3]])
    should(read([new Float64Array([1, 2]), [3, 4]]).values).eql([
      [1, 2],
      [3, 4],
    ])
    should(
      read([
        { a: 1, b: 2 },
        { b: 4, a: 3 },
      ]).values,
    ).eql([
      [1, 2],
      [3, 4],
    ])
  })

  it('has the fields that are asked for, inputs before other targets', () => {
    const settings = settingsOf({ columns: ['b', 'c'], targetColumns: ['c', 'a'] })
    const [reading] = readingsIn({ a: 1, b: 2, c: 3, d: 4 })
    const fields = fieldsOf(reading, settings)
    should(fields).containEql({ names: ['b', 'c', 'a'], inputs: [0, 1], targets: [1, 2] })
    should(valuesOf(reading, fields)).eql([2, 3, 1])
    should(read([5, 6, 7], settingsOf({ columns: ['3', '1'] })).values).eql([[7, 5]])
  })

  it('has no field for its time', () => {
    const settings = settingsOf({ time: 'field', timeField: 't' })
    should(read({ t: 1_700_000_000_000, a: 1 }, settings).names).eql(['a'])
    should(read({ t: 1_700_000_000_000, a: 1 }).names).eql(['t', 'a'])
  })

  it('with null or NaN in one of its fields has no values, whatever the others are', () => {
    const fields = fieldsOf(readingsIn({ a: 1, b: 2, c: 3 })[0], settingsOf({ columns: ['a', 'b'] }))
    should(valuesOf({ a: 1, b: null, c: 3 }, fields)).equal(undefined)
    should(valuesOf({ a: Number.NaN, b: 2, c: 3 }, fields)).equal(undefined)
    should(valuesOf({ a: 1, b: 2, c: null }, fields)).eql([1, 2])
  })

  it('may be a number as text, as MQTT brings it; fields of texts have to be named', () => {
    for (const [text, value] of [
      ['21.5', 21.5],
      [' -3 ', -3],
      ['+.5e2', 50],
    ] as const)
      should(readingsIn(text).map((reading) => valuesOf(reading, fieldsOf(reading, usual)))).eql([[value]])
    const sensor = { id: '17', t: '21.5' }
    throwsExpected(() => read(sensor), /name fields whose numbers are texts/)
    should(valuesOf(sensor, fieldsOf(sensor, settingsOf({ columns: ['t'] })))).eql([21.5])
  })

  it('has a field where there is no number yet', () => {
    const fields = fieldsOf({ temperature: null, humidity: 40, room: 'attic' }, usual)
    should(fields.names).eql(['temperature', 'humidity'])
    should(valuesOf({ temperature: 20, humidity: 41, room: 'attic' }, fields)).eql([20, 41])
  })

  it('has no negative zero: JSON has no word for it', () => {
    should(Object.is(valuesOf([-0], fieldsOf([1], usual))?.[0], 0)).be.true()
  })

  it('is an error that names what is wrong otherwise', () => {
    for (const [given, got] of [
      ['21.5 °C', 'the text "21.5 °C"'],
      [true, 'true'],
      [null, 'null'],
      [Buffer.from('21.5'), 'a Buffer of 4 bytes'],
      [new Date(0), 'an object'],
    ] as const)
      throwsExpected(
        () => readingsIn(given),
        `expected a reading: a number, an array, or an object by field names, got ${got}`,
      )
    throwsExpected(() => readingsIn([]), 'expected at least one reading, got an empty array')
    throwsExpected(
      () => readingsIn([[1], 2]),
      'expected an array or an object as reading 2, as the first is, got 2',
    )
    throwsExpected(
      () => readingsIn(Array.from({ length: mostReadings + 1 }, () => [1])),
      'expected at most 10000 readings at a time: send them in parts, got 10001',
    )
    throwsExpected(
      () => read({ room: 'attic' }),
      'expected a field with a number in the first reading (name fields whose numbers are texts), got room',
    )
    throwsExpected(
      () => read({ a: 1 }, settingsOf({ columns: ['b'] })),
      'expected one of the fields a, got "b"',
    )
    throwsExpected(
      () => read({ a: 1 }, settingsOf({ targetColumns: ['b'] })),
      'expected one of the fields a, got "b"',
    )
  })

  it('that is not as the first was is an error that names the field', () => {
    const ofObject = fieldsOf(readingsIn({ a: 1, b: 2 })[0], usual)
    for (const [value, got] of [
      [undefined, 'undefined'],
      ['3 °C', 'the text "3 °C"'],
      ['', 'an empty text'],
      [Number.POSITIVE_INFINITY, 'Infinity'],
      [-2e100, '-2e+100'],
      [[1], 'an array of 1'],
    ] as const)
      throwsExpected(
        () => valuesOf({ a: 1, b: value }, ofObject),
        `expected a number in field b, of a size up to 1e+100, got ${got}`,
      )
    throwsExpected(
      () => valuesOf([1, 2], ofObject),
      'expected an object with the fields a, b, as the first reading was (msg.reset without a topic begins with other fields), got an array of 2',
    )
    const ofArray = fieldsOf([1, 2], usual)
    throwsExpected(
      () => valuesOf({ a: 1 }, ofArray),
      'expected 2 numbers as in the first reading (msg.reset without a topic begins with other fields), got an object',
    )
    throwsExpected(
      () => valuesOf([1, 2, 3], ofArray),
      'expected 2 numbers in a reading as in the first (many readings are an array of arrays), got 3',
    )
  })

  it('comes out as it went in', () => {
    const rows = fc.integer({ min: 1, max: 5 }).chain((size) =>
      fc.array(
        fc.array(fc.double({ min: -1e99, max: 1e99, noNaN: true }), { minLength: size, maxLength: size }),
        {
          minLength: 1,
          maxLength: 20,
        },
      ),
    )
    fc.assert(
      fc.property(rows, (given) => {
        const plain = given.map((row) => row.map((value) => value + 0))
        should(read(given).values).eql(plain)
        const objects = given.map((row) =>
          Object.fromEntries(row.map((value, place) => [`f${place}`, value])),
        )
        should(read(objects).values).eql(plain)
      }),
    )
  })
})
