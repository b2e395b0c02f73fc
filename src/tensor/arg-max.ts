import type { Floats } from './tensor'

/** The position of the largest number, the first of several. */
export function argMax(data: Floats): number {
  let best = 0
  for (let index = 1; index < data.length; index++) if (data[index] > data[best]) best = index
  return best
}
