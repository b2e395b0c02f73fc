/** The worker threads of this package, for all that leaves the event loop. */
import { extname, join } from 'node:path'
import type { Job } from './job'
import { shouldLeave } from './leave'
import { workerCount } from './size'
import { type Errand, isErrand, run } from './worker'
import { workerPool } from './worker-pool'

export type { Job } from './job'
export { configureWorkers as configurePool, type PoolSettings } from './size'

/** The file beside this one, compiled as this one is */
const filename = join(__dirname, `worker${extname(__filename)}`)
const threads = workerPool<Job | Errand, unknown>({
  filename,
  run,
  size: () => workerCount(),
  // a program may be half done in its memory: who has begun it begins it anew
  repeats: (task) => isErrand(task) && task.transfer.length === 0,
  transfer: (task) => (isErrand(task) ? task.transfer : []),
})

/** What each job returned. See WorkerPool. */
export const runJobs = (jobs: readonly Job[], signal?: AbortSignal): Promise<boolean[]> =>
  threads.run(jobs, signal) as Promise<boolean[]>

/** What the module's `run(job)` returned. */
export const runErrand = async (errand: Errand, signal?: AbortSignal): Promise<unknown> =>
  (await threads.run([errand], signal))[0]

/** Whether work of so many milliseconds is better done by a thread than on the spot. */
export const isForThreads = (milliseconds: number): boolean => shouldLeave(milliseconds, threads)

export const closePool = (): Promise<void> => threads.close()
