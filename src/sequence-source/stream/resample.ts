/** Readings as they come, brought to steps of one length; or each a step, where there is no such length. */
import type { Resampling, StreamSettings } from './options'
import { bins } from './resample/bins'
import { lines } from './resample/lines'
import type { Arrival, Values } from './step'

/** A step with values, or so many steps without a reading. */
export type Slot = { readonly values: Values; readonly time: number } | { readonly missing: number }

export interface Resampler {
  /** whether a reading of the latest time, or of one before it, still has a place */
  hasPlace(time: number): boolean
  /** @returns the steps that this reading completes, oldest first */
  push(arrival: Arrival): Slot[]
  /** plain numbers, safe in JSON */
  state(): ResamplerState
}

export interface ResamplerState {
  /** the step that is open: its number, and of its readings the sums or the last, how many, and the latest time */
  readonly open?: { readonly step: number; values: number[]; count: number; time: number }
  /** linear: the latest reading, and the next step that is due */
  readonly latest?: { readonly time: number; readonly values: Values }
  readonly due?: number
}

/** @param state of an earlier one */
export function resampler(
  { interval, resample }: Pick<StreamSettings, 'interval' | 'resample'>,
  state: ResamplerState = {},
): Resampler {
  if (interval === undefined) return eachIsAStep
  return kinds[resample](interval, state)
}

const kinds: Readonly<Record<Resampling, (interval: number, state: ResamplerState) => Resampler>> = {
  last: (interval, state) => bins(interval, 'last', state),
  mean: (interval, state) => bins(interval, 'mean', state),
  linear: lines,
}

const eachIsAStep: Resampler = {
  hasPlace: () => true,
  push: ({ time, values }) => [values ? { values, time } : { missing: 1 }],
  state: () => ({}),
}
