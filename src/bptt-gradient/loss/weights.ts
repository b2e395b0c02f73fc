/** Weights of classes or outputs, checked. */
import { describe, ExpectedError, numberIn } from '../../expected'

/**
 * @returns `count` weights, ones if none are given
 * @throws ExpectedError naming the option for another count, and the entry for a number below 0
 */
export function weightsIn(name: string, given: readonly number[] | undefined, count: number): Float64Array {
  if (given === undefined) return new Float64Array(count).fill(1)
  if (!Array.isArray(given) || given.length !== count)
    throw new ExpectedError(`${name} as an array of ${count}, one for each output`, describe(given))
  return Float64Array.from(given, (weight, index) =>
    numberIn(`entry ${index + 1} of ${name}`, weight, { min: 0 }),
  )
}
