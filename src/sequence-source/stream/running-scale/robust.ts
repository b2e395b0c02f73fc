import { followQuantiles, quartile } from './quantiles'
import type { ScaleRule } from './running-scale'

/** Between the quartiles of a normal distribution lie so many of its standard deviations: 2 Φ⁻¹(3/4). */
const normalRange = 1.3489795003921634

/** As much of a number as readings with seven digits are rounded by. */
const leastShare = 1e-6

/**
 * The median becomes 0; the range between the quartiles, divided by that of a standard normal distribution, is the
 * deviation. A few wild values change neither. Where the quartiles are the same, but for rounding, it is 1.
 */
export const robust: ScaleRule = {
  observe: followQuantiles,
  center: (state) => quartile(state, 2),
  spread(state) {
    const [low, middle, high] = [quartile(state, 1), quartile(state, 2), quartile(state, 3)]
    const spread = (high - low) / normalRange
    return spread > leastShare * Math.abs(middle) ? spread : 1
  },
}
