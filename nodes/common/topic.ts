/** Whose message it is. */
import { describe, ExpectedError } from '../../src'
import type { RnnMessage } from './message'

/**
 * The topic as a name; empty if there is none.
 *
 * @throws ExpectedError for an object, which has no name
 */
export function topicOf({ topic }: RnnMessage): string {
  if (topic === undefined || topic === null) return ''
  if (typeof topic !== 'object' && typeof topic !== 'function') return String(topic)
  throw new ExpectedError('msg.topic to be a text or a number', describe(topic))
}
