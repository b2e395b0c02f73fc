/**
 * Work in plain TypeScript, done on the spot where it is short, and otherwise on a thread of its own, which gets copies of
 * what it needs. How long it takes is learned from how long it took.
 */
import { ExpectedError } from '../../expected'
import { type SentLimits, sentLimits, takeLimits } from '../../limits'
import { packed } from '../../tensor/packed'
import { estimate, learn } from './estimate'
import { shouldLeave } from './leave'
import { workerCount } from './size'
import { workerPool } from './worker-pool'

export interface Sent<Job> {
  readonly job: Job
  readonly limits: SentLimits
}

/** What a thread says: an error of ours would lose its class on the way. */
export type Answer<Result> =
  | { readonly result: Result; readonly milliseconds: number }
  | { readonly refused: readonly [expected: string, got: string] }

/** What the module of the thread exports as `run`. */
export const answering =
  <Job, Result>(work: (job: Job) => Result) =>
  ({ job, limits }: Sent<Job>): Answer<Result> => {
    takeLimits(limits)
    const begun = performance.now()
    try {
      const result = work(job)
      return { result, milliseconds: performance.now() - begun }
    } catch (error) {
      if (error instanceof ExpectedError) return { refused: [error.expected, error.got] }
      throw error
    }
  }

export interface Aside<Job, Result> {
  /**
   * @param job numbers and plain objects
   * @param multiplyAdds about so many
   * @param signal ends what is under way on the thread: the promise rejects with its reason
   * @returns a promise where the work would hold the event loop up
   */
  do(job: Job, multiplyAdds: number, signal?: AbortSignal): Result | Promise<Result>
}

/**
 * @param filename a module that exports `answering(work)` as `run`
 * @param work changes nothing of its job: a job whose thread has died is done once more
 */
export function aside<Job, Result>(filename: string, work: (job: Job) => Result): Aside<Job, Result> {
  const threads = workerPool<Sent<Job>, Answer<Result>>({
    filename,
    run: answering(work),
    size: () => workerCount(),
    repeats: true,
  })
  const onThread = async (job: Job, multiplyAdds: number, signal?: AbortSignal): Promise<Result> => {
    const [answer] = await threads.run([{ job: packed(job), limits: sentLimits() }], signal)
    if ('refused' in answer) throw new ExpectedError(...answer.refused)
    learn(multiplyAdds, 'steps', answer.milliseconds)
    return answer.result
  }
  return {
    do(job, multiplyAdds, signal) {
      if (shouldLeave(estimate(multiplyAdds, 'steps'), threads)) return onThread(job, multiplyAdds, signal)
      const begun = performance.now()
      const result = work(job)
      learn(multiplyAdds, 'steps', performance.now() - begun)
      return result
    },
  }
}
