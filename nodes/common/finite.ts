/** Whether all numbers are finite, in a plain loop: it is asked of every prediction. */
import type { Floats } from '../../src'

export function allFinite(data: Floats): boolean {
  for (let index = 0; index < data.length; index++) if (!Number.isFinite(data[index])) return false
  return true
}
