/** What a worker thread loads: it runs shards of programs, and what other rooms have it do, by the module they name. */
import { type Job, runJob } from './job'

/** Work of another room. */
export interface Errand {
  /** file of our own that exports `run(job)` */
  readonly module: string
  readonly job: unknown
  /** memory that goes with the job, instead of a copy of it: it is gone then, and the errand is not run again */
  readonly transfer: readonly ArrayBuffer[]
}

export const isErrand = (task: Job | Errand): task is Errand => 'module' in task

export const run = (task: Job | Errand): unknown =>
  isErrand(task) ? require(task.module).run(task.job) : runJob(task)
