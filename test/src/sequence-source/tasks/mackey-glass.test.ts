/** The Mackey-Glass series against its equation: a finer integration, and the lag that it must show. */
import should from 'should'
import type { SourceOptions } from '../../../../src'
import { mackeyGlassSeries } from '../../../../src/sequence-source/tasks/mackey-glass'
import { throwsExpected } from '../../../support/throws'
import { deviation, mean } from '../drawn'
import { seriesOf } from '../series'

const slope = (x: number, delayed: number) => (0.2 * delayed) / (1 + delayed ** 10) - 0.1 * x

/** Heun's method with a step of 1/2000, the whole past in a table. */
function fine(tau: number, start: number, count: number): number[] {
  const perUnit = 2000
  const x = [start]
  const at = (step: number) => (step < 0 ? start : x[step])
  for (let step = 0; step < (count - 1) * perUnit; step++) {
    const before = slope(x[step], at(step - tau * perUnit))
    const guess = x[step] + before / perUnit
    x.push(x[step] + (before + slope(guess, at(step + 1 - tau * perUnit))) / (2 * perUnit))
  }
  return Array.from({ length: count }, (_, unit) => x[unit * perUnit])
}

/** The value between samples, from the polynomial through the six nearest (Lagrange). */
function between(samples: readonly number[], at: number): number {
  const first = Math.floor(at) - 2
  const nodes = Array.from({ length: 6 }, (_, index) => first + index)
  return nodes.reduce((sum, node) => {
    const others = nodes.filter((other) => other !== node)
    return (
      sum + samples[node] * others.reduce((product, other) => (product * (at - other)) / (node - other), 1)
    )
  }, 0)
}

/** How far the samples are from a solution of the equation with this lag: the mean miss, one unit ahead. */
function miss(samples: readonly number[], lag: number): number {
  const steps = 20
  const misses: number[] = []
  for (let unit = lag + 3; unit < samples.length - 1; unit++) {
    let x = samples[unit]
    for (let step = 0; step < steps; step++) {
      const t = unit + step / steps - lag
      const before = slope(x, between(samples, t))
      const after = slope(x + before / steps, between(samples, t + 1 / steps))
      x += (before + after) / (2 * steps)
    }
    misses.push(Math.abs(x - samples[unit + 1]))
  }
  return mean(misses)
}

const options: SourceOptions = { task: 'mackey-glass', epochSize: 600, validationSplit: 0.5 }

describe('Mackey-Glass', () => {
  for (const [tau, start] of [
    [17, 1.2],
    [5, 0.7],
    [1, 1.4],
    [30, 1.1],
  ])
    it(`agrees with a finer integration for a tau of ${tau}`, () => {
      const wanted = fine(tau, start, 80)
      mackeyGlassSeries(tau, start, 80).forEach((value, unit) => {
        should(value).be.approximately(wanted[unit], 1e-6)
      })
    })

  it('follows the equation with the lag tau, 17 by default, and with no other', () => {
    for (const tau of [17, 30]) {
      const { train } = seriesOf({ ...options, ...(tau !== 17 && { tau }) })
      const samples = train.map(([x]) => x)
      const right = miss(samples, tau)
      should(right).be.below(1e-3)
      for (const lag of [tau - 1, tau + 1]) should(miss(samples, lag)).be.above(10 * right)
    }
  })

  it('goes on from what is learned from to what is held out as one series', () => {
    const { train, validation } = seriesOf(options)
    should([train.length, validation.length]).eql([600, 300])
    const series = [...train, ...validation].map(([x]) => x)
    should(miss(series, 17)).be.below(1e-3)
  })

  it('is washed out: on its attractor from the first sample on, wherever it started', () => {
    const runs = [1, 2, 3].map((seed) => seriesOf({ ...options, seed }).train.map(([x]) => x))
    for (const run of runs) {
      should(Math.min(...run.slice(0, 100))).be.within(0.2, 0.7)
      should(Math.max(...run.slice(0, 100))).be.within(1.1, 1.4)
      should(mean(run)).be.approximately(0.93, 0.03)
      should(deviation(run)).be.approximately(0.23, 0.03)
    }
    should(Math.abs(runs[0][0] - runs[1][0])).be.above(1e-3)
    // with a constant past x(t - tau), x would approach its rest by the same factor every step
    for (const [a, b, c] of runs) should(Math.abs((c - b) / (b - a) - Math.exp(-0.1))).be.above(1e-3)
  })

  it('refuses a tau that is no whole number of steps', () => {
    for (const tau of [0, 1001, 17.5])
      throwsExpected(
        () => seriesOf({ ...options, tau }),
        `expected tau to be a whole number from 1 up to 1000, got ${tau}`,
      )
  })
})
