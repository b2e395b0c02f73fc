/**
 * Step k has the readings from k · interval on, up to the next step: the last of them, or their mean. It is complete
 * when a reading of a later step comes.
 */
import type { Resampler, ResamplerState, Slot } from '../resample'
import type { Values } from '../step'

/** @param interval of a step, ms */
export function bins(interval: number, of: 'last' | 'mean', state: ResamplerState): Resampler {
  let open = state.open && { ...state.open, values: [...state.open.values] }

  const add = (values: Values, time: number) => {
    if (!open) return
    if (open.count === 0 || (of === 'last' && time >= open.time)) open.values = [...values]
    else if (of === 'mean')
      for (let place = 0; place < values.length; place++) open.values[place] += values[place]
    open.count += 1
    open.time = Math.max(open.time, time)
  }
  const closed = (): Slot => {
    if (!open || open.count === 0) return { missing: 1 }
    const { values, count, step } = open
    return { values: of === 'mean' ? values.map((sum) => sum / count) : values, time: step * interval }
  }

  return {
    hasPlace: (time) => Math.floor(time / interval) === open?.step,
    push({ time, values }) {
      const step = Math.floor(time / interval)
      const slots: Slot[] = []
      if (open && step > open.step) {
        slots.push(closed())
        if (step > open.step + 1) slots.push({ missing: step - open.step - 1 })
        open = undefined
      }
      open ??= { step, values: [], count: 0, time }
      if (values) add(values, time)
      return slots
    },
    state: () => (open ? { open: { ...open, values: [...open.values] } } : {}),
  }
}
