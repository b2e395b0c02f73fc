/** Scales that follow the readings of a topic, held to what all readings together say. */
import fc from 'fast-check'
import should from 'should'
import { type Scale, type StreamOptions, sensorStream } from '../../../../src'
import { random } from '../../../../src/random/random'
import { zScore } from '../../../../src/sequence-source/scaling'
import { followQuantiles, quartile } from '../../../../src/sequence-source/stream/running-scale/quantiles'
import { throwsExpected } from '../../../support/throws'

const value = fc.double({ min: -1e6, max: 1e6, noNaN: true })
const rows = fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 60 })

/** The scale after these readings of two fields. */
const scaleOf = (readings: readonly (readonly number[])[], options: StreamOptions) => {
  const stream = sensorStream(options)
  for (const reading of readings) stream.take('a', reading, 0)
  return stream.scale('a')?.input
}
const columnsOf = (readings: readonly (readonly number[])[]) =>
  [0, 1].map((field) => Float64Array.from(readings, (reading) => reading[field]))

/** As numpy has it. */
function quantile(values: ArrayLike<number>, share: number): number {
  const sorted = Float64Array.from(values).sort()
  const place = (sorted.length - 1) * share
  const low = Math.floor(place)
  return sorted[low] + (place - low) * ((sorted[low + 1] ?? sorted[low]) - sorted[low])
}

describe('a running scale', () => {
  it('z-score: is that of all readings so far', () => {
    fc.assert(
      fc.property(rows, (readings) => {
        const expected = zScore(columnsOf(readings))
        const { mean, std } = scaleOf(readings, { scaling: 'z-score' }) as typeof expected
        for (const field of [0, 1]) {
          should(mean[field]).be.approximately(expected.mean[field], 1e-6)
          should(std[field]).be.approximately(expected.std[field], 1e-9 * expected.std[field] + 1e-6)
        }
      }),
    )
  })

  it('min-max: goes from the least to the most so far', () => {
    fc.assert(
      fc.property(rows, (readings) => {
        const columns = columnsOf(readings)
        should(scaleOf(readings, { scaling: 'min-max' })).eql({
          mean: columns.map((column) => Math.min(...column)),
          std: columns.map((column) => Math.max(...column) - Math.min(...column) || 1),
        })
      }),
    )
  })

  it('robust: is that of all readings, as long as they are at most nine', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 9 }), (readings) => {
        const columns = columnsOf(readings)
        const { mean, std } = scaleOf(readings, { scaling: 'robust' }) as { mean: number[]; std: number[] }
        columns.forEach((column, field) => {
          should(mean[field]).be.approximately(quantile(column, 0.5), 1e-9)
          const range = (quantile(column, 0.75) - quantile(column, 0.25)) / 1.3489795003921634
          const isSome = range > 1e-6 * Math.abs(mean[field])
          should(std[field]).be.approximately(isSome ? range : 1, 1e-6)
        })
      }),
    )
  })

  it('robust: knows center and deviation of a normal distribution, and hardly minds wild values', () => {
    const from = random(3)
    const readings = Array.from({ length: 20_000 }, (_, nth) => [
      100 + 5 * from.normal(),
      nth % 10 === 9 ? 1e6 : 100 + 5 * from.normal(),
    ])
    const { mean, std } = scaleOf(readings, { scaling: 'robust' }) as { mean: number[]; std: number[] }
    should(mean[0]).be.approximately(100, 0.2)
    should(std[0]).be.approximately(5, 0.2)
    should(mean[1]).be.approximately(100.7, 0.4)
    should(std[1]).be.approximately(5.6, 0.7)
    should(scaleOf(readings, { scaling: 'z-score' })?.std[1]).be.above(1e5)
  })

  it('robust: makes no deviation out of readings that are often the same', () => {
    const from = random(7)
    const kinds: Record<string, [draw: () => number, std: number, most: number]> = {
      'one in twenty': [() => Number(from.uniform() < 0.05), 1, 1],
      'one in five': [() => Number(from.uniform() < 0.2), 1, 1],
      'one in two': [() => Number(from.uniform() < 0.5), 1 / 1.349, 2],
      'whole degrees': [() => Math.round(21 + 1.5 * from.normal()), 2 / 1.349, 6],
      'rounded in the last place': [() => 21.5 + (from.uniform() < 0.3 ? 1e-6 : 0), 1, 1],
    }
    for (const [name, [draw, std, most]] of Object.entries(kinds)) {
      const readings = Array.from({ length: 5000 }, () => [draw(), 0])
      const scale = scaleOf(readings, { scaling: 'robust' }) as { mean: number[]; std: number[] }
      should(scale.std[0]).be.approximately(std, 0.01, name)
      for (const [value] of readings)
        should(Math.abs(value - scale.mean[0]) / scale.std[0]).be.belowOrEqual(most, name)
    }
  })

  it('estimates quartiles of any distribution, in any order of its values', () => {
    const from = random(5)
    const shapes: Record<string, () => number> = {
      uniform: () => from.uniform(),
      exponential: () => -Math.log(1 - from.uniform()),
      'two humps': () => from.normal() + (from.uniform() < 0.5 ? -6 : 6),
    }
    for (const [name, draw] of Object.entries(shapes)) {
      const values = Array.from({ length: 5000 }, draw)
      const estimate: number[] = []
      for (const one of values) followQuantiles(estimate, one)
      for (const which of [1, 2, 3] as const) {
        // by its rank among the values: between two humps anything is a median
        const rank = values.filter((one) => one <= quartile(estimate, which)).length / values.length
        should(rank).be.approximately(which / 4, 0.02, `${name}, quartile ${which}`)
      }
    }
  })

  it('keeps its quartiles in order whatever comes', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(value, fc.constantFrom(0, 1)), { maxLength: 200 }), (values) => {
        const estimate: number[] = []
        for (const one of values) followQuantiles(estimate, one)
        const [first, second, third] = ([1, 2, 3] as const).map((which) => quartile(estimate, which))
        should(first <= second && second <= third).be.true()
        if (values.length > 0) should(first).be.within(Math.min(...values), Math.max(...values))
      }),
    )
  })

  it('of a field that never changes has the deviation 1', () => {
    for (const scaling of ['z-score', 'min-max', 'robust'] as const)
      for (const count of [1, 2, 30]) {
        const readings = Array.from({ length: count }, () => [0.1, 1e9])
        should(scaleOf(readings, { scaling })).eql({ mean: [0.1, 1e9], std: [1, 1] }, `${scaling} ${count}`)
      }
  })

  it('fixed: is the one that is given, for each field or for all', () => {
    const readings = [[1, 2]]
    should(scaleOf(readings, { scaling: 'fixed' })).eql({ mean: [0, 0], std: [1, 1] })
    should(scaleOf(readings, { scaling: 'fixed', center: [20, 50], spread: [4] })).eql({
      mean: [20, 50],
      std: [4, 4],
    })
    for (const options of [{ center: [1, 2, 3] }, { spread: [1, 2, 3] }])
      throwsExpected(
        () => scaleOf(readings, { scaling: 'fixed', ...options }),
        /expected a number in (center|spread) for each of the fields 1, 2, or one for all, got 3/,
      )
  })

  it('none: leaves numbers as they are', () => {
    const stream = sensorStream({ scaling: 'none' })
    const { stretches } = stream.take('a', [7, 8], 0)
    should(stretches[0].inputs).eql([[7, 8]])
    should(stretches[0]).not.have.property('scale')
    should(stream.scale('a')).equal(undefined)
  })

  it('is one for each topic', () => {
    const stream = sensorStream()
    for (const reading of [1, 3]) stream.take('a', reading, 0)
    for (const reading of [10, 30]) stream.take('b', reading, 0)
    should(stream.scale('a')?.input).eql({ mean: [2], std: [1] })
    should(stream.scale('b')?.input).eql({ mean: [20], std: [10] })
    should(stream.take('a', 3, 0).stretches[0].scale?.input).eql(stream.scale('a')?.input)
  })

  it('has the fields of inputs and of targets each in their order', () => {
    const stream = sensorStream({ columns: ['b', 'a'], targetColumns: ['c', 'b'], scaling: 'min-max' })
    stream.take(
      'x',
      [
        { a: 1, b: 20, c: 300 },
        { a: 2, b: 40, c: 700 },
      ],
      0,
    )
    should(stream.scale('x')).eql({
      input: { mean: [20, 1], std: [20, 1] },
      target: { mean: [300, 20], std: [400, 20] },
    })
  })

  it('stays as it is when it is frozen, for a topic or for all, until it is told to follow', () => {
    const stream = sensorStream()
    const mean = (topic: string) => stream.scale(topic)?.input.mean[0]
    const take = (topic: string, reading: number) => stream.take(topic, reading, 0)
    take('a', 1)
    take('b', 1)
    stream.freeze('a')
    take('a', 3)
    take('b', 3)
    should([mean('a'), mean('b')]).eql([1, 2])
    stream.freeze()
    take('b', 30)
    take('c', 5)
    take('c', 7)
    should([mean('a'), mean('b'), mean('c')]).eql([1, 2, 6])
    stream.freeze('a', false)
    take('a', 3)
    should(mean('a')).equal(2)
    stream.freeze(undefined, false)
    take('b', 5)
    should(mean('b')).equal(3)
  })

  it('stays as it is after the steps it may follow', () => {
    const readings = [[1], [3], [100]]
    should(scaleOf(readings, { scaleSteps: 2 })).eql({ mean: [2], std: [1] })
    should(scaleOf(readings, { scaleSteps: 3 })?.mean[0]).be.above(30)
  })

  it('is undone by what it says: value = scaled · std + mean', () => {
    fc.assert(
      fc.property(rows, fc.constantFrom('z-score', 'min-max', 'robust'), (readings, scaling) => {
        const { stretches } = sensorStream({ scaling: scaling as 'robust' }).take('a', readings, 0)
        const [{ inputs, scale }] = stretches
        const { mean, std } = (scale as Scale).input
        const back = inputs.map((row) => row.map((scaled, field) => scaled * std[field] + mean[field]))
        for (const [step, row] of back.entries())
          for (const [field, value] of row.entries())
            should(value).be.approximately(readings[step][field], 1e-5)
      }),
    )
  })
})
