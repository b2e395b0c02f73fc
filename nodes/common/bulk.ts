/** What a message that waits keeps from being given back. */
import { mostAxes } from '../../src'
import type { RnnMessage } from './message'

/** What is heavy in a message: sequences and what was made of them. */
const heavy = ['payload', 'target', 'unrolled', 'gradient']

/** { strands: [{ hidden: { data } }] } */
const mostLevels = 5

const bytesOfNumber = 8

/** Bytes, about. What is made when somebody looks at it is not looked at. */
export const bulkOf = (msg: RnnMessage): number =>
  heavy.reduce((sum, name) => sum + bytesIn(held(msg, name), mostLevels), 0)

function bytesIn(value: unknown, levels: number): number {
  if (typeof value === 'string') return 2 * value.length
  if (typeof value !== 'object' || value === null || levels === 0) return 0
  if (ArrayBuffer.isView(value)) return value.byteLength
  if (Array.isArray(value) && typeof value[0] !== 'object') return bytesOfNumber * value.length
  if (Array.isArray(value) && Array.isArray(value[0])) return bytesOfNumber * entriesIn(value)
  return Object.keys(value).reduce((sum, name) => sum + bytesIn(held(value, name), levels - 1), 0)
}

const held = (from: object, name: string): unknown => Object.getOwnPropertyDescriptor(from, name)?.value

/** Of nested arrays, by the first row of each level. */
function entriesIn(nested: unknown): number {
  let count = 1
  for (let [row, axis] = [nested, 0]; Array.isArray(row) && axis < mostAxes; [row, axis] = [row[0], axis + 1])
    count *= row.length
  return count
}
