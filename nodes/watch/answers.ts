/**
 * The traces of each loop, as JSON: one at a time, one for all editors that ask, and seldom enough that a training that
 * goes on loses at most a fortieth of its time to them.
 */
import { traceAside } from './aside'
import type { Loop } from './loop'
import { jobOf } from './trace-job'
import type { TraceView } from './wire'

interface Answer {
  /** which batch it is of: the start of training, and the step */
  readonly begun: number
  readonly step: number
  readonly json: Promise<string>
  /** until then a newer batch of the same training has to wait, if it goes on */
  restUntil: number
}

const [leastRest, mostRest] = [1000, 60_000]
const share = 40

/** A loop that is forgotten takes its answers along. */
const answers = new WeakMap<Loop, Map<TraceView, Answer>>()

/**
 * The trace of the latest batch, or of an earlier one where a new one would take too much of the training's time.
 *
 * @param isUnderWay whether training goes on
 * @returns undefined if there is no batch
 */
export async function answerFor(
  loop: Loop,
  view: TraceView,
  isUnderWay: boolean,
): Promise<string | undefined> {
  const { batch, begun } = loop
  if (!batch) return undefined
  const own = answers.get(loop) ?? new Map<TraceView, Answer>()
  answers.set(loop, own)
  const before = own.get(view)
  const isOfTraining = before?.begun === begun
  const waits =
    before && (before.restUntil === pending || (isUnderWay && performance.now() < before.restUntil))
  if (before && isOfTraining && (before.step === batch.step || waits)) return before.json
  const made = traceAside(jobOf(view, batch))
  const answer: Answer = {
    begun,
    step: batch.step,
    json: made.then(({ trace }) => JSON.stringify({ begun, step: batch.step, ...trace })),
    restUntil: pending,
  }
  own.set(view, answer)
  // who waits for it is told below, or waits for it already: a rejection that nobody awaits would end Node-RED
  answer.json.catch(() => undefined)
  try {
    const { milliseconds } = await made
    answer.restUntil = performance.now() + Math.min(mostRest, Math.max(leastRest, share * milliseconds))
    return await answer.json
  } catch (error) {
    if (own.get(view) === answer) own.delete(view)
    throw error
  }
}

/** While it is being made there is no other. */
const pending = Number.POSITIVE_INFINITY

/** Nobody looks any more, or the batch is gone. */
export const forgetAnswers = (loop: Loop): void => {
  answers.delete(loop)
}
