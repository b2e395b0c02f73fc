/** Embedded Reber strings against an automaton of their own: every state of the whole grammar by name. */
import fc from 'fast-check'
import should from 'should'
import { random } from '../../../../src/random/random'
import { embeddedReber } from '../../../../src/sequence-source/tasks/embedded-reber'
import { throwsExpected } from '../../../support/throws'
import { hot, seed } from '../drawn'

const alphabet = ['B', 'T', 'P', 'S', 'X', 'V', 'E']

/** One copy of Reber's automaton; `outer` is the symbol that has to come back behind it. */
const copy = (outer: 'T' | 'P') => ({
  [`${outer}: begin`]: { B: `${outer}: fork` },
  [`${outer}: fork`]: { T: `${outer}: upper loop`, P: `${outer}: lower loop` },
  [`${outer}: upper loop`]: { S: `${outer}: upper loop`, X: `${outer}: upper exit` },
  [`${outer}: upper exit`]: { X: `${outer}: lower loop`, S: `${outer}: last` },
  [`${outer}: lower loop`]: { T: `${outer}: lower loop`, V: `${outer}: lower exit` },
  [`${outer}: lower exit`]: { P: `${outer}: upper exit`, V: `${outer}: last` },
  [`${outer}: last`]: { E: `${outer}: again` },
  [`${outer}: again`]: { [outer]: 'end' },
})
const automaton: Record<string, Record<string, string>> = {
  start: { B: 'outer' },
  outer: { T: 'T: begin', P: 'P: begin' },
  ...copy('T'),
  ...copy('P'),
  end: { E: 'accepted' },
}

/** The states after each symbol; a symbol that may not come throws. */
const statesOf = (symbols: readonly string[]): string[] => {
  let state = 'start'
  return symbols.map((symbol) => {
    should(Object.keys(automaton[state])).containEql(symbol)
    state = automaton[state][symbol]
    return state
  })
}
const possibleIn = (state: string) => alphabet.map((symbol) => (symbol in automaton[state] ? 1 : 0))
const rows = (flat: readonly number[]) =>
  Array.from({ length: flat.length / 7 }, (_, row) => flat.slice(7 * row, 7 * row + 7))

describe('embedded Reber grammar', () => {
  it('has strings that the automaton accepts, and asks at each step for all symbols it could go on with', () => {
    fc.assert(
      fc.property(seed, (from) => {
        const { inputs, target } = embeddedReber({}).draw(random(from))
        const symbols = inputs.map((row) => alphabet[hot(row)])
        const states = statesOf(symbols)
        should(rows(target)).eql(states.map(possibleIn))
        // of the whole string only the last symbol is no input: E
        should(states.at(-1)).equal('end')
      }),
      { numRuns: 500 },
    )
  })

  it('is known to accept the strings of the literature, and to refuse a wrong last but one symbol', () => {
    for (const accepted of ['BTBTXSETE', 'BPBPVVEPE', 'BTBPTTVPXVVETE', 'BPBTSSXXTVPSEPE'])
      should(statesOf([...accepted]).at(-1)).equal('accepted')
    should(() => statesOf([...'BTBTXSEPE'])).throw()
  })

  it('draws each of two symbols about equally often', () => {
    const draws = random(5)
    const counts = new Map<string, number>()
    for (let count = 0; count < 1200; count++) {
      const symbols = embeddedReber({})
        .draw(draws)
        .inputs.map((row) => alphabet[row.indexOf(1)])
      const states = ['start', ...statesOf(symbols)]
      symbols.forEach((symbol, step) => {
        const key = `${states[step].replace(/^.: /, '')} ${symbol}`
        counts.set(key, (counts.get(key) ?? 0) + 1)
      })
    }
    for (const [state, one, other] of [
      ['outer', 'T', 'P'],
      ['fork', 'T', 'P'],
      ['upper loop', 'S', 'X'],
      ['upper exit', 'X', 'S'],
      ['lower loop', 'T', 'V'],
      ['lower exit', 'P', 'V'],
    ]) {
      const [left, right] = [counts.get(`${state} ${one}`) ?? 0, counts.get(`${state} ${other}`) ?? 0]
      should(left / (left + right)).be.approximately(0.5, 0.05)
    }
  })

  it('draws a string of more steps than allowed again', () => {
    const lengths = (length?: number) => {
      const draws = random(9)
      return Array.from({ length: 400 }, () => embeddedReber({ length }).draw(draws).inputs.length)
    }
    should(new Set(lengths(8))).eql(new Set([8]))
    should(Math.max(...lengths(15))).equal(15)
    should(Math.max(...lengths())).be.within(20, 50)
    should(Math.min(...lengths())).equal(8)
  })

  it('refuses a length that no string has', () => {
    throwsExpected(
      () => embeddedReber({ length: 7 }),
      'expected length to be a whole number from 8 up to 100000, got 7',
    )
  })
})
