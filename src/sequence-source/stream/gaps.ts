/** Steps without a reading: what stands in their place, up to a length; after a longer gap all starts anew. */
import type { StreamSettings } from './options'
import type { Slot } from './resample'
import { between } from './resample/lines'
import type { Step, Values } from './step'

export interface PlacedStep extends Step {
  /** ms since 1970 */
  readonly time: number
  /** there is nothing before it */
  readonly begins: boolean
}

export interface GapFiller {
  /** @returns the steps that follow: when the gap has ended, and none while it lasts */
  push(slot: Slot): PlacedStep[]
  /** steps of the gap that the latest step ended, if it was an error or longer than it may be; else 0 */
  readonly broken: number
  state(): GapState
}

export interface GapState {
  /** steps of the gap so far */
  readonly missing: number
  /** the latest step with a reading */
  readonly last?: { readonly values: Values; readonly time: number }
}

/** @param state of an earlier one */
export function gapFiller(
  { gaps, longestGap }: Pick<StreamSettings, 'gaps' | 'longestGap'>,
  state: GapState = { missing: 0 },
): GapFiller {
  let { missing, last } = state
  let broken = 0

  /** What stands for the missing steps. */
  const fill = (from: NonNullable<typeof last>, to: NonNullable<typeof last>): PlacedStep[] =>
    Array.from({ length: missing }, (_, index) => {
      const time = from.time + ((to.time - from.time) * (index + 1)) / (missing + 1)
      if (gaps === 'mask') return { values: from.values, kind: 'masked', time, begins: false }
      const share = (index + 1) / (missing + 1)
      const values = gaps === 'hold' ? from.values : between({ ...from, time: 0 }, { ...to, time: 1 }, share)
      return { values, kind: 'filled', time, begins: false }
    })

  return {
    push(slot) {
      if ('missing' in slot) {
        if (last) missing += slot.missing
        return []
      }
      const isBroken = missing > 0 && (missing > longestGap || gaps === 'error')
      broken = isBroken ? missing : 0
      const filled = last && missing > 0 && !isBroken && gaps !== 'skip' ? fill(last, slot) : []
      const step: PlacedStep = { ...slot, kind: 'observed', begins: !last || isBroken }
      last = slot
      missing = 0
      return filled.length === 0 ? [step] : [...filled, step]
    },
    get broken() {
      return broken
    },
    state: () => ({ missing, ...(last && { last }) }),
  }
}
