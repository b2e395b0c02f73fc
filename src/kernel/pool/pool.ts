/** The worker threads of this process, and when work is better given to them than done on the spot. */
import { extname, join } from 'node:path'
import { type Job, runJob } from './job'
import { workerCount } from './size'
import { workerPool } from './worker-pool'

export type { Job } from './job'
export { configureWorkers as configurePool, type PoolSettings } from './size'

/** The file beside this one, compiled as this one is */
const filename = join(__dirname, `worker${extname(__filename)}`)
const threads = workerPool<Job, boolean>({ filename, run: runJob, size: () => workerCount() })

/** What each job returned. See WorkerPool. */
export const runJobs = (jobs: readonly Job[], signal?: AbortSignal): Promise<boolean[]> =>
  threads.run(jobs, signal)

export const closePool = (): Promise<void> => threads.close()

/** A round trip to a thread costs up to a tenth of this. */
const preferred = 3
/** What the event loop is held up by at most */
const always = 10

/**
 * Whether work of so many milliseconds goes to `runJobs`: from 3 ms on if a thread is free, from 10 ms on in any case.
 * Without threads `runJobs` at least lets the event loop turn between two jobs.
 */
export const shouldLeave = (
  milliseconds: number,
  { hasRoom }: Pick<typeof threads, 'hasRoom'> = threads,
): boolean => milliseconds >= always || (milliseconds >= preferred && hasRoom())
