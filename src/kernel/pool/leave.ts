/** When work is better given to a thread than done on the spot. */
import type { WorkerPool } from './worker-pool'

/** A round trip to a thread costs up to a tenth of this. */
const preferred = 3
/** What the event loop is held up by at most */
const always = 10

/**
 * Whether work of so many milliseconds goes to the threads: from 3 ms on if one is free, from 10 ms on in any case.
 * Without threads a pool at least lets the event loop turn between two jobs.
 */
export const shouldLeave = (
  milliseconds: number,
  { hasRoom }: Pick<WorkerPool<never, unknown>, 'hasRoom'>,
): boolean => milliseconds >= always || (milliseconds >= preferred && hasRoom())
