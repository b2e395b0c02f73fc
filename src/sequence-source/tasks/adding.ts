import { lengthFrom } from '../checks'
import type { Generator } from '../generated'
import type { SourceOptions } from '../options'

/**
 * The adding problem (Hochreiter & Schmidhuber 1997, experiment 4; this form: Le, Jaitly & Hinton 2015).
 * Inputs are a number from U[0, 1) and a mark; two steps are marked, one in each half. Target: the sum of the
 * two marked numbers. Always answering 1 has a mean squared error of 1/6.
 */
export function adding({ length = 20 }: Pick<SourceOptions, 'length'>): Generator {
  const half = Math.floor(lengthFrom(2, length) / 2)
  return {
    length,
    inputSize: 2,
    outputSize: 1,
    targetKind: 'value',
    targetsPer: 'sequence',
    draw(random) {
      const marked = [random.integer(0, half - 1), random.integer(half, length - 1)]
      const numbers = Array.from({ length }, () => random.uniform())
      return {
        inputs: numbers.map((value, step) => [value, marked.includes(step) ? 1 : 0]),
        target: [numbers[marked[0]] + numbers[marked[1]]],
      }
    },
  }
}
