/** Readings by the value of a column: one sequence for each, in the order of its rows. */
import { describe, ExpectedError } from '../expected'
import type { ClassLabel } from './classes'
import type { Split } from './series'

export interface Grouped extends Split {
  /** the rows by their number, brought together by group; the spans of the split count in this order */
  readonly rows: readonly number[]
}

/**
 * Groups in the order in which they first occur, or in the one given; the last share of them is held out. A
 * sequence ends `horizon` rows before its group does.
 *
 * @param labels the group of each row
 * @param order of so many groups
 * @throws ExpectedError if a group is too short, or none is left to learn from
 */
export function grouped(
  labels: readonly ClassLabel[],
  horizon: number,
  validationSplit: number,
  order?: (count: number) => readonly number[],
): Grouped {
  const rowsOf = new Map<ClassLabel, number[]>()
  labels.forEach((label, row) => {
    const rows = rowsOf.get(label)
    if (rows) rows.push(row)
    else rowsOf.set(label, [row])
  })
  for (const [label, { length }] of rowsOf)
    if (length <= horizon)
      throw new ExpectedError(
        `at least ${horizon + 1} readings in every group (one and the horizon of ${horizon})`,
        `${length} in group ${describe(label)}`,
      )
  const found = [...rowsOf.values()]
  const trainCount = Math.round(found.length * (1 - validationSplit))
  if (trainCount === 0)
    throw new ExpectedError('at least one group to learn from', `${trainCount} of ${found.length} groups`)

  const ordered = order ? order(found.length).map((index) => found[index]) : found
  let end = 0
  const spans = ordered.map(({ length }) => {
    end += length
    return { start: end - length, length: length - horizon }
  })
  return {
    rows: ordered.flat(),
    train: spans.slice(0, trainCount),
    validation: spans.slice(trainCount),
    trainEnd: spans[trainCount]?.start ?? end,
  }
}
