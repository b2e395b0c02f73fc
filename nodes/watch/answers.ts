/**
 * The traces of each loop, as JSON: one at a time, one for all editors that ask, and seldom enough that a training that
 * goes on loses at most a twentieth of its time to them.
 */
import { traceAside } from './aside'
import type { Batch, Loop } from './loop'
import { jobOf } from './trace'
import type { TraceView } from './wire'

interface Answer {
  readonly batch: Batch
  readonly json: Promise<string>
  /** until then a newer batch has to wait, if training goes on */
  restUntil: number
}

const least = 500
const share = 20

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
  const own = answers.get(loop) ?? new Map<TraceView, Answer>()
  answers.set(loop, own)
  const before = own.get(view)
  const { batch } = loop
  if (!batch || (before && before.batch === batch)) return before?.json
  if (before && ((isUnderWay && performance.now() < before.restUntil) || before.restUntil === pending))
    return before.json
  const begun = performance.now()
  const answer: Answer = { batch, json: made(batch, view), restUntil: pending }
  own.set(view, answer)
  try {
    const json = await answer.json
    answer.restUntil = performance.now() + Math.max(least, share * (performance.now() - begun))
    return json
  } catch (error) {
    if (own.get(view) === answer) own.delete(view)
    throw error
  }
}

/** While it is being made there is no other. */
const pending = Number.POSITIVE_INFINITY

async function made(batch: Batch, view: TraceView): Promise<string> {
  const trace = await traceAside(jobOf(view, batch))
  return JSON.stringify({ step: batch.step, ...trace })
}

/** Nobody looks any more. */
export const forgetAnswers = (loop: Loop): void => {
  answers.delete(loop)
}
