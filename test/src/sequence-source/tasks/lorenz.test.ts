/** The Lorenz series against its equations: Runge and Kutta's method once more, and a finer integration. */
import should from 'should'
import type { SourceOptions } from '../../../../src'
import { deviation, mean } from '../drawn'
import { seriesOf } from '../series'

const flow = ([x, y, z]: readonly number[]) => [10 * (y - x), 28 * x - y - x * z, x * y - (8 * z) / 3]

/** The classical tableau: slopes at 0, 1/2, 1/2, 1 with weights 1, 2, 2, 1 sixths. */
function rungeKutta(from: readonly number[], dt: number): number[] {
  const weights = [1, 2, 2, 1]
  let slope = [0, 0, 0]
  const sum = [0, 0, 0]
  ;[0, 1 / 2, 1 / 2, 1].forEach((node, stage) => {
    slope = flow(from.map((value, axis) => value + node * dt * slope[axis]))
    for (let axis = 0; axis < 3; axis++) sum[axis] += (weights[stage] * slope[axis]) / 6
  })
  return from.map((value, axis) => value + dt * sum[axis])
}

const options: SourceOptions = { task: 'lorenz', epochSize: 2000, validationSplit: 0.1 }

describe('Lorenz', () => {
  it('is its equations, integrated by Runge and Kutta with a step of 0.02', () => {
    const { train, validation } = seriesOf(options)
    should([train.length, validation.length]).eql([2000, 200])
    const series = [...train, ...validation]
    series.slice(1).forEach((point, before) => {
      const wanted = rungeKutta(series[before], 0.02)
      for (let axis = 0; axis < 3; axis++) should(point[axis]).be.approximately(wanted[axis], 1e-11)
    })
  })

  it('is near the true solution over each step', () => {
    const { train } = seriesOf(options)
    train.slice(1, 300).forEach((point, before) => {
      let wanted = train[before]
      for (let part = 0; part < 50; part++) wanted = rungeKutta(wanted, 0.02 / 50)
      for (let axis = 0; axis < 3; axis++) should(point[axis]).be.approximately(wanted[axis], 0.01)
    })
  })

  it('is washed out: its first sample may lie anywhere on the attractor, outside of where it starts too', () => {
    const first = Array.from(
      { length: 60 },
      (_, seed) => seriesOf({ ...options, epochSize: 1, seed }).train[0],
    )
    should(first.filter(([x]) => Math.abs(x) > 11)).not.be.empty()
    should(first.filter(([, y]) => Math.abs(y) > 13)).not.be.empty()
  })

  it('is on its attractor, at another place for another seed', () => {
    const runs = [1, 2].map((seed) => seriesOf({ ...options, seed }).train)
    for (const run of runs) {
      const [x, , z] = [0, 1, 2].map((axis) => run.map((point) => point[axis]))
      should(mean(z)).be.approximately(23.5, 1.5)
      should(deviation(x)).be.approximately(7.9, 0.5)
      should(Math.min(...z)).be.above(0)
      should(Math.max(...x.map(Math.abs))).be.below(20)
    }
    should(runs[0][0]).not.eql(runs[1][0])
  })
})
