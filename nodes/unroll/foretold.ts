/**
 * What was predicted of each topic, until the truth of it comes: then the two are compared. A bounded number of topics, the
 * one that was not heard of for longest going first; of each, no more predictions than the horizon has steps.
 */
import { lru } from 'tiny-lru'
import { type Anomaly, type AnomalyDetector, type AnomalyOptions, anomalyDetector } from '../../src'
import type { MessageStream } from '../common/message'
import type { KnownTopic } from './memory'

export interface Compared {
  /** of the steps of a message the most unusual; undefined if no truth has come, or no prediction was made of it */
  readonly anomaly?: Anomaly
  /** the number and the time of that step */
  readonly step?: number
  readonly time?: number
  /** an alert has begun or ended */
  readonly isChange: boolean
}

export interface Foretold {
  /**
   * @param said the predictions after the latest of the steps, oldest first; null in one that is not finite
   * @param usual deviations of the readings, by output
   */
  compare(
    topic: unknown,
    stream: MessageStream,
    said: readonly (readonly (number | null)[])[],
    usual?: readonly number[],
  ): Compared
  /** forgets one topic, or everything */
  forget(topic?: unknown): void
  /** predictions of a topic whose truth is still to come */
  open(topic: unknown): number
  /** all that is known, the topic that was not heard of for longest first */
  entries(): KnownTopic[]
  /** @throws ExpectedError for what `entries` does not return; nothing has changed then */
  restore(entries: readonly KnownTopic[]): void
}

interface Known {
  readonly detector: AnomalyDetector
  /** by the step after which it was said, in their order */
  readonly predictions: Map<number, readonly number[]>
  /** of the steps */
  latest: number
}

/** @throws ExpectedError for an option out of its range */
export function foretold(options: AnomalyOptions, mostTopics: number): Foretold {
  const topics = lru<Known>(mostTopics)
  const begin = (): Known => ({ detector: anomalyDetector(options), predictions: new Map(), latest: 0 })
  // what is wrong with the options is said at once
  begin()
  const keyOf = (topic: unknown) => String(topic ?? '')

  /** Errors of another number of outputs are those of another network. */
  const knownOf = (topic: unknown, truths: MessageStream['truths']): Known => {
    const known = topics.get(keyOf(topic))
    const seen = known?.detector.state().mean.length
    const size = truths.find((truth) => truth !== null)?.length
    const isOther = seen !== undefined && seen > 0 && size !== undefined && size !== seen
    return known && !isOther ? known : begin()
  }

  return {
    compare(topic, { begins, steps, times, truths, horizon }, said, usual) {
      const known = knownOf(topic, truths)
      topics.set(keyOf(topic), known)
      const { predictions, detector } = known
      if (begins) predictions.clear()
      const wasAlert = detector.state().alert
      let most: Compared = { isChange: false }
      steps.forEach((step, place) => {
        const now = said[place - (steps.length - said.length)]
        if (now?.every((value) => value !== null)) predictions.set(step, now as readonly number[])
        const truth = truths[place]
        const before = predictions.get(step - horizon)
        if (truth && before?.length === truth.length) {
          const anomaly = detector.observe(before, truth, usual)
          if ((anomaly.score ?? 0) >= (most.anomaly?.score ?? 0))
            most = { anomaly, step, time: times[place], isChange: false }
        }
        // what comes before others counts anew
        const isBack = step < known.latest
        known.latest = step
        for (const old of predictions.keys()) {
          if (old <= step - horizon || old > step) predictions.delete(old)
          else if (!isBack) break
        }
      })
      return { ...most, isChange: detector.state().alert !== wasAlert }
    },
    forget(topic) {
      if (topic !== undefined && topic !== '') topics.delete(keyOf(topic))
      else topics.clear()
    },
    entries: () =>
      topics.keys().flatMap((topic: string) => {
        const known = topics.peek(topic)
        return known ? [[topic, known.detector.state(), [...known.predictions]] as const] : []
      }),
    restore(entries) {
      const all = entries.map(
        ([topic, state, open]) =>
          [
            topic,
            {
              detector: anomalyDetector(options, state),
              predictions: new Map(open),
              latest: open.at(-1)?.[0] ?? 0,
            },
          ] as const,
      )
      for (const [topic, known] of all) topics.set(topic, known)
    },
    open: (topic) => topics.peek(keyOf(topic))?.predictions.size ?? 0,
  }
}
