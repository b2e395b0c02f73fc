/** So many strange messages into a node, in rows that fast-check shrinks when one of them shows a fault. */
import fc from 'fast-check'
import { strange } from './near-misses'
import { type Counts, passBoth, type Subject } from './twins'

/** Messages in a row at most, and half as many on average: each row meets a node that has just begun. */
const mostInRow = 50

/**
 * At least so many messages, all different from those of another seed.
 *
 * @throws Error with the shortest row of messages that shows the fault
 */
export async function fuzzAll(
  subjects: readonly Subject[],
  messages: number,
  counts: Counts,
  seed: number,
): Promise<void> {
  const shares = subjects.reduce((sum, { share }) => sum + share, 0)
  for (const subject of subjects) await fuzz(subject, (messages * subject.share) / shares, counts, seed)
}

async function fuzz(subject: Subject, messages: number, counts: Counts, seed: number): Promise<void> {
  const row = fc.array(strange, { minLength: 1, maxLength: mostInRow, size: 'max' })
  const until = counts.messages + messages
  for (let round = 0; counts.messages < until; round++)
    await fc.assert(
      fc.asyncProperty(row, (all) => passBoth(subject, all, counts)),
      { numRuns: Math.ceil((until - counts.messages) / mostInRow), seed: seed + round },
    )
}
