/** A job for the tests of the worker pool: what it does, it does to counters in a shared memory. */
import { threadId } from 'node:worker_threads'

export interface CountingJob {
  /** 'until-released' ends once counter 1 is not 0; 'fill' cannot be interrupted; 'exit-once' ends its thread the first time */
  readonly action: 'count' | 'throw' | 'exit' | 'exit-once' | 'hoard' | 'for-ever' | 'until-released' | 'fill'
  readonly memory: WebAssembly.Memory
  /** counter 0 is raised by this */
  readonly by?: number
}

/** @returns the thread it ran on, and counter 0 as it was before */
export function run({ action, memory, by = 1 }: CountingJob): { thread: number; before: number } {
  const counters = new Int32Array(memory.buffer)
  const before = Atomics.add(counters, 0, by)
  if (action === 'throw') throw new Error(`a job that fails after ${before}`)
  if (action === 'exit' || (action === 'exit-once' && before === 0)) process.exit(3)
  if (action === 'hoard') for (const all: unknown[] = []; ; ) all.push(new Array(100_000).fill(all.length))
  if (action === 'until-released') while (Atomics.load(counters, 1) === 0) Atomics.add(counters, 2, 1)
  while (action === 'for-ever') Atomics.add(counters, 2, 1)
  if (action === 'fill') new Uint8Array(memory.buffer, 64).fill(1)
  return { thread: threadId, before }
}
