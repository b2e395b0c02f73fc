/** Steps without a reading: what each policy makes of them, and what a gap does that is too long. */
import fc from 'fast-check'
import should from 'should'
import { type StreamOptions, sensorStream } from '../../../../src'
import { gapFiller } from '../../../../src/sequence-source/stream/gaps'
import { gapPolicies } from '../../../../src/sequence-source/stream/options'

/** null for a step without a reading; one message each. */
const run = (readings: readonly (number | null)[], options: StreamOptions) => {
  const stream = sensorStream({ scaling: 'none', length: 2, batch: 1, ...options })
  const taken = readings.map((value, time) => stream.take('a', [value], time))
  return {
    stream,
    taken,
    stretches: taken.flatMap(({ stretches }) => stretches),
    errors: taken.map(({ error }) => error?.message),
  }
}
const shown = ({ stretches }: ReturnType<typeof run>) =>
  stretches.map(({ begins, inputs, steps, times, truths }) => ({
    ...(begins && { begins }),
    inputs: inputs.flat(),
    steps,
    times,
    truths: truths.map((truth) => truth?.[0] ?? null),
  }))

describe('a gap', () => {
  const readings = [1, null, null, 4, 5]
  const first = { begins: true, inputs: [1], steps: [1], times: [0], truths: [1] }

  it('is held', () => {
    should(shown(run(readings, { gaps: 'hold' }))).eql([
      first,
      { inputs: [1, 1, 4], steps: [2, 3, 4], times: [1, 2, 3], truths: [null, null, 4] },
      { inputs: [5], steps: [5], times: [4], truths: [5] },
    ])
  })

  it('is interpolated', () => {
    should(shown(run(readings, { gaps: 'interpolate' }))[1]).eql({
      inputs: [2, 3, 4],
      steps: [2, 3, 4],
      times: [1, 2, 3],
      truths: [null, null, 4],
    })
  })

  it('is skipped, as if no time had passed', () => {
    should(shown(run(readings, { gaps: 'skip' }))).eql([
      first,
      { inputs: [4], steps: [2], times: [3], truths: [4] },
      { inputs: [5], steps: [3], times: [4], truths: [5] },
    ])
  })

  it('is masked: the steps count, and nothing is predicted from them', () => {
    should(shown(run(readings, { gaps: 'mask' }))).eql([
      first,
      { inputs: [4], steps: [4], times: [3], truths: [4] },
      { inputs: [5], steps: [5], times: [4], truths: [5] },
    ])
  })

  it('is an error, once, after which all starts anew', () => {
    const ran = run(readings, { gaps: 'error' })
    should(shown(ran)).eql([
      first,
      { begins: true, inputs: [4], steps: [2], times: [3], truths: [4] },
      { inputs: [5], steps: [3], times: [4], truths: [5] },
    ])
    should(ran.errors.filter((error) => error !== undefined)).eql([
      'expected a reading at every step of topic "a", got a gap of 2 steps; its window starts anew',
    ])
    should(ran.errors[3]).be.a.String()
  })

  it('before the first reading is none', () => {
    for (const gaps of gapPolicies) should(run([null, null, 3], { gaps }).stretches).have.length(1)
  })

  for (const gaps of gapPolicies.filter((policy) => policy !== 'error'))
    it(`${gaps}: starts the window anew when it is longer than it may be`, () => {
      const just = run([1, null, null, 4, 5], { gaps, longestGap: 2 })
      should(just.stretches.map(({ begins }) => begins)).eql([true, false, false])
      const long = run([1, null, null, null, 4, 5], { gaps, longestGap: 2 })
      should(long.stretches.map(({ begins, inputs }) => [begins, inputs])).eql([
        [true, [[1]]],
        [true, [[4]]],
        [false, [[5]]],
      ])
      should(long.stream.windows).equal(0)
      should(long.taken.every(({ error }) => error === undefined)).be.true()
    })

  it('in the middle of a message parts what comes before it from what comes after', () => {
    const stream = sensorStream({ scaling: 'none', longestGap: 0 })
    const { stretches } = stream.take('a', [[1], [2], [null], [4], [5]], 0)
    should(stretches.map(({ begins, inputs, steps }) => [begins, inputs.flat(), steps])).eql([
      [true, [1, 2], [1, 2]],
      [true, [4, 5], [3, 4]],
    ])
  })

  it('is also one in time, on a fixed step', () => {
    const stream = sensorStream({ scaling: 'none', interval: 10, gaps: 'interpolate' })
    const seen = [0, 10, 40, 50].flatMap((time) => stream.take('a', time, time).stretches)
    should(seen.map(({ inputs, times }) => [inputs.flat(), times])).eql([
      [[0], [0]],
      [[10], [10]],
      [
        [20, 30, 40],
        [20, 30, 40],
      ],
    ])
  })

  it('of any length takes no more steps than it may have', () => {
    for (const gaps of gapPolicies) {
      const filler = gapFiller({ gaps, longestGap: 3 })
      filler.push({ values: [1], time: 0 })
      filler.push({ missing: 1e15 })
      should(filler.push({ values: [2], time: 1e15 })).have.length(1)
    }
  })
})

describe('steps that were made up', () => {
  const gappy = [1, 2, null, 4, 5, 6]
  /** All windows, oldest first, a row each: inputs, targets. */
  const windows = (options: StreamOptions) => {
    const { stream } = run(gappy, options)
    if (stream.windows === 0) return []
    const again = sensorStream(
      { scaling: 'none', length: 2, ...options, batch: stream.windows },
      stream.state(),
    )
    const { inputs, targets, mask, targetMask } = again.batch() as NonNullable<ReturnType<typeof again.batch>>
    const rows = (data: ArrayLike<number> | undefined) =>
      data &&
      Array.from({ length: stream.windows }, (_, row) => {
        const size = data.length / stream.windows
        return Array.from(data).slice(row * size, (row + 1) * size)
      })
    const [x, y, m, n] = [inputs.data, targets.data, mask?.data, targetMask?.data].map(rows)
    return (x as number[][])
      .map((row, place) => ({
        x: row,
        y: y?.[place],
        ...(m && { mask: m[place] }),
        ...(n && { targetMask: n[place] }),
      }))
      .sort((a, b) => (a.y?.[0] ?? 0) - (b.y?.[0] ?? 0) || a.x[0] - b.x[0])
  }

  it('are inputs and never targets', () => {
    should(windows({ gaps: 'hold' })).eql([
      { x: [2, 2], y: [4] },
      { x: [2, 4], y: [5] },
      { x: [4, 5], y: [6] },
    ])
    should(windows({ gaps: 'interpolate' })[0]).eql({ x: [2, 3], y: [4] })
    should(windows({ gaps: 'skip' })).have.length(3)
    should(windows({ gaps: 'error' })).eql([{ x: [4, 5], y: [6] }])
  })

  it('do not count among the targets of steps', () => {
    should(windows({ gaps: 'hold', targetsPer: 'step' })).eql(
      [
        { x: [1, 2], y: [2, 0], targetMask: [1, 0] },
        { x: [2, 2], y: [0, 4], targetMask: [0, 1] },
        { x: [2, 4], y: [4, 5], targetMask: [1, 1] },
        { x: [4, 5], y: [5, 6], targetMask: [1, 1] },
      ].sort((a, b) => a.y[0] - b.y[0] || a.x[0] - b.x[0]),
    )
  })

  it('are nothing at all where they are masked', () => {
    should(windows({ gaps: 'mask' })).eql([
      { x: [2, 0], y: [4], mask: [1, 0] },
      { x: [0, 4], y: [5], mask: [0, 1] },
      { x: [4, 5], y: [6], mask: [1, 1] },
    ])
    // after a step that is masked nothing is said, so that its target alone makes no window
    should(windows({ gaps: 'mask', targetsPer: 'step', length: 1 }).map(({ x }) => x)).eql([[1], [4], [5]])
  })

  it('are not what the scale is measured on', () => {
    for (const gaps of ['hold', 'interpolate', 'mask', 'skip'] as const) {
      const { stream } = run([1, null, null, null, 3], { gaps, scaling: 'z-score' })
      should(stream.scale('a')?.input).eql({ mean: [2], std: [1] })
    }
  })
})

describe('gaps of all kinds', () => {
  it('leave windows whose inputs are neighbours, and targets that were read', () => {
    const values = fc.array(fc.option(fc.constant(1), { nil: null, freq: 3 }), { maxLength: 60 })
    fc.assert(
      fc.property(
        values,
        fc.constantFrom(...gapPolicies),
        fc.record({
          length: fc.integer({ min: 1, max: 5 }),
          horizon: fc.integer({ min: 0, max: 3 }),
          stride: fc.integer({ min: 1, max: 4 }),
          longestGap: fc.integer({ min: 0, max: 4 }),
          targetsPer: fc.constantFrom('sequence' as const, 'step' as const),
        }),
        (given, gaps, options) => {
          // each reading is its own number
          const { stream } = run(
            given.map((value, place) => value && place + 1),
            { ...options, gaps },
          )
          if (stream.windows === 0) return
          const again = sensorStream(
            { scaling: 'none', ...options, gaps, batch: stream.windows },
            stream.state(),
          )
          const batch = again.batch() as NonNullable<ReturnType<typeof again.batch>>
          const { length, horizon, targetsPer } = options
          const perStep = targetsPer === 'step'
          const said = perStep ? length : 1
          for (let row = 0; row < stream.windows; row++) {
            const x = batch.inputs.data.slice(row * length, (row + 1) * length)
            const isThere = (place: number) => batch.mask?.data[row * length + place] !== 0
            let counted = 0
            for (let nth = 0; nth < said; nth++) {
              if (batch.targetMask?.data[row * said + nth] === 0) continue
              counted += 1
              const target = batch.targets.data[row * said + nth]
              should(given[target - 1]).equal(1)
              const input = x[perStep ? nth : length - 1]
              // a step that is held or masked stands for a later time than its value says
              const isExact = gaps === 'error' || (gaps === 'interpolate' && isThere(0))
              if (isExact) should(target - input).be.approximately(horizon, 1e-9)
            }
            should(counted).be.above(0)
            should(Array.from(x, (_, place) => isThere(place)).some(Boolean)).be.true()
          }
        },
      ),
    )
  })
})
