/** What an optimizer remembers from update to update, and whether it belongs to the cell at hand. */
import { mapParameters, type ParameterName, type Parameters } from '../rnn-cell/parameters'
import type { Accumulated } from './accumulate'
import type { Moments } from './rule'
import type { PlateauState } from './schedule/reduce-on-plateau'

export interface Memory {
  /** updates made so far */
  readonly step: number
  readonly moments: Readonly<Record<ParameterName, Moments>>
  /** gradients that wait for the next update; absent if there are none */
  readonly accumulated?: Accumulated
  /** of reduce-on-plateau; absent with another schedule */
  readonly scheduleState?: PlateauState
}

/** Whether moments and waiting gradients are of these gradients' names, sizes and precision. */
export const belongsTo = ({ moments, accumulated }: Memory, gradients: Parameters): boolean =>
  suits(moments, gradients) &&
  suits(
    mapParameters(accumulated?.mean ?? {}, (mean) => ({ mean })),
    gradients,
  )

/** A rule without moments fits everything. */
function suits(held: Memory['moments'], gradients: Parameters): boolean {
  const kept = Object.entries(held).filter(([, moments]) => Object.keys(moments).length > 0)
  if (kept.length === 0) return true
  return (
    kept.length === Object.keys(gradients).length &&
    kept.every(([parameter, moments]) => {
      const data = gradients[parameter]?.data
      return Object.entries(moments).every(
        ([name, moment]) =>
          moment.constructor === data?.constructor &&
          moment.length === (name === 'momentumProduct' ? 1 : data.length),
      )
    })
  )
}
