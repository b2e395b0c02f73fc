/** The work of a program: here, or if it is large on worker threads, which run its shards in its own memory. */
import { setTimeout as wait } from 'node:timers/promises'
import { ThreadEnd } from '../kernel/pool/crew'
import { kernelSpeeds } from '../kernel/pool/estimate'
import { isForThreads, runJobs } from '../kernel/pool/pool'
import type { TermsKind } from '../kernel/program/program'
import { drop, giveBack, type Runner } from './programs'

/** What is done in a memory. */
export interface Task {
  readonly action: 'forward' | 'backward' | 'gradients'
  readonly terms: TermsKind
}

/** Multiply-adds from which on the time they take says something about the machine. */
const worthTiming = 1e6

export type Machine = Pick<Runner, 'program' | 'memory'>

/** All three take about the same. */
const workOfTasks = ({ program: { work } }: Machine, tasks: readonly Task[]): number => tasks.length * work

/** Whether the tasks would hold the event loop up for too long. */
export const isLarge = (runner: Machine, tasks: readonly Task[]): boolean =>
  isForThreads(kernelSpeeds[runner.program.plan.dtype].estimate(workOfTasks(runner, tasks)))

/** The tasks one after the other, on this thread; false if numbers left their range on the way back. */
export function runHere(runner: Machine, tasks: readonly Task[]): boolean {
  const { program } = runner
  const work = workOfTasks(runner, tasks)
  const begun = work < worthTiming ? 0 : performance.now()
  for (const { action, terms } of tasks)
    for (let shard = 0; shard < program.plan.shards.length; shard++) {
      if (action === 'forward') program.forward(shard)
      else if (action === 'gradients') program.gradients(shard, terms)
      else if (!program.backward(shard, terms)) return false
    }
  if (begun) kernelSpeeds[program.plan.dtype].learn(work, performance.now() - begun)
  return true
}

/** A runner that has everything in its memory, and what is to be done there. */
export interface Work {
  readonly runner: Runner
  readonly tasks: readonly Task[]
}

/** Other threads may be about to end for the same reason, and must not be given the work again; in milliseconds. */
const moment = 100

/**
 * The same on worker threads, the shards of a task at once. The runner is nobody else's until `take` has taken out what
 * it was run for. If a thread dies of it, it is done once more from the beginning, in another memory.
 *
 * @param again the work as it was at first, in another runner
 */
export async function runInWorkers<Result>(
  work: Work,
  again: () => Work,
  signal: AbortSignal | undefined,
  take: (runner: Runner, inRange: boolean) => Result,
): Promise<Result> {
  try {
    return await runOnce(work, signal, take)
  } catch (error) {
    if (!(error instanceof ThreadEnd) || signal?.aborted) throw error
    drop(work.runner)
    await wait(moment)
    signal?.throwIfAborted()
    return runOnce(again(), signal, take)
  }
}

async function runOnce<Result>(
  { runner, tasks }: Work,
  signal: AbortSignal | undefined,
  take: (runner: Runner, inRange: boolean) => Result,
): Promise<Result> {
  runner.busy = true
  try {
    return take(runner, await runTasks(runner, tasks, signal))
  } finally {
    runner.busy = false
    giveBack(runner)
  }
}

/** The tasks one after the other, the shards of each at once; false if numbers left their range on the way back. */
export async function runTasks(
  { program: { id, plan }, memory: { memory } }: Machine,
  tasks: readonly Task[],
  signal: AbortSignal | undefined,
): Promise<boolean> {
  for (const task of tasks) {
    const jobs = plan.shards.map((_, shard) => ({ id, memory, plan, shard, ...task }))
    const inRange = await runJobs(jobs, signal)
    if (inRange.includes(false)) return false
  }
  return true
}
