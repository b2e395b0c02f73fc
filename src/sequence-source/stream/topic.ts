/** The series of one topic: readings come in, steps and windows of steps come out. */
import type { Scale } from '../scaling'
import { type GapState, gapFiller, type PlacedStep } from './gaps'
import type { StreamSettings } from './options'
import { type LateRow, lateAgain, type Turn } from './order'
import type { Fields } from './reading'
import { type ResamplerState, resampler } from './resample'
import { latest as latestOf, push, ring } from './ring'
import { runningScale, type ScaleState } from './running-scale/running-scale'
import type { Arrival, Step } from './step'
import { isUsable } from './window'

/** A step with its number, from 1; masked steps count. */
export interface NumberedStep extends PlacedStep {
  readonly number: number
}

/** What a reading has brought about. */
export interface Grown {
  readonly steps: readonly NumberedStep[]
  /** T + horizon steps each */
  readonly windows: readonly (readonly Step[])[]
  /** lengths of gaps that were an error, or longer than they may be */
  readonly gaps: readonly number[]
}

export interface Topic {
  readonly name: string
  /** the latest time, ms since 1970; undefined before the first reading */
  readonly latest: number | undefined
  /** @returns undefined for one that comes too late to have a place */
  push(arrival: Arrival, turn: Turn): Grown | undefined
  /**
   * A late reading is dropped.
   *
   * @returns whether so many came in a row that the clock must have been wrong before: the series has begun anew, and
   *   takes this one
   */
  dropLate(time: number): boolean
  /** as of now; undefined if nothing is scaled */
  scale(): Scale | undefined
  freeze(on: boolean): void
  state(): TopicState
  /** the steps that windows to come may begin with, oldest first */
  recent(): Step[]
}

/** All but the steps themselves: plain numbers, safe in JSON. */
export interface TopicState {
  readonly name: string
  readonly latest?: number
  /** steps so far, and since the last gap that was too long */
  readonly count: number
  readonly stretch: number
  readonly resample: ResamplerState
  readonly gap: GapState
  readonly scale: ScaleState
  readonly late?: LateRow
}

/** @param recent steps of an earlier topic, that `state` belongs to */
export function topicSeries(
  name: string,
  settings: StreamSettings,
  { names, inputs, targets }: Fields,
  state?: TopicState,
  recent: readonly Step[] = [],
): Topic {
  const { span, stride } = settings
  let series = resampler(settings, state?.resample)
  let gaps = gapFiller(settings, state?.gap)
  const running = runningScale(settings, names.length, state?.scale)
  let kept = ring<Step>(span)
  for (const step of recent) push(kept, step)
  let latest = state?.latest
  let count = state?.count ?? 0
  let stretch = state?.stretch ?? 0
  let late = state?.late

  /** @returns the window that is whole with this step, if there is one to learn from */
  const add = ({ values, kind, begins }: PlacedStep): Step[] | undefined => {
    count += 1
    if (begins) {
      stretch = 0
      kept = ring<Step>(span)
    }
    stretch += 1
    push(kept, { values, kind })
    if (kind === 'observed') running.observe(values)
    if (stretch < span || (stretch - span) % stride !== 0) return undefined
    const window = latestOf(kept)
    return isUsable(window, settings) ? window : undefined
  }

  return {
    name,
    get latest() {
      return latest
    },
    push(arrival, turn) {
      // a clock that is set back goes on from where it was
      const isEarlier = latest !== undefined && arrival.time < latest
      const time = settings.time === 'arrival' && isEarlier ? (latest as number) : arrival.time
      if (turn !== 'next' && !series.hasPlace(time)) return undefined
      latest = Math.max(latest ?? time, time)
      late = undefined
      const steps: NumberedStep[] = []
      const windows: Step[][] = []
      const broken: number[] = []
      for (const slot of series.push({ time, values: arrival.values })) {
        const placed = gaps.push(slot)
        if (placed.length > 0 && gaps.broken > 0) broken.push(gaps.broken)
        for (const step of placed) {
          const window = add(step)
          steps.push({ ...step, number: count })
          if (window) windows.push(window)
        }
      }
      return { steps, windows, gaps: broken }
    },
    dropLate(time) {
      const row = lateAgain(late, time)
      late = row === 'setBack' ? undefined : row
      if (row !== 'setBack') return false
      series = resampler(settings)
      gaps = gapFiller(settings)
      latest = undefined
      return true
    },
    scale() {
      const all = running.scale()
      if (!all) return undefined
      const of = (places: readonly number[]) => ({
        mean: places.map((place) => all.mean[place]),
        std: places.map((place) => all.std[place]),
      })
      return { input: of(inputs), target: of(targets) }
    },
    freeze: running.freeze,
    state: () => ({
      name,
      ...(latest !== undefined && { latest }),
      count,
      stretch,
      resample: series.state(),
      gap: gaps.state(),
      scale: running.state(),
      ...(late && { late }),
    }),
    recent: () => latestOf(kept),
  }
}
