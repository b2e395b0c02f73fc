/**
 * bptt-gradient of 0.1.0 → 0.2.0. It watched four signals and judged each gradient by itself; from 0.2.0 on there are seven,
 * and a state is left after a while. What is saved stays a watch on the four.
 */
import type { Saved } from './saved'

const first: Saved = {
  watchSpike: false,
  watchSlope: false,
  watchRatio: false,
  leaveBelow: '1',
  leaveAfter: '1',
}

/** What 0.2.0 saved has these fields, and keeps them. */
export const watchSeven = (config: Saved): Saved => {
  const missing = Object.entries(first).filter(([field]) => config[field] === undefined)
  return { ...config, ...Object.fromEntries(missing) }
}
