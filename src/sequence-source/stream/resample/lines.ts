/**
 * Step k has the value at the time k · interval, on the straight line between the readings around it. It is complete when
 * a reading at this time or later comes. A step with no reading less than an interval away has none.
 */
import type { Resampler, ResamplerState, Slot } from '../resample'
import type { Values } from '../step'

/** @param interval of a step, ms */
export function lines(interval: number, state: ResamplerState): Resampler {
  let { latest, due } = state

  return {
    // the steps before the latest reading are complete
    hasPlace: () => false,
    push({ time, values }) {
      if (!values) return []
      const slots: Slot[] = []
      const first = due ?? Math.ceil(time / interval)
      const last = Math.floor(time / interval)
      const before = latest ?? { time, values }
      const at = (step: number): Slot => ({
        values: between(before, { time, values }, step * interval),
        time: step * interval,
      })
      if (first < last) {
        const isNear = first * interval - before.time < interval
        if (isNear) slots.push(at(first))
        const missing = last - first - (isNear ? 1 : 0)
        if (missing > 0) slots.push({ missing })
      }
      if (first <= last) slots.push(at(last))
      due = Math.max(first, last + 1)
      latest = { time, values }
      return slots
    },
    state: () => ({ ...(latest && { latest }), ...(due !== undefined && { due }) }),
  }
}

interface Point {
  readonly time: number
  readonly values: Values
}

/** On the straight line from one point to another; the end where both are at the same time. */
export function between(from: Point, to: Point, time: number): Values {
  if (time >= to.time) return to.values
  const share = (time - from.time) / (to.time - from.time)
  return to.values.map((value, place) => from.values[place] + share * (value - from.values[place]))
}
