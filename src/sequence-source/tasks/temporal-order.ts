import { lengthFrom, wholeIn } from '../checks'
import { type Generator, oneHot } from '../generated'
import type { SourceOptions } from '../options'

/**
 * Temporal order (Hochreiter & Schmidhuber 1997, experiments 6a with two and 6b with three symbols that
 * matter; places as in Martens & Sutskever 2011 and Pascanu et al. 2013). Every step is one of six symbols,
 * one-hot: X and Y, or one of four distractors. One of X, Y stands in each of these places, T/10 wide:
 *
 *     symbols 2: from T/10 and 5T/10
 *     symbols 3: from T/10, T/3 and 2T/3, which is 6b's 10-20, 33-43, 66-76 of 100 steps
 *     symbols 4: from T/10, T/4, 2T/4 and 3T/4, the same rule once more
 *
 * Target: which of XX, XY, YX, YY; of XXX, XXY, …; of XXXX, XXXY, …: 4, 8 or 16 classes.
 */
export function temporalOrder({
  length = 20,
  symbols = 2,
}: Pick<SourceOptions, 'length' | 'symbols'>): Generator {
  wholeIn('symbols', symbols, 2, 4)
  lengthFrom(symbols, length)
  const places = Array.from({ length: symbols }, (_, index) => {
    const from = Math.floor(index === 0 ? length / 10 : (index * length) / symbols)
    const end = Math.floor(
      index === 0 ? (2 * length) / 10 : ((10 * index + symbols) * length) / (10 * symbols),
    )
    return { from, last: Math.max(end - 1, from) }
  })
  return {
    length,
    inputSize: 6,
    outputSize: 2 ** symbols,
    targetKind: 'class',
    targetsPer: 'sequence',
    draw(random) {
      const steps = places.map(({ from, last }) => random.integer(from, last))
      const order = steps.map(() => random.integer(0, 1))
      const sequence = Array.from({ length }, () => random.integer(2, 5))
      steps.forEach((step, index) => {
        sequence[step] = order[index]
      })
      return {
        inputs: sequence.map((symbol) => oneHot(symbol, 6)),
        target: [order.reduce((number, bit) => 2 * number + bit, 0)],
      }
    },
  }
}
