/** The steps of a stream as unroll has them: what was said of them before, what is said now, and an alert. */
import { type Anomaly, isFed, predictions, type Unrolled } from '../../src'
import type { RnnMessage } from '../common/message'
import type { Foretold } from './foretold'

/** Nothing for what is no step of a stream, and for answers that are not one after each step or after the last. */
export function compareWithTruth(
  predicted: Foretold,
  { topic, sequence }: RnnMessage,
  unrolled: Unrolled,
): { readonly anomaly?: Anomaly; readonly alert?: RnnMessage } {
  const stream = sequence?.stream
  if (!stream || isFed(unrolled.topology)) return {}
  const scale = sequence.scale?.target
  // in the units of the data, whatever the payload is in
  const answers = predictions(unrolled, scale) as number[] | number[][]
  const said = Array.isArray(answers[0]) ? (answers as number[][]) : [answers as number[]]
  const { anomaly, step, time, isChange } = predicted.compare(topic, stream, said, scale?.std)
  if (!anomaly || !isChange) return { anomaly }
  return {
    anomaly,
    alert: { ...(topic !== undefined && { topic }), payload: { ...anomaly, step, time } },
  }
}
