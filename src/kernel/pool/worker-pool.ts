/**
 * Jobs for worker threads: one job a thread, first come first served, in a bounded queue. The threads start at the first
 * job and end when they are idle.
 */
import { setImmediate } from 'node:timers/promises'
import { ExpectedError } from '../../expected'
import { type Crew, hireCrew, type Sending, ThreadEnd } from './crew'

export interface WorkerPool<Job, Result> {
  /**
   * Runs all jobs, and settles when none of them runs any more. The first error ends the call: jobs that wait are
   * dropped, jobs that run are awaited.
   *
   * @param signal ends the call at once: the threads of its running jobs are killed
   * @returns what the jobs returned, in the order of the jobs
   */
  run(jobs: readonly Job[], signal?: AbortSignal): Promise<Result[]>
  /** Whether a job would start without waiting for another one. */
  hasRoom(): boolean
  /** Ends all threads, with whatever they run. A later job starts anew. */
  close(): Promise<void>
}

export interface WorkerPoolOptions<Job, Result> {
  /** a module that exports `run(job)` */
  readonly filename: string
  /** the same function on this thread, for a pool of no threads */
  readonly run: (job: Job) => Result
  /** threads at most. Another number takes effect when no job runs. */
  readonly size: () => number
  /** jobs that may wait. A call that would exceed it is refused as a whole. */
  readonly maxWaiting?: number
  /** milliseconds after which a thread without work ends */
  readonly idleTimeout?: number
  /** whether a job whose thread has died is run once more: it leaves nothing half done; default false */
  readonly repeats?: boolean | ((job: Job) => boolean)
  /** what of a job goes to its thread, and how; default: the job itself */
  readonly sending?: (job: Job) => Sending
}

interface Call<Result> {
  readonly results: Result[]
  readonly signal?: AbortSignal
  /** jobs that have not ended */
  left: number
  failure?: { readonly error: unknown }
  readonly settle: () => void
}

interface Task<Job, Result> {
  readonly job: Job
  readonly index: number
  readonly call: Call<Result>
  readonly isRepeated?: boolean
}

export function workerPool<Job, Result>(options: WorkerPoolOptions<Job, Result>): WorkerPool<Job, Result> {
  const { filename, size, maxWaiting = 1024, idleTimeout = 60_000, repeats = false, sending } = options
  let waiting: Task<Job, Result>[] = []
  let running = 0
  let crew: Crew | undefined

  const limit = () => (running > 0 && crew ? crew.size : Math.max(1, size()))

  function startNext(): void {
    if (crew && running === 0 && crew.size !== limit()) {
      void crew.dismiss(new ExpectedError(`${limit()} worker threads`, `${crew.size}`))
    }
    while (waiting.length > 0 && running < limit()) {
      if (!crew || crew.isDismissed) crew = hireCrew(filename, limit(), idleTimeout)
      void start(waiting.shift() as Task<Job, Result>, crew)
    }
  }

  async function start(task: Task<Job, Result>, by: Crew): Promise<void> {
    const { job, index, call, isRepeated } = task
    running += 1
    let again = false
    try {
      call.results[index] = (await by.run(sending?.(job) ?? { value: job }, call.signal)) as Result
    } catch (error) {
      again =
        (typeof repeats === 'function' ? repeats(job) : repeats) &&
        !isRepeated &&
        !call.failure &&
        error instanceof ThreadEnd
      if (!again) fail(call, error)
    }
    running -= 1
    if (again) waiting.unshift({ ...task, isRepeated: true })
    else end(call, 1)
    startNext()
  }

  function end(call: Call<Result>, jobs: number): void {
    call.left -= jobs
    if (call.left === 0) call.settle()
  }

  function fail(call: Call<Result>, error: unknown): void {
    call.failure ??= { error }
    const others = waiting.filter((task) => task.call !== call)
    const dropped = waiting.length - others.length
    waiting = others
    if (dropped > 0) end(call, dropped)
  }

  async function runOnThreads(jobs: readonly Job[], signal?: AbortSignal): Promise<Result[]> {
    if (waiting.length + jobs.length > maxWaiting)
      throw new ExpectedError(
        `at most ${maxWaiting} jobs to wait for a worker thread`,
        `${waiting.length + jobs.length}`,
      )
    const results: Result[] = []
    const failure = await new Promise<Call<Result>['failure']>((resolve) => {
      const call: Call<Result> = {
        results,
        signal,
        left: jobs.length,
        settle() {
          signal?.removeEventListener('abort', onAbort)
          resolve(call.failure)
        },
      }
      const onAbort = () => fail(call, signal?.reason)
      signal?.addEventListener('abort', onAbort)
      waiting.push(...jobs.map((job, index) => ({ job, index, call })))
      startNext()
    })
    if (failure) throw failure.error
    return results
  }

  /** One after the other on this thread, which may do other things in between. */
  async function runHere(jobs: readonly Job[], signal?: AbortSignal): Promise<Result[]> {
    const results: Result[] = []
    for (const job of jobs) {
      await setImmediate()
      signal?.throwIfAborted()
      results.push(options.run(job))
    }
    return results
  }

  async function close(): Promise<void> {
    const reason = new ExpectedError('the worker pool to stay open until its jobs are done', 'its end')
    for (const { call } of [...waiting]) fail(call, reason)
    await crew?.dismiss(reason)
  }

  return {
    async run(jobs, signal) {
      signal?.throwIfAborted()
      if (jobs.length === 0) return []
      return size() === 0 ? runHere(jobs, signal) : runOnThreads(jobs, signal)
    },
    hasRoom: () => size() > 0 && running < limit(),
    close,
  }
}
