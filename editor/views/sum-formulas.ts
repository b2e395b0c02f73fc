/** The formulas of the view, in the letters of the README. h is the whole state: of an LSTM h and c, of several layers all. */
import { texMatrix, texName } from '../pictures/formula'
import type { SumTerm } from './sum-terms'

const partial = (of: string, by: string, immediate = '') =>
  `\\frac{\\partial${immediate} ${of}}{\\partial ${by}}`

/** What the letter of a parameter multiplies: h_{i-1}, x_i or nothing. */
export function factorOf(name: string, i: number | string): string | undefined {
  if (/^[Wp]/.test(name)) return typeof i === 'number' ? `h_{${i - 1}}` : `h_{${i}-1}`
  if (/^U/.test(name)) return `x_{${i}}`
  return undefined
}

export function generalFormula(
  name: string,
  { last, losses, isPlain }: { last: number; losses: number; isPlain: boolean },
): string {
  const parameter = texName(name)
  const short = factorOf(name, 'i')
  const rank = !isPlain ? '' : ` = \\sum_i \\delta_i${short ? `\\, ${short}^{\\top}` : ''}`
  if (losses > 1)
    return `${partial('L', parameter)} = \\sum_{t} ${partial('L_t', 'h_t')} \\sum_{i=1}^{t} ${partial('h_t', 'h_i')}\\, ${partial('h_i', parameter, '^{+}')}${rank}`
  return `${partial('L', parameter)} = ${partial('L', `h_{${last}}`)} \\sum_{i=1}^{${last}} ${partial(`h_{${last}}`, 'h_i')}\\, ${partial('h_i', parameter, '^{+}')}${rank}`
}

/** Of one layer of a plain rnn term i is of rank one; of gates and of layers above it is not, or not of this h. */
export function termFormula(name: string, i: number, isPlain: boolean): string {
  if (!isPlain) return `\\cdots\\frac{\\partial^{+} h_{${i}}}{\\partial ${texName(name)}}`
  const factor = factorOf(name, i)
  return `\\delta_{${i}}${factor ? `\\,${factor}^{\\top}` : ''}`
}

/** ∂L/∂W = [..] + [..] = [..] */
export function numbersFormula(name: string, terms: readonly SumTerm[]): string {
  const sum = terms
    .map(({ values }) => values)
    .reduce((a, b) =>
      a.map((row, r) => row.map((value, c) => (value ?? Number.NaN) + (b[r][c] ?? Number.NaN))),
    )
  const parts = terms.map(({ values, i }) => `\\underbrace{${texMatrix(values)}}_{i=${i}}`)
  return `${partial('L', texName(name))} = ${parts.join(' + ')} = ${texMatrix(sum)}`
}
