/** A stream as a whole: its windows are those of a data set, its buffer and its topics are bounded. */
import fc from 'fast-check'
import should from 'should'
import { type StreamOptions, sensorStream, sequenceSource, toNested } from '../../../../src'
import { usualLimits } from '../../../../src/limits'
import { throwsExpected } from '../../../support/throws'

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index)

/** All windows of the buffer at once, in any order. */
const everyWindow = (options: StreamOptions, readings: readonly (readonly number[])[]) => {
  const counting = sensorStream(options)
  for (const [time, reading] of readings.entries()) counting.take('a', reading, time)
  const stream = sensorStream({ ...options, batch: Math.max(1, counting.windows) }, counting.state())
  const batch = stream.batch()
  if (!batch) return []
  const [x, y] = [toNested(batch.inputs), toNested(batch.targets)] as unknown[][]
  return x.map((window, row) => ({ window, target: y[row] }))
}
const inOrder = (windows: readonly object[]) => windows.map((one) => JSON.stringify(one)).sort()

describe('the windows of a stream', () => {
  it('are those of the same series as a data set', () => {
    const options = fc.record({
      length: fc.integer({ min: 1, max: 7 }),
      horizon: fc.integer({ min: 0, max: 4 }),
      stride: fc.integer({ min: 1, max: 5 }),
      targetsPer: fc.constantFrom('sequence' as const, 'step' as const),
      targetColumns: fc.constantFrom([], ['2'], ['2', '1']),
      columns: fc.constantFrom([], ['1'], ['2', '1']),
    })
    const value = fc.integer({ min: -99, max: 99 })
    const series = fc.array(fc.tuple(value, value), { minLength: 12, maxLength: 40 })
    fc.assert(
      fc.property(options, series, (of, readings) => {
        const source = sequenceSource({
          task: 'dataset',
          data: readings,
          ...of,
          scaling: 'none',
          validationSplit: 0,
          batch: 1000,
        })
        const { value: batch } = source.next()
        const [x, y] = [toNested(batch?.inputs as never), toNested(batch?.targets as never)] as unknown[][]
        const expected = x.map((window, row) => ({ window, target: y[row] }))
        should(inOrder(everyWindow({ ...of, scaling: 'none' }, readings))).eql(inOrder(expected))
      }),
    )
  })

  it('are scaled as those of a data set are, when both know the same readings', () => {
    const readings = upTo(60).map((n) => [20 + 5 * Math.sin(n), 1000 * Math.cos(n)])
    const source = sequenceSource({
      task: 'dataset',
      data: readings,
      length: 5,
      validationSplit: 0,
      batch: 1000,
      shuffle: false,
    })
    const batch = source.next().value as NonNullable<ReturnType<typeof source.next>['value']>
    const expected = (toNested(batch.inputs) as number[][][]).map((window, row) => ({
      window,
      target: (toNested(batch.targets) as number[][])[row],
    }))
    const byFirst = (a: { window: unknown }, b: { window: unknown }) =>
      (a.window as number[][])[0][0] - (b.window as number[][])[0][0]
    const seen = everyWindow({ length: 5 }, readings).sort(byFirst)
    const flat = (windows: readonly object[]) =>
      JSON.stringify(windows)
        .match(/-?\d[\d.e-]*/g)
        ?.map(Number) ?? []
    const [ours, theirs] = [flat(seen), flat(expected.sort(byFirst))]
    should(ours.length).equal(theirs.length)
    for (const [place, number] of ours.entries()) should(number).be.approximately(theirs[place], 1e-9)
  })

  it('know their target `horizon` steps after their last input, and no sooner', () => {
    const stream = sensorStream({ length: 3, horizon: 2, stride: 2, batch: 1 })
    should(upTo(10).map((time) => stream.take('a', time, time).windows)).eql([0, 0, 0, 0, 1, 0, 1, 0, 1, 0])
    should(stream.windows).equal(3)
  })

  it('of one topic have nothing of another', () => {
    const stream = sensorStream({ length: 2, scaling: 'none', batch: 4 })
    for (const time of upTo(4)) {
      stream.take('a', time, time)
      stream.take('b', 100 + time, time)
    }
    const batch = stream.batch()
    const windows = toNested(batch?.inputs as never) as number[][][]
    should(windows.map((window) => window.flat().join()).sort()).eql(['0,1', '1,2', '100,101', '101,102'])
    should(batch?.topics).eql(windows.map((window) => (window[0][0] >= 100 ? 'b' : 'a')))
  })
})

describe('a prediction of a stream', () => {
  it('begins when its step comes, and is compared `horizon` steps later', () => {
    const stream = sensorStream({ scaling: 'none' })
    const seen = [5, 6, 7].map((reading, time) => stream.take('a', reading, time).stretches)
    should(seen).eql([
      [{ begins: true, inputs: [[5]], steps: [1], times: [0], truths: [[5]] }],
      [{ begins: false, inputs: [[6]], steps: [2], times: [1], truths: [[6]] }],
      [{ begins: false, inputs: [[7]], steps: [3], times: [2], truths: [[7]] }],
    ])
  })

  it('has as truth the target fields in the units of the data', () => {
    const stream = sensorStream({ columns: ['x'], targetColumns: ['y', 'x'] })
    stream.take('a', { x: 1, y: 2 }, 0)
    const [{ inputs, truths, scale }] = stream.take('a', { x: 3, y: 4 }, 1).stretches
    should(inputs).eql([[1]])
    should(truths).eql([[4, 3]])
    should(scale?.target).eql({ mean: [3, 2], std: [1, 1] })
    should(stream.fields).eql({ inputs: ['x'], targets: ['y', 'x'] })
  })

  it('is the same whether readings come one by one or together, but for the scale', () => {
    const one = sensorStream({ scaling: 'none', interval: 3, gaps: 'interpolate' })
    const all = sensorStream({
      scaling: 'none',
      interval: 3,
      gaps: 'interpolate',
      time: 'field',
      timeField: 't',
    })
    const times = [0, 2, 4, 5, 12, 13, 14, 30, 33, 36]
    const singly = times.flatMap((time) => one.take('a', { v: time ** 2 }, time).stretches)
    const together = all.take(
      'a',
      times.map((t) => ({ t, v: t ** 2 })),
      0,
    ).stretches
    const steps = (stretches: typeof together) =>
      stretches.flatMap(({ inputs, steps }) => steps.map((step, place) => [step, ...inputs[place]]))
    should(steps(together)).eql(steps(singly))
  })
})

describe('a batch of a stream', () => {
  const filled = (options: StreamOptions) => {
    const stream = sensorStream({ length: 2, scaling: 'none', ...options })
    for (const time of upTo(30)) stream.take('a', time, time)
    return stream
  }
  const starts = (stream: ReturnType<typeof filled>) => {
    const batch = stream.batch() as NonNullable<ReturnType<typeof stream.batch>>
    return [...batch.inputs.data].filter((_, place) => place % 2 === 0)
  }

  it('comes when there are as many windows, all different, each as likely as any other', () => {
    const stream = sensorStream({ length: 2, scaling: 'none', batch: 3 })
    const seen = upTo(5).map((time) => {
      stream.take('a', time, time)
      return stream.batch()?.step
    })
    should(seen).eql([undefined, undefined, undefined, undefined, 1])
    const many = filled({ batch: 4 })
    const counts = new Map<number, number>()
    for (let draw = 0; draw < 2000; draw++) {
      const drawn = starts(many)
      should(new Set(drawn).size).equal(4)
      for (const start of drawn) counts.set(start, (counts.get(start) ?? 0) + 1)
    }
    // 28 windows, each 2000 · 4 / 28 = 286 times, give or take 16
    should(counts.size).equal(28)
    should([...counts.values()].every((count) => count > 200 && count < 370)).be.true()
  })

  it('is the same for the same seed, another for another', () => {
    const draws = (seed: number) => {
      const stream = filled({ seed, batch: 4 })
      return upTo(5).map(() => starts(stream))
    }
    should(draws(3)).eql(draws(3))
    should(draws(3)).not.eql(draws(4))
  })

  it('has the latest windows only, as many as the buffer may have', () => {
    const stream = filled({ replay: 5, batch: 5 })
    should(stream.windows).equal(5)
    should(starts(stream).sort((a, b) => a - b)).eql([23, 24, 25, 26, 27])
  })

  it('is scaled as its topics are now, each for itself', () => {
    const stream = sensorStream({ length: 1, batch: 4, scaling: 'min-max' })
    for (const reading of [0, 1, 4]) stream.take('a', reading, 0)
    for (const reading of [10, 20, 30]) stream.take('b', reading, 0)
    const batch = stream.batch()
    const rows = batch?.topics.map((topic, row) => [topic, batch.inputs.data[row], batch.targets.data[row]])
    should(rows?.sort()).eql([
      ['a', 0, 0.25],
      ['a', 0.25, 1],
      ['b', 0, 0.5],
      ['b', 0.5, 1],
    ])
    should(batch?.scales?.map(({ input }) => input.std[0])).eql(
      batch?.topics.map((topic) => (topic === 'a' ? 4 : 20)),
    )
  })
})

describe('a stream is bounded', () => {
  it('in its topics: the one not heard of for longest is forgotten, and its windows', () => {
    const stream = sensorStream({ length: 1, topics: 2, batch: 1, scaling: 'none' })
    for (const topic of ['a', 'b', 'a', 'b', 'a', 'c']) stream.take(topic, 1, 0)
    should(stream.topics).equal(2)
    should([stream.scale('b'), stream.windows]).eql([undefined, 2])
    should(stream.take('b', 1, 0).stretches[0]).containEql({ begins: true, steps: [1] })
    should(stream.windows).equal(0)
    should(stream.take('c', 1, 0).stretches[0].begins).be.false()
  })

  it('in all it holds on to, whatever comes', () => {
    const message = fc.tuple(
      fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      fc.array(fc.option(fc.integer({ min: 0, max: 9 }), { nil: null, freq: 4 }), {
        minLength: 1,
        maxLength: 20,
      }),
      fc.integer({ min: 0, max: 40 }),
    )
    fc.assert(
      fc.property(
        fc.array(message, { maxLength: 60 }),
        fc.constantFrom(undefined, 5),
        fc.constantFrom('hold' as const, 'mask' as const, 'skip' as const),
        (messages, interval, gaps) => {
          const bounds = { length: 3, horizon: 2, topics: 3, replay: 10, batch: 1, longestGap: 2 }
          const stream = sensorStream({ ...bounds, interval, gaps })
          let time = 0
          for (const [topic, readings, ahead] of messages) {
            time += ahead
            stream.take(
              topic,
              readings.map((value) => [value]),
              time,
            )
          }
          const { topics, replay } = stream.state()
          should(topics.length).be.belowOrEqual(3)
          should(replay.length).be.belowOrEqual(10)
          const steps = topics.reduce((sum, { kinds }) => sum + kinds.length, 0)
          should(steps).be.belowOrEqual((3 + 10) * 5)
        },
      ),
    )
  })

  it('in what it may be asked for', () => {
    for (const [options, message] of [
      [
        { topics: 50_000 },
        'expected topics × (length + horizon) to be at most 1000000 (maxStreamSteps of configureLimits), got 1050000',
      ],
      [
        { length: 1999, replay: 501 },
        'expected replay × (length + horizon) to be at most 1000000 (maxStreamSteps of configureLimits), got 1002000',
      ],
      [{ replay: 10, batch: 11 }, 'expected batch to be a whole number from 1 up to 10, got 11'],
      [{ horizon: 10_001 }, 'expected horizon to be a whole number from 0 up to 10000, got 10001'],
      [{ longestGap: 10_001 }, 'expected longestGap to be a whole number from 0 up to 10000, got 10001'],
      [{ interval: 0.5 }, 'expected interval to be a number from 1 up to 100000000000, got 0.5'],
      [{ spread: [1, 0] }, 'expected spread 2 to be a number above 0, got 0'],
      [{ center: [] }, 'expected center to be an array of numbers, got an empty array'],
      [{ scaleSteps: 0 }, 'expected scaleSteps to be a whole number from 1 up to 10000000, got 0'],
      [{ gaps: 'fill' as never }, /expected gaps to be one of hold, interpolate, mask, skip, error/],
      [{ late: 'keep' as never }, /expected late to be one of drop, accept, error/],
      [{ duplicates: 'keep' as never }, /expected duplicates to be one of drop, accept, error/],
      [{ resample: 'sum' as never }, /expected resample to be one of last, mean, linear/],
      [{ scaling: 'log' as never }, /expected scaling to be one of z-score, min-max, robust, fixed, none/],
      [{ time: 'sender' as never }, /expected time to be one of arrival, field/],
    ] as const)
      throwsExpected(() => sensorStream(options as StreamOptions), message)
  })

  it('by itself, where a window is so long that the usual numbers would be too much', () => {
    const { settings } = sensorStream({ length: 9_999 })
    should(settings).containEql({ topics: 100, replay: 100, batch: 32 })
    should(settings.topics * settings.span).be.belowOrEqual(usualLimits.maxStreamSteps)
    should(sensorStream({ length: 99_999 }).settings).containEql({ topics: 10, replay: 10, batch: 10 })
  })
})

describe('a stream', () => {
  it('changes nothing for what is no reading', () => {
    const stream = sensorStream({ length: 2, time: 'field', timeField: 't' })
    stream.take('a', { t: 1, v: 2 }, undefined)
    const before = JSON.stringify(stream.state())
    for (const given of [
      'x',
      null,
      [],
      { t: 2, v: 'x' },
      { t: 'soon', v: 1 },
      { v: 1 },
      [{ t: 2, v: 1 }, { t: 3 }],
    ])
      for (const topic of ['a', 'new']) throwsExpected(() => stream.take(topic, given, undefined), /expected/)
    should(JSON.stringify(stream.state())).equal(before)
    const fresh = sensorStream()
    throwsExpected(() => fresh.take('a', [[1], ['x']], 0), /number in field 1/)
    should(fresh.fields).equal(undefined)
    should(fresh.take('a', { v: 1 }, 0).stretches).have.length(1)
  })

  it('forgets a topic with its windows, or everything', () => {
    const stream = sensorStream({ length: 1, batch: 1 })
    for (const topic of ['a', 'b', 'a', 'b', 'b']) stream.take(topic, 1, 0)
    should([stream.topics, stream.windows]).eql([2, 3])
    stream.forget('a')
    should([stream.topics, stream.windows]).eql([1, 2])
    stream.forget('a')
    should(stream.take('a', 1, 0).stretches[0]).containEql({ begins: true, steps: [1] })
    stream.batch()
    stream.forget()
    should([stream.topics, stream.windows, stream.fields]).eql([0, 0, undefined])
    should(stream.state()).eql(sensorStream({ length: 1, batch: 1 }).state())
    should(stream.take('a', { other: 'x', v: 1 }, 0).stretches[0].begins).be.true()
  })

  it('knows topics by any name', () => {
    const stream = sensorStream()
    for (const topic of ['', '__proto__', 'constructor', 'hasOwnProperty'])
      should(stream.take(topic, 1, 0).stretches[0].begins).be.true()
    should(stream.topics).equal(4)
  })
})
