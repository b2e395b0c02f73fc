import { type Generator, oneHot } from '../generated'

/**
 * Temporal order, two symbols (Hochreiter & Schmidhuber 1997, experiment 6a; positions as in Martens & Sutskever
 * 2011 and Pascanu et al. 2013). Every step is one of six symbols, one-hot: X and Y, or one of four distractors.
 * One of X, Y stands in [T/10, 2T/10), one in [5T/10, 6T/10). Target: which of XX, XY, YX, YY.
 */
export const temporalOrder = (length: number): Generator => ({
  length,
  inputSize: 6,
  outputSize: 4,
  targetKind: 'class',
  targetsPer: 'sequence',
  draw(random) {
    const within = (from: number) =>
      random.integer(
        Math.floor((from * length) / 10),
        Math.max(Math.floor(((from + 1) * length) / 10) - 1, Math.floor((from * length) / 10)),
      )
    const [first, second] = [within(1), within(5)]
    const [early, late] = [random.integer(0, 1), random.integer(0, 1)]
    const symbols = Array.from({ length }, () => random.integer(2, 5))
    symbols[first] = early
    symbols[second] = late
    return { inputs: symbols.map((symbol) => oneHot(symbol, 6)), target: [2 * early + late] }
  },
})
