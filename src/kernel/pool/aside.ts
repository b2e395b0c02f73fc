/**
 * Work in plain TypeScript, done on the spot where it is short, and otherwise on a thread, which gets copies of what it
 * needs. How long it takes is learned from how long it took.
 */
import { ExpectedError } from '../../expected'
import { type SentLimits, sentLimits, takeLimits } from '../../limits'
import { buffersOf, packed } from '../../tensor/packed'
import { type Speed, speed } from './estimate'
import { isForThreads, runErrand } from './pool'

interface Sent<Job> {
  readonly job: Job
  readonly limits: SentLimits
}

interface Timed<Result> {
  readonly result: Result
  readonly milliseconds: number
}

function timed<Result>(work: () => Result): Timed<Result> {
  const begun = performance.now()
  const result = work()
  return { result, milliseconds: performance.now() - begun }
}

/** What a thread says: an error of ours would lose its class on the way. */
type Answer<Result> = Timed<Result> | { readonly refused: readonly [expected: string, got: string] }

/** What the module of the thread exports as `run`. */
export const answering =
  <Job, Result>(work: (job: Job) => Result) =>
  (sent: unknown): unknown => {
    const { job, limits } = sent as Sent<Job>
    takeLimits(limits)
    try {
      return timed(() => work(job))
    } catch (error) {
      if (error instanceof ExpectedError)
        return { refused: [error.expected, error.got] } satisfies Answer<Result>
      throw error
    }
  }

export interface Aside<Job, Result> {
  /**
   * @param job numbers and plain objects
   * @param multiplyAdds about so many; 0 for what takes no time
   * @param signal ends what is under way on the thread: the promise rejects with its reason
   * @returns a promise where the work would hold the event loop up
   */
  do(job: Job, multiplyAdds: number, signal?: AbortSignal): Result | Promise<Result>
  /** of the work, as far as it is known */
  readonly speed: Speed
}

/** Multiply-adds from which on the time they take says something about them, and not about the call. */
const worthTiming = 1e5

/** Bytes from which on a thread takes the copy over, which is then gone if the thread dies of it. */
const heavy = 1e6

/**
 * @param filename of a module that exports `answering(work)` as `run`
 * @param work changes nothing of its job: a job whose thread has died is done once more, if it is not too large
 */
export function aside<Job, Result>(filename: string, work: (job: Job) => Result): Aside<Job, Result> {
  const own = speed()
  const learn = (multiplyAdds: number, milliseconds: number) => {
    if (multiplyAdds >= worthTiming) own.learn(multiplyAdds, milliseconds)
  }
  const beside = async (job: Job, multiplyAdds: number, signal?: AbortSignal): Promise<Result> => {
    const value: Sent<Job> = { job: packed(job), limits: sentLimits() }
    const buffers = buffersOf(value.job)
    const bytes = buffers.reduce((sum, { byteLength }) => sum + byteLength, 0)
    const here = () => timed(() => work(value.job))
    const errand = { value, filename, transfer: bytes >= heavy ? buffers : [], here }
    const answer = (await runErrand(errand, signal)) as Answer<Result>
    if ('refused' in answer) throw new ExpectedError(...answer.refused)
    learn(multiplyAdds, answer.milliseconds)
    return answer.result
  }
  return {
    do(job, multiplyAdds, signal) {
      if (multiplyAdds > 0 && isForThreads(own.estimate(multiplyAdds)))
        return beside(job, multiplyAdds, signal)
      const { result, milliseconds } = timed(() => work(job))
      learn(multiplyAdds, milliseconds)
      return result
    },
    speed: own,
  }
}
