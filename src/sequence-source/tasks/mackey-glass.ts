import { wholeIn } from '../checks'
import type { SourceOptions } from '../options'
import { simulatedTask } from '../simulated'
import type { Task } from '../task'

const [beta, gamma, power] = [0.2, 0.1, 10]
const stepsPerUnit = 10
/** Samples thrown away, until nothing is left of the start. */
const washout = 1000

/**
 * The Mackey-Glass series (Mackey & Glass 1977; as a benchmark of forecasting: Jaeger & Haas 2004), chaotic
 * from a `tau` of 17 on. Sampled once a unit of time; windows over one long series, which starts from a
 * random constant between 1 and 1.4 and is washed out. Target: the series `horizon` steps ahead, after the
 * last step or after every.
 */
export function mackeyGlass(options: SourceOptions, seed: number): Task {
  const tau = wholeIn('tau', options.tau ?? 17, 1, 1000)
  return simulatedTask(
    {
      names: ['x'],
      run: (random, count) => [
        mackeyGlassSeries(tau, random.uniform(1, 1.4), washout + count).subarray(washout),
      ],
    },
    options,
    seed,
  )
}

/**
 * x(0), x(1), … of dx/dt = 0.2 x(t-τ) / (1 + x(t-τ)¹⁰) - 0.1 x(t), by Runge & Kutta's method of order four
 * with step 0.1. Half-way between steps, where the method needs it too, x(t-τ) is interpolated with its
 * slopes (Hermite).
 *
 * @param tau τ, a whole number
 * @param start x(t) for all t ≤ 0
 */
export function mackeyGlassSeries(tau: number, start: number, count: number): Float64Array {
  const h = 1 / stepsPerUnit
  const slope = (x: number, delayed: number) => (beta * delayed) / (1 + delayed ** power) - gamma * x
  // the last τ of x, at the steps and half a step later, in rings
  const delay = tau * stepsPerUnit
  const atSteps = new Float64Array(delay).fill(start)
  const halfway = new Float64Array(delay).fill(start)
  const samples = new Float64Array(count)
  let x = start
  for (let step = 0; step < count * stepsPerUnit; step++) {
    if (step % stepsPerUnit === 0) samples[step / stepsPerUnit] = x
    const at = step % delay
    const [delayed, delayedHalf, delayedNext] = [atSteps[at], halfway[at], atSteps[(step + 1) % delay]]
    const k1 = slope(x, delayed)
    const k2 = slope(x + (h / 2) * k1, delayedHalf)
    const k3 = slope(x + (h / 2) * k2, delayedHalf)
    const k4 = slope(x + h * k3, delayedNext)
    const next = x + (h / 6) * (k1 + 2 * k2 + 2 * k3 + k4)
    atSteps[at] = x
    halfway[at] = (x + next) / 2 + (h / 8) * (k1 - slope(next, delayedNext))
    x = next
  }
  return samples
}
