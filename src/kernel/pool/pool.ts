/** The worker threads that run programs in their own memory. */
import { extname, join } from 'node:path'
import { type Job, runJob } from './job'
import { shouldLeave } from './leave'
import { workerCount } from './size'
import { workerPool } from './worker-pool'

export type { Job } from './job'
export { configureWorkers as configurePool, type PoolSettings } from './size'
export { closePools as closePool } from './worker-pool'

/** The file beside this one, compiled as this one is */
const filename = join(__dirname, `worker${extname(__filename)}`)
const threads = workerPool<Job, boolean>({ filename, run: runJob, size: () => workerCount() })

/** What each job returned. See WorkerPool. */
export const runJobs = (jobs: readonly Job[], signal?: AbortSignal): Promise<boolean[]> =>
  threads.run(jobs, signal)

/** Whether `runJobs` is better than the same on the spot. */
export const shouldRunJobs = (milliseconds: number): boolean => shouldLeave(milliseconds, threads)
