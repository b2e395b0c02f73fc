/** Nested arrays of float64 that are reckoned in another order: the same but for rounding. */
import should from 'should'

/** Of numbers around 1: float64 has 16 digits, and few of them are lost. */
const rounding = 1e-12

/** Arrays of the same shape, their numbers within rounding of one another; anything else is the same. */
export function shouldBeClose(actual: unknown, expected: unknown): void {
  if (Array.isArray(actual) && Array.isArray(expected)) {
    should(actual).have.length(expected.length)
    actual.forEach((entry, index) => {
      shouldBeClose(entry, expected[index])
    })
  } else if (Number.isFinite(actual) && Number.isFinite(expected))
    should(actual).be.approximately(expected as number, rounding)
  else should(actual).eql(expected)
}
