/** One message at one node, and what comes of it. */
import should from 'should'
import type { RnnMessage } from '../../../nodes/common/message'
import { outputsOf, type ThinNode } from './thin-red'

/** A property that cannot be read. */
export const throwing = (property: string, error: unknown = new Error('cannot be read')) => ({
  enumerable: true,
  configurable: true,
  get() {
    throw error ?? property
  },
})

/** What comes of a message: the first message sent, or the error. */
export function passed(node: ThinNode, msg: unknown): { sent?: RnnMessage; error?: string } {
  const { sent, ends, escaped } = node.input(msg)
  should(escaped).equal(undefined)
  should(ends).have.length(1)
  const [first] = sent.flatMap((out) => outputsOf(out).flat())
  return { ...(first && { sent: first }), ...(ends[0] && { error: ends[0].message }) }
}
