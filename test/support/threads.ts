/** Which worker threads this process has started, as Node.js itself tells. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Worker } from 'node:worker_threads'

export interface Threads {
  /** since the watch began */
  started(): number
  /** of those */
  alive(): number
  /** ends those that are alive, as something outside of them would; how many there were */
  kill(): Promise<number>
  end(): void
}

export function watchThreads(): Threads {
  const threads: Worker[] = []
  const onStart = (message: unknown) => threads.push((message as { worker: Worker }).worker)
  subscribe('worker_threads', onStart)
  // the id of a thread that has ended is -1
  const alive = () => threads.filter(({ threadId }) => threadId !== -1)
  return {
    started: () => threads.length,
    alive: () => alive().length,
    kill: async () => (await Promise.all(alive().map((thread) => thread.terminate()))).length,
    end: () => unsubscribe('worker_threads', onStart),
  }
}

/** Runs with RNN_WORKERS as given, undefined for none. */
export async function withWorkersVariable<Result>(
  value: string | undefined,
  run: () => Promise<Result>,
): Promise<Result> {
  const { RNN_WORKERS: before } = process.env
  const set = (to: string | undefined) => {
    if (to === undefined) delete process.env.RNN_WORKERS
    else process.env.RNN_WORKERS = to
  }
  set(value)
  try {
    return await run()
  } finally {
    set(before)
  }
}
