import type { Parameters } from '../rnn-cell/parameters'
import { changeTensors } from './change'

/** Puts 0 where an entry is NaN, and only there: an infinite entry stays (optax.zero_nans). */
export const zeroNans = (gradient: Parameters): Parameters =>
  changeTensors(gradient, ({ data }) => {
    const mended = data.slice()
    for (let index = 0; index < mended.length; index++) if (Number.isNaN(mended[index])) mended[index] = 0
    return mended
  })

/** How many entries are NaN. */
export function countNans(gradient: Parameters): number {
  let count = 0
  for (const { data } of Object.values(gradient)) for (const entry of data) if (Number.isNaN(entry)) count++
  return count
}
