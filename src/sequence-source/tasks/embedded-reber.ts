import type { Random } from '../../random/random'
import { lengthFrom } from '../checks'
import { type Generator, oneHot } from '../generated'
import type { SourceOptions } from '../options'

/** In the order of the one-hot rows. */
const alphabet = 'BTPSXVE'

/** Reber's automaton: from each state, the symbols that may come and the states they lead to. */
const arrows: readonly Readonly<Record<string, number>>[] = [
  { B: 1 },
  { T: 2, P: 3 },
  { S: 2, X: 4 },
  { T: 3, V: 5 },
  { X: 3, S: 6 },
  { P: 4, V: 6 },
  { E: 7 },
  {},
]

/** A symbol, and which might have stood in its place. */
interface Choice {
  readonly symbol: string
  readonly possible: string
}

/**
 * The embedded Reber grammar (Reber 1967; embedded: Smith & Zipser 1989; Hochreiter & Schmidhuber 1997,
 * experiment 1). A string is B, then T or P, then a string of Reber's automaton, then the same T or P again,
 * then E; each of two possible symbols comes with probability 1/2. Inputs: the symbols but the last, one-hot
 * in the order B T P S X V E. Target at each step: the symbols that may come next, as seven values 0 or 1, to
 * be learned by binary cross-entropy or squared error. Strings differ in length; one that takes more than
 * `length` steps is drawn again.
 */
export function embeddedReber({ length = 50 }: Pick<SourceOptions, 'length'>): Generator {
  lengthFrom(8, length)
  return {
    length,
    variableLength: true,
    inputSize: alphabet.length,
    outputSize: alphabet.length,
    targetKind: 'value',
    targetsPer: 'step',
    draw(random) {
      let choices = drawString(random)
      while (choices.length > length + 1) choices = drawString(random)
      return {
        inputs: choices.slice(0, -1).map(({ symbol }) => oneHot(alphabet.indexOf(symbol), alphabet.length)),
        target: choices
          .slice(1)
          .flatMap(({ possible }) => [...alphabet].map((symbol) => (possible.includes(symbol) ? 1 : 0))),
      }
    },
  }
}

function drawString(random: Random): Choice[] {
  const choose = (possible: string): Choice => ({
    symbol: possible[random.integer(0, possible.length - 1)],
    possible,
  })
  const only = (symbol: string): Choice => ({ symbol, possible: symbol })
  const outer = choose('TP')
  const inner: Choice[] = []
  for (let state = 0; state !== 7; ) {
    const choice = choose(Object.keys(arrows[state]).join(''))
    inner.push(choice)
    state = arrows[state][choice.symbol]
  }
  return [only('B'), outer, ...inner, only(outer.symbol), only('E')]
}
