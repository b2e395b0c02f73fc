/** Labels of any kind as classes 0, 1, 2, … */
import { describe, ExpectedError } from '../expected'
import { checkSize } from '../limits'

/** What a class is called in the data. */
export type ClassLabel = number | string

/**
 * The labels that there are, numbers by size and then texts, and which of them stands in each row. Whole
 * numbers from 0 on without a gap are their own class.
 *
 * @param name the column, for the error
 * @throws ExpectedError for a number that is not whole: it is a quantity, no label; or for too many of them
 */
export function classesOf(
  labels: readonly ClassLabel[],
  name: string,
): { readonly classes: readonly ClassLabel[]; readonly indices: Float64Array } {
  const row = labels.findIndex((label) => typeof label === 'number' && !Number.isInteger(label))
  if (row >= 0)
    throw new ExpectedError(
      `whole numbers or texts as classes in column ${name}`,
      `${describe(labels[row])} in reading ${row + 1}`,
    )
  const different = [...new Set(labels)]
  checkSize('maxVocabulary', different.length, `classes in column ${name}`)
  const numbers = different.filter((label) => typeof label === 'number').sort((a, b) => a - b)
  const texts = different.filter((label) => typeof label === 'string').sort()
  const classes = [...numbers, ...texts]
  const place = new Map(classes.map((label, index) => [label, index]))
  return { classes, indices: Float64Array.from(labels, (label) => place.get(label) as number) }
}
