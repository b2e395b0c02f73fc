import { lengthFrom, wholeIn } from '../checks'
import { type Generator, oneHot } from '../generated'
import type { SourceOptions } from '../options'

/** Symbols to remember, besides the blank and the cue. */
const symbolCount = 8

/**
 * Copy memory (Hochreiter & Schmidhuber 1997; this form: Arjovsky, Shah & Bengio 2016). `remember` symbols
 * out of eight, then blanks for `length` steps (the delay), the last of them the cue to answer, then
 * `remember` blanks. Target at each step: blank, and during the last `remember` steps the symbols in their
 * order. Ten one-hot inputs; nine classes, blank being class 8.
 */
export function copyMemory({
  length: delay = 20,
  remember = 10,
}: Pick<SourceOptions, 'length' | 'remember'>): Generator {
  lengthFrom(1, delay)
  wholeIn('remember', remember, 1, 1000)
  const [blank, cue] = [symbolCount, symbolCount + 1]
  return {
    length: 2 * remember + delay,
    inputSize: symbolCount + 2,
    outputSize: symbolCount + 1,
    targetKind: 'class',
    targetsPer: 'step',
    draw(random) {
      const symbols = Array.from({ length: remember }, () => random.integer(0, symbolCount - 1))
      const waiting = new Array<number>(delay - 1).fill(blank)
      const steps = [...symbols, ...waiting, cue, ...new Array<number>(remember).fill(blank)]
      return {
        inputs: steps.map((symbol) => oneHot(symbol, symbolCount + 2)),
        target: [...new Array<number>(remember + delay).fill(blank), ...symbols],
      }
    },
  }
}
