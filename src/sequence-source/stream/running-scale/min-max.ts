import type { ScaleRule } from './running-scale'

/**
 * The smallest value so far becomes 0, the largest 1. The range of a field that has not changed yet is 1. State: the two.
 */
export const minMax: ScaleRule = {
  observe(state, value) {
    const [least = value, most = value] = state
    state[0] = Math.min(least, value)
    state[1] = Math.max(most, value)
  },
  center: ([least = 0]) => least,
  spread: ([least = 0, most = 0]) => most - least || 1,
}
