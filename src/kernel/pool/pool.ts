/** The worker threads of this package, for all that leaves the event loop. */
import { extname, join } from 'node:path'
import type { Sending } from './crew'
import { type Job, runJob } from './job'
import { shouldLeave } from './leave'
import { workerCount } from './size'
import { workerPool } from './worker-pool'

export type { Job } from './job'
export { configureWorkers as configurePool, type PoolSettings } from './size'

/** Work of another room, which a thread does by a module of that room. */
export interface Errand extends Required<Sending> {
  /** the same without a thread */
  readonly here: () => unknown
}

const isErrand = (task: Job | Errand): task is Errand => 'here' in task

/** The file beside this one, compiled as this one is */
const filename = join(__dirname, `worker${extname(__filename)}`)
const threads = workerPool<Job | Errand, unknown>({
  filename,
  run: (task) => (isErrand(task) ? task.here() : runJob(task)),
  size: () => workerCount(),
  // a program may be half done in its memory: who has begun it begins it anew
  repeats: (task) => isErrand(task) && task.transfer.length === 0,
  sending(task) {
    if (!isErrand(task)) return { value: task }
    const { here: _, ...sending } = task
    return sending
  },
})

/** What each job returned. See WorkerPool. */
export const runJobs = (jobs: readonly Job[], signal?: AbortSignal): Promise<boolean[]> =>
  threads.run(jobs, signal) as Promise<boolean[]>

/** What the module's `run(value)` returned. */
export const runErrand = async (errand: Errand, signal?: AbortSignal): Promise<unknown> =>
  (await threads.run([errand], signal))[0]

/** Whether work of so many milliseconds is better done by a thread than on the spot. */
export const isForThreads = (milliseconds: number): boolean => shouldLeave(milliseconds, threads)

export const closePool = (): Promise<void> => threads.close()
