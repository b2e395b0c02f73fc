import type { SourceOptions } from '../options'
import { simulatedTask } from '../simulated'
import type { Task } from '../task'

const [sigma, rho, beta] = [10, 28, 8 / 3]
const dt = 0.02
/** Samples thrown away, until the series is on the attractor. */
const washout = 1000

type Point = readonly [x: number, y: number, z: number]

/**
 * The Lorenz system (Lorenz 1963) with his σ = 10, ρ = 28, β = 8/3, sampled every 0.02 units of time. Windows
 * over one long series, which starts at a random point and is washed out. Inputs: x, y, z. Target: x, y, z
 * `horizon` steps ahead, after the last step or after every step.
 */
export const lorenz = (options: SourceOptions, seed: number): Task =>
  simulatedTask(
    {
      names: ['x', 'y', 'z'],
      run(random, count) {
        let point: Point = [random.uniform(-10, 10), random.uniform(-10, 10), random.uniform(10, 40)]
        for (let step = 0; step < washout; step++) point = next(point)
        const columns = point.map(() => new Float64Array(count))
        for (let row = 0; row < count; row++) {
          columns.forEach((column, axis) => {
            column[row] = point[axis]
          })
          point = next(point)
        }
        return columns
      },
    },
    options,
    seed,
  )

const slope = ([x, y, z]: Point): Point => [sigma * (y - x), x * (rho - z) - y, x * y - beta * z]

const moved = ([x, y, z]: Point, by: number, [dx, dy, dz]: Point): Point => [
  x + by * dx,
  y + by * dy,
  z + by * dz,
]

/** One step of Runge & Kutta's method of order four. */
function next(point: Point): Point {
  const k1 = slope(point)
  const k2 = slope(moved(point, dt / 2, k1))
  const k3 = slope(moved(point, dt / 2, k2))
  const k4 = slope(moved(point, dt, k3))
  return moved(moved(moved(moved(point, dt / 6, k1), dt / 3, k2), dt / 3, k3), dt / 6, k4)
}
