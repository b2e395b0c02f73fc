import type { Parameters } from '../rnn-cell/parameters'
import { changeTensors } from './change'

/** Puts 0 where an entry is NaN, and only there: an infinite entry stays (optax.zero_nans). */
export const zeroNans = (gradient: Parameters): Parameters =>
  changeTensors(gradient, ({ data }) => data.map((entry) => (Number.isNaN(entry) ? 0 : entry)))

/** How many entries are NaN. */
export function countNans(gradient: Parameters): number {
  let count = 0
  for (const { data } of Object.values(gradient)) for (const entry of data) if (Number.isNaN(entry)) count++
  return count
}
