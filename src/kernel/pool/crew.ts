/**
 * The threads of a pool, by tinypool. Added to the library: a cancelled job settles only after its thread has ended, so
 * that nobody writes into its memory any more, and a thread that ends on its own is an error of its job.
 */
import type { Tinypool, TinypoolWorker } from 'tinypool'
import { ExpectedError } from '../../expected'

/** A thread has died of its job, or in the middle of it. */
export class ThreadEnd extends ExpectedError {
  constructor(end: string) {
    super('a worker thread to live until its job is done', end)
  }
}

/** What Node.js says when a thread has used all of its memory. */
const isOutOfMemory = (error: unknown): error is Error =>
  error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'

/** A job on its way. */
export interface Sending {
  readonly value: unknown
  /** the module whose `run(value)` is asked, if it is not that of the crew */
  readonly filename?: string
  /** memory that the thread takes over, instead of a copy of it */
  readonly transfer?: readonly ArrayBuffer[]
}

export interface Crew {
  /** threads at most, which is also how many jobs it takes at a time */
  readonly size: number
  /** Runs a job on a free thread, or on a new one. An abort kills the thread. */
  run(job: Sending, signal?: AbortSignal): Promise<unknown>
  /** Ends all threads; their jobs fail with `reason`. */
  dismiss(reason: Error): Promise<void>
  readonly isDismissed: boolean
}

/**
 * Threads are started when jobs ask for them. An idle one does not keep the process alive.
 *
 * @param filename a module that exports `run(job)`
 * @param idleTimeout milliseconds after which a thread without work ends
 */
export function hireCrew(filename: string, size: number, idleTimeout: number): Crew {
  const ends = new Map<TinypoolWorker, Promise<void>>()
  let dismissal: Error | undefined
  const opening = open()

  async function open(): Promise<Tinypool> {
    const { Tinypool } = await import('tinypool')
    const pool = new Tinypool({ filename, name: 'run', minThreads: 0, maxThreads: size, idleTimeout })
    // a thread that could not start: the library would leave its job waiting for ever
    pool.on('error', (error: Error) => dismiss(error))
    return pool
  }

  async function dismiss(reason: Error): Promise<void> {
    dismissal ??= reason
    // a thread that fails while it ends has told its job
    await opening.then((pool) => pool.destroy()).catch(() => undefined)
    await Promise.all(ends.values())
  }

  function watchEnds(pool: Tinypool): void {
    for (const thread of pool.threads.filter((thread) => !ends.has(thread))) {
      const end = new Promise<void>((resolve) => {
        thread.once('exit', (code) => {
          ends.delete(thread)
          if (pool.threads.includes(thread)) thread.emit('error', new ThreadEnd(`its end with code ${code}`))
          resolve()
        })
      })
      ends.set(thread, end)
    }
  }

  async function run({ value, filename, transfer = [] }: Sending, signal?: AbortSignal): Promise<unknown> {
    const pool = await opening
    const done = pool.run(value, { signal, ...(filename && { filename }), transferList: [...transfer] })
    watchEnds(pool)
    try {
      return await done
    } catch (error) {
      const killed = [...ends].filter(([thread]) => !pool.threads.includes(thread))
      await Promise.all(killed.map(([, end]) => end))
      const reason = dismissal ?? error
      throw isOutOfMemory(reason) ? new ThreadEnd(reason.message) : reason
    }
  }

  return {
    size,
    run,
    dismiss,
    get isDismissed() {
      return dismissal !== undefined
    },
  }
}
