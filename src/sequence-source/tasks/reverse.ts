import { lengthFrom, wholeIn } from '../checks'
import { type Generator, oneHot } from '../generated'
import type { SourceOptions } from '../options'

/**
 * Sequence reversal (Grefenstette et al. 2015), for the topology encoder-decoder (Sutskever, Vinyals & Le
 * 2014). Inputs: `length` random symbols out of `symbols`, one-hot. Target at each step: the symbols
 * backwards, as classes.
 */
export function reverse({ length = 8, symbols = 10 }: Pick<SourceOptions, 'length' | 'symbols'>): Generator {
  lengthFrom(1, length)
  wholeIn('symbols', symbols, 2, 1000)
  return {
    length,
    inputSize: symbols,
    outputSize: symbols,
    targetKind: 'class',
    targetsPer: 'step',
    draw(random) {
      const sequence = Array.from({ length }, () => random.integer(0, symbols - 1))
      return { inputs: sequence.map((symbol) => oneHot(symbol, symbols)), target: sequence.toReversed() }
    },
  }
}
