import type { ScaleRule } from './running-scale'

/**
 * Mean and standard deviation (of the population), one value after another (Welford 1962). The deviation of a field that
 * has not changed yet is 1. State: count, mean, and the sum of squared differences from it.
 */
export const zScore: ScaleRule = {
  observe(state, value) {
    if (state.length === 0) state.push(0, 0, 0)
    const before = value - state[1]
    state[0] += 1
    state[1] += before / state[0]
    state[2] += before * (value - state[1])
  },
  center: ([, mean = 0]) => mean,
  spread: ([count = 1, , squares = 0]) => Math.sqrt(squares / count) || 1,
}
