/** What a message that waits keeps from being given back. */
import { isTensor } from '../../src'
import { tensorBehind } from './lazy'
import type { RnnMessage } from './message'

/** What is heavy in a message: sequences and what was made of them. */
const heavy = ['payload', 'target', 'unrolled', 'gradient', 'sequence', 'initialState'] as const

const bytesOfNumber = 8
/** Of a row so many entries are looked at, from which the others are guessed, */
const mostOfRow = 30
/** and so many in all. */
const mostLooks = 5000

/** Bytes, about. What is made when somebody looks at it counts by what it is made from. */
export function bulkOf(msg: RnnMessage): number {
  const seen = new Set<unknown>()
  let looks = 0

  const bytesIn = (value: unknown): number => {
    if (typeof value === 'string') return 2 * value.length
    if (typeof value === 'number') return bytesOfNumber
    if (typeof value !== 'object' || value === null || seen.has(value) || looks++ > mostLooks) return 0
    seen.add(value)
    if (isTensor(value)) return bytesIn(value.data)
    if (ArrayBuffer.isView(value)) return value.byteLength
    if (Array.isArray(value)) return bytesOfRow(value)
    return Object.keys(value).reduce((sum, name) => sum + bytesIn(held(value, name)), 0)
  }

  const bytesOfRow = (row: readonly unknown[]): number => {
    const every = Math.ceil(row.length / mostOfRow)
    let sum = 0
    let count = 0
    for (let index = 0; index < row.length; index += every) {
      sum += bytesIn(row[index])
      count += 1
    }
    return count === 0 ? 0 : (sum / count) * row.length
  }

  return heavy.reduce((sum, name) => sum + bytesIn(tensorBehind(msg, name) ?? held(msg, name)), 0)
}

const held = (from: object, name: string): unknown => Object.getOwnPropertyDescriptor(from, name)?.value
