/** Windows of steps: T inputs, and targets `horizon` steps after the last of them or after each. */
import type { StreamSettings } from './options'
import type { Step } from './step'

type WindowSettings = Pick<StreamSettings, 'length' | 'horizon' | 'targetsPer'>

/** Whether the target after input `place` is known, and one that counts: what was made up is no truth. */
export const hasTarget = (window: readonly Step[], place: number, { horizon }: WindowSettings): boolean =>
  window[place + horizon].kind === 'observed'

/**
 * Whether there is something to see in a window, and something to say.
 *
 * @param window T + horizon steps
 */
export function isUsable(window: readonly Step[], settings: WindowSettings): boolean {
  const { length, targetsPer } = settings
  const isThere = (place: number) => window[place].kind !== 'masked'
  let place = 0
  if (targetsPer === 'sequence') {
    if (!hasTarget(window, length - 1, settings)) return false
    while (place < length && !isThere(place)) place++
  } else {
    // at a step that is masked nothing is said
    while (place < length && !(isThere(place) && hasTarget(window, place, settings))) place++
  }
  return place < length
}
