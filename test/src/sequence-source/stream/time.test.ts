/** When readings were, and what becomes of those that come late or twice. */
import fc from 'fast-check'
import should from 'should'
import { sensorStream } from '../../../../src'
import { timeOf, timesOf } from '../../../../src/sequence-source/stream/clock'
import { settingsOf } from '../../../../src/sequence-source/stream/options'
import { turnOf } from '../../../../src/sequence-source/stream/order'
import { throwsExpected } from '../../../support/throws'

describe('the time of a reading', () => {
  it('is a number of ms, an ISO text or a Date', () => {
    const ms = 1_700_000_000_123
    should(timeOf(ms, 'x')).equal(ms)
    should(timeOf(new Date(ms), 'x')).equal(ms)
    should(timeOf('2023-11-14T22:13:20.123Z', 'x')).equal(ms)
    should(timeOf('2023-11-14T23:13:20.123+01:00', 'x')).equal(ms)
    should(timeOf(-1, 'x')).equal(-1)
    should(timeOf(` ${ms} `, 'x')).equal(ms)
    should(timeOf('2023-11-14 22:13:20,123Z', 'x')).equal(ms)
    // without a zone it is local time, a day alone too
    should(timeOf('2023-11-14T22:13', 'x')).equal(new Date(2023, 10, 14, 22, 13).getTime())
    should(timeOf('2023-11-14', 'x')).equal(new Date(2023, 10, 14).getTime())
  })

  it('is none where a text has but a number in it', () => {
    for (const text of ['sensor 1', 'room-12', '12.5', '2023', '2023-11', '', '2023-14-14'])
      throwsExpected(() => timeOf(text, 'field t'), /^expected a time in field t/)
  })

  it('is told if it looks like seconds, once for each topic', () => {
    const stream = sensorStream(stamped)
    const seen = [1.7e9, 1.7e9 + 60].map((t) => stream.take('a', { t, v: 1 }, undefined).seconds)
    should(seen).eql([true, false])
    for (const t of [0, 1000, 1e9 * 1000, 6.2e8])
      should(sensorStream(stamped).take('a', { t, v: 1 }, undefined).seconds).be.false()
    for (const [value, got] of [
      [undefined, 'undefined'],
      ['soon', 'the text "soon"'],
      [Number.NaN, 'NaN'],
      [1e16, '10000000000000000'],
      [new Date('soon'), 'an object'],
    ] as const)
      throwsExpected(
        () => timeOf(value, 'field t'),
        `expected a time in field t: ms since 1970, an ISO 8601 text or a Date, got ${got}`,
      )
  })

  it('is when it came, or what its field says', () => {
    const arrival = settingsOf({})
    const field = settingsOf({ time: 'field', timeField: 't' })
    should(timesOf([[1], [2]], 7, arrival)).eql([7, 7])
    should(timesOf([{ t: 5, a: 1 }], 7, arrival)).eql([7])
    should(timesOf([{ t: 5 }, { t: '1970-01-01T00:00:00.006Z' }], undefined, field)).eql([5, 6])
    should(timesOf([{ t: 5 }], 7, field)).eql([5])
    should(timesOf([[1]], 7, field)).eql([7])
    throwsExpected(
      () => timesOf([[1], [2]], 7, field),
      'expected a time in field t of each of 2 readings, got none',
    )
    throwsExpected(() => timesOf([[1]], undefined, field), /expected a time in field t: .* got undefined/)
  })
})

const stamped = { time: 'field', timeField: 't', scaling: 'none', length: 1, horizon: 0, batch: 1 } as const
/** The values of all steps that follow from readings of one topic, one message each. */
const stepsOf = (readings: readonly { t: number; v: number }[], options: object) => {
  const stream = sensorStream({ ...stamped, ...options })
  return readings.flatMap((reading) =>
    stream.take('a', reading, undefined).stretches.flatMap(({ inputs }) => inputs.flat()),
  )
}

describe('a late reading, and one that is there already', () => {
  const readings = [10, 20, 15, 20, 30].map((t, v) => ({ t, v }))

  it('are dropped or taken, as is asked for', () => {
    should(stepsOf(readings, {})).eql([0, 1, 4])
    should(stepsOf(readings, { late: 'accept' })).eql([0, 1, 2, 4])
    should(stepsOf(readings, { duplicates: 'accept' })).eql([0, 1, 3, 4])
    should(stepsOf(readings, { late: 'accept', duplicates: 'accept' })).eql([0, 1, 2, 3, 4])
  })

  it('are counted', () => {
    const stream = sensorStream(stamped)
    const { late, duplicates } = stream.take('a', readings, undefined)
    should([late, duplicates]).eql([1, 1])
    should(stream.take('b', readings[0], undefined)).containEql({ late: 0, duplicates: 0 })
  })

  it('are an error that changes nothing, as is asked for', () => {
    const stream = sensorStream({ ...stamped, late: 'error', duplicates: 'error' })
    stream.take('a', readings.slice(0, 2), undefined)
    const before = JSON.stringify(stream.state())
    throwsExpected(
      () => stream.take('a', [{ t: 40, v: 9 }, readings[2]], undefined),
      'expected a time after the latest of the topic, 1970-01-01T00:00:00.040Z (msg.reset with this topic forgets it), got 1970-01-01T00:00:00.015Z',
    )
    throwsExpected(
      () => stream.take('a', readings[3], undefined),
      'expected a time after the latest of the topic, 1970-01-01T00:00:00.020Z (msg.reset with this topic forgets it), got the same',
    )
    should(JSON.stringify(stream.state())).equal(before)
    should(stream.take('b', readings[2], undefined).stretches).have.length(1)
  })

  it('in a step that is still open have their place there', () => {
    const inStep = [10, 19, 12, 19, 5, 25].map((t, place) => ({ t, v: 2 ** place }))
    const ofMean = (options: object) => stepsOf(inStep, { interval: 10, resample: 'mean', ...options })
    should(ofMean({})).eql([(1 + 2) / 2])
    should(ofMean({ late: 'accept' })).eql([(1 + 2 + 4) / 3])
    should(ofMean({ late: 'accept', duplicates: 'accept' })).eql([(1 + 2 + 4 + 8) / 4])
    const ofLast = (options: object) => stepsOf(inStep, { interval: 10, resample: 'last', ...options })
    should(ofLast({ late: 'accept' })).eql([2])
    should(ofLast({ duplicates: 'accept' })).eql([8])
    const stream = sensorStream({ ...stamped, interval: 10, late: 'accept', duplicates: 'accept' })
    should(stream.take('a', inStep, undefined)).containEql({ late: 1, duplicates: 0 })
  })

  it('between the ends of a line have none', () => {
    const line = [0, 20, 15, 20, 30].map((t, v) => ({ t, v }))
    const all = { interval: 10, resample: 'linear', late: 'accept', duplicates: 'accept' }
    should(stepsOf(line, all)).eql(stepsOf(line, { interval: 10, resample: 'linear' }))
    should(sensorStream({ ...stamped, ...all } as object).take('a', line, undefined)).containEql({
      late: 1,
      duplicates: 1,
    })
  })

  it('there are none of as long as times are those of arrival, even if the clock is set back', () => {
    const stream = sensorStream({ scaling: 'none', late: 'error', duplicates: 'error' })
    const times = [5, 5, 3, 7]
    should(times.map((time) => stream.take('a', 1, time).stretches[0].times[0])).eql([5, 5, 5, 7])
  })

  it('leave what is dropped rising, and take nothing away when accepted', () => {
    const time = fc.integer({ min: 0, max: 30 })
    fc.assert(
      fc.property(time, fc.option(time, { nil: undefined }), (now, latest) => {
        const field = { time: 'field' } as const
        const { turn, isDropped } = turnOf(now, latest, { ...field, late: 'drop', duplicates: 'drop' })
        should(isDropped).equal(now <= (latest ?? -1))
        should(turn).equal(now > (latest ?? -1) ? 'next' : now < (latest ?? -1) ? 'late' : 'duplicate')
        should(turnOf(now, latest, { ...field, late: 'accept', duplicates: 'accept' }).isDropped).be.false()
      }),
    )
  })
})

describe('a clock that was ahead', () => {
  /** One reading from the year 2106, then those of a clock that is right. */
  const ahead = { t: 4.3e12, v: -1 }
  const right = Array.from({ length: 25 }, (_, v) => ({ t: 1000 + 10 * v, v }))
  const begun = (options: object = {}) => {
    const stream = sensorStream({ ...stamped, length: 2, ...options })
    stream.take('a', ahead, undefined)
    return stream
  }

  it('is taken to be right again after ten late readings, also of two that share a second', () => {
    const stream = sensorStream(stamped)
    stream.take('a', { t: 4e12, v: 1 }, undefined)
    const taken = Array.from({ length: 12 }, (_, place) =>
      stream.take('a', { t: 1.7e12 + 1000 * Math.floor(place / 2), v: place }, undefined),
    )
    should(taken.findIndex(({ setBack }) => setBack)).equal(9)
  })

  it('is taken to be right again after ten late readings in a row; the topic begins anew', () => {
    for (const options of [{}, { interval: 10, resample: 'last' }, { interval: 10, late: 'accept' }]) {
      const stream = begun(options)
      const taken = right.map((reading) => stream.take('a', reading, undefined))
      should(taken.findIndex(({ setBack }) => setBack)).equal(9)
      should(taken.reduce((sum, { late }) => sum + late, 0)).equal(9)
      const stretches = taken.flatMap((one) => one.stretches)
      should(stretches[0].begins).be.true()
      should(stretches.flatMap(({ times }) => times)[0]).equal(1090)
      // a window never holds steps of both clocks: 16 steps, or with a fixed step those that are complete
      should(stream.windows).equal('interval' in options ? 14 : 15)
    }
  })

  it('is the same in one message, and after a restart in between', () => {
    const stream = begun()
    should(stream.take('a', right, undefined)).containEql({ late: 9, setBack: true, windows: 15 })
    const first = begun()
    first.take('a', right.slice(0, 6), undefined)
    const again = sensorStream({ ...stamped, length: 2 }, JSON.parse(JSON.stringify(first.state())))
    should(again.take('a', right.slice(6), undefined)).containEql({ late: 3, setBack: true, windows: 15 })
    should(again.state()).eql(stream.state())
  })

  it('is not thought of where late readings do not follow one another, or are an error', () => {
    const mixed = begun()
    for (const [place, reading] of right.entries()) {
      should(mixed.take('a', reading, undefined).setBack).be.false()
      if (place % 8 === 7) mixed.take('a', { t: ahead.t + 10 * place, v: 0 }, undefined)
    }
    const backwards = begun()
    for (const reading of right.toReversed())
      should(backwards.take('a', reading, undefined).setBack).be.false()
    const strict = begun({ late: 'error' })
    for (const reading of right)
      throwsExpected(() => strict.take('a', reading, undefined), /after the latest/)
  })
})
