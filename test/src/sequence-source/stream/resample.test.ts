/** Readings brought to a fixed step, held to a reference that sees all of them at once. */
import fc from 'fast-check'
import should from 'should'
import { type ResamplerState, resampler, type Slot } from '../../../../src/sequence-source/stream/resample'
import type { Arrival } from '../../../../src/sequence-source/stream/step'

type Kind = 'last' | 'mean' | 'linear'
const interval = 10

const series = fc
  .array(
    fc.record({ ahead: fc.integer({ min: 1, max: 45 }), value: fc.double({ min: -9, max: 9, noNaN: true }) }),
    {
      minLength: 1,
      maxLength: 40,
    },
  )
  .chain((rows) => fc.integer({ min: -100, max: 100 }).map((start) => ({ rows, start })))
  .map(({ rows, start }) => {
    let time = start
    return rows.map(({ ahead, value }) => {
      time += ahead
      return { time, values: [value, -2 * value] }
    })
  })

/** Each step that is complete, undefined where there is none. */
const asSteps = (slots: readonly Slot[]) =>
  slots.flatMap((slot) =>
    'missing' in slot ? Array.from({ length: slot.missing }, () => undefined) : [slot],
  )

const run = (resample: Kind, readings: readonly Arrival[]) => {
  const from = resampler({ interval, resample })
  return asSteps(readings.flatMap((reading) => from.push(reading)))
}

type Reading = { time: number; values: number[] }

/** From the first step on to the last that is complete, by looking at all readings for each. */
const reference: Record<Kind, (all: readonly Reading[]) => unknown[]> = {
  last: (all) => ofBins(all, (within) => within[within.length - 1].values),
  mean: (all) =>
    ofBins(all, (within) =>
      [0, 1].map((field) => within.reduce((sum, { values }) => sum + values[field], 0) / within.length),
    ),
  linear(all) {
    const first = Math.ceil(all[0].time / interval)
    const last = Math.floor(all[all.length - 1].time / interval)
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => {
      const time = (first + index) * interval
      const isNear = all.some((reading) => Math.abs(reading.time - time) < interval)
      if (!isNear) return undefined
      const after = all.find((reading) => reading.time >= time) as Reading
      const before = all.findLast((reading) => reading.time <= time) as Reading
      const share = after === before ? 0 : (time - before.time) / (after.time - before.time)
      return {
        time,
        values: before.values.map((value, field) => value + share * (after.values[field] - value)),
      }
    })
  },
}

function ofBins(all: readonly Reading[], of: (within: Reading[]) => number[]): unknown[] {
  const binOf = ({ time }: Reading) => Math.floor(time / interval)
  const first = binOf(all[0])
  return Array.from({ length: binOf(all[all.length - 1]) - first }, (_, index) => {
    const within = all.filter((reading) => binOf(reading) === first + index)
    return within.length === 0 ? undefined : { time: (first + index) * interval, values: of(within) }
  })
}

describe('readings on a fixed step', () => {
  for (const kind of ['last', 'mean', 'linear'] as const) {
    it(`${kind}: are what the definition says, looking at all of them`, () => {
      fc.assert(
        fc.property(series, (readings) => {
          should(run(kind, readings)).eql(reference[kind](readings))
        }),
      )
    })

    it(`${kind}: go on from their state bit for bit`, () => {
      fc.assert(
        fc.property(series, fc.nat({ max: 40 }), (readings, cut) => {
          const from = resampler({ interval, resample: kind })
          const begun = readings.slice(0, cut).flatMap((reading) => from.push(reading))
          const state: ResamplerState = JSON.parse(JSON.stringify(from.state()))
          const again = resampler({ interval, resample: kind }, state)
          const rest = readings.slice(cut).flatMap((reading) => again.push(reading))
          should(asSteps([...begun, ...rest])).eql(run(kind, readings))
        }),
      )
    })
  }

  it('count a gap of any length, and do not walk through it', () => {
    for (const resample of ['last', 'mean', 'linear'] as const) {
      const from = resampler({ interval: 1, resample })
      from.push({ time: 0, values: [1] })
      const slots = from.push({ time: 1e15, values: [2] })
      const missing = slots.reduce((sum, slot) => sum + ('missing' in slot ? slot.missing : 0), 0)
      should(missing).equal(1e15 - 1)
    }
  })

  it('are complete when a reading of a later step comes; on a line, of this time', () => {
    const at = (time: number) => ({ time, values: [time] })
    should(run('last', [at(0), at(9)])).eql([])
    should(run('last', [at(0), at(9), at(10)])).eql([{ time: 0, values: [9] }])
    should(run('linear', [at(10)])).eql([{ time: 10, values: [10] }])
    should(run('linear', [at(11), at(19)])).eql([])
    should(run('linear', [at(11), at(19), at(20)])).eql([{ time: 20, values: [20] }])
  })

  it('with nothing in them leave their step empty, and complete the one before', () => {
    const readings = [
      { time: 5, values: [1] },
      { time: 15, values: undefined },
      { time: 25, values: [3] },
      { time: 26, values: undefined },
      { time: 35, values: [4] },
    ]
    should(run('mean', readings)).eql([{ time: 0, values: [1] }, undefined, { time: 20, values: [3] }])
    should(run('linear', readings).map((slot) => slot?.values)).eql([[1.5], [2.5], [3.5]])
  })

  it('are each a step where there is no interval', () => {
    const from = resampler({ resample: 'mean' })
    should(from.push({ time: 3, values: [1] })).eql([{ time: 3, values: [1] }])
    should(from.push({ time: 3, values: undefined })).eql([{ missing: 1 }])
    should(from.state()).eql({})
  })
})
