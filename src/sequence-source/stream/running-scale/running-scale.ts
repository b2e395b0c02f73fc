/** A scale by field that follows the readings: scaled = (value - center) / spread, in a `LinearScale` mean and std. */
import { ExpectedError } from '../../../expected'
import type { LinearScale } from '../../scaling'
import type { StreamScaling, StreamSettings } from '../options'
import type { Values } from '../step'
import { minMax } from './min-max'
import { robust } from './robust'
import { zScore } from './z-score'

/** What is known of one field: a few plain numbers, safe in JSON; none before the first value. */
export type FieldState = number[]

/** How one field is scaled. */
export interface ScaleRule {
  /** changes the state */
  readonly observe: (state: FieldState, value: number) => void
  /** what becomes 0 */
  readonly center: (state: Readonly<FieldState>) => number
  /** what becomes 1 above it; not 0 */
  readonly spread: (state: Readonly<FieldState>) => number
}

export interface RunningScale {
  /** one more step; a frozen scale stays as it is */
  observe(values: Values): void
  /** undefined: numbers are left as they are */
  scale(): LinearScale | undefined
  /** @param on false: it follows again */
  freeze(on: boolean): void
  state(): ScaleState
}

export interface ScaleState {
  /** steps it has followed */
  readonly count: number
  readonly frozen: boolean
  readonly fields: readonly Readonly<FieldState>[]
}

const rules: Readonly<Partial<Record<StreamScaling, ScaleRule>>> = {
  'z-score': zScore,
  'min-max': minMax,
  robust,
}

/**
 * @param size fields
 * @param state of an earlier one
 */
export function runningScale(
  {
    scaling,
    center,
    spread,
    scaleSteps,
  }: Pick<StreamSettings, 'scaling' | 'center' | 'spread' | 'scaleSteps'>,
  size: number,
  state?: ScaleState,
): RunningScale {
  const rule = rules[scaling]
  let count = state?.count ?? 0
  let frozen = state?.frozen ?? false
  const places = Array.from({ length: size }, (_, place) => place)
  const fields: FieldState[] = rule ? places.map((place) => [...(state?.fields[place] ?? [])]) : []
  /** until the next step changes it */
  let made: LinearScale | undefined

  const make = (): LinearScale =>
    rule
      ? { mean: fields.map(rule.center), std: fields.map(rule.spread) }
      : {
          mean: places.map((place) => center[place % center.length]),
          std: places.map((place) => spread[place % spread.length]),
        }

  return {
    observe(values) {
      if (frozen || (scaleSteps !== undefined && count >= scaleSteps)) return
      count += 1
      if (!rule) return
      for (let place = 0; place < size; place++) rule.observe(fields[place], values[place])
      made = undefined
    },
    scale() {
      if (scaling !== 'none') made ??= make()
      return made
    },
    freeze(on) {
      frozen = on
    },
    state: () => ({ count, frozen, fields: fields.map((field) => [...field]) }),
  }
}

/** @throws ExpectedError for a fixed scale of another number of fields than there are */
export function checkFixed(
  { scaling, center, spread }: Pick<StreamSettings, 'scaling' | 'center' | 'spread'>,
  names: readonly string[],
): void {
  if (scaling !== 'fixed') return
  for (const [name, { length }] of Object.entries({ center, spread }))
    if (length !== 1 && length !== names.length)
      throw new ExpectedError(
        `a number in ${name} for each of the fields ${names.join(', ')}, or one for all`,
        `${length}`,
      )
}
