/** What the tests of drawn tasks share. */
import fc from 'fast-check'
import should from 'should'

export const seed = fc.integer({ min: 1, max: 1e6 })

/** The position of the one 1 in a row of zeros. */
export const hot = (row: readonly number[]): number => {
  should([...row].sort((a, b) => a - b)).eql([...new Array(row.length - 1).fill(0), 1])
  return row.indexOf(1)
}

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

/** Of the population. */
export function deviation(values: readonly number[]): number {
  const middle = mean(values)
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)))
}
