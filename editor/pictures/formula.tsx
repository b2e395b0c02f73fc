/** A formula, typeset by KaTeX, which also says it in MathML to those who listen. */
import katex from 'katex'
import { useLayoutEffect, useRef } from 'preact/hooks'

/** @param isBlock a line of its own, which may break, and scrolls where it cannot */
export function Formula({ tex, isBlock = false }: { tex: string; isBlock?: boolean }) {
  const ref = useRef<HTMLSpanElement>(null)
  useLayoutEffect(() => {
    const place = ref.current
    if (!place) return
    // unlike a displayed formula one in a line may break; no link, no attribute, whatever a name holds
    const options = { throwOnError: false, strict: false, trust: false } as const
    katex.render(isBlock ? `\\displaystyle ${tex}` : tex, place, options)
    // what scrolls has to be reached by keys
    if (isBlock && place.scrollWidth > place.clientWidth + 1) place.tabIndex = 0
    else place.removeAttribute('tabindex')
  }, [tex, isBlock])
  return <span class={isBlock ? 'rnn-formula rnn-block' : 'rnn-formula'} ref={ref} />
}

/** Numbers in a formula are short: three digits. */
function texNumber(value: number | null): string {
  if (value === null) return '\\text{?}'
  if (value === 0) return '0'
  const size = Math.abs(value)
  if (size >= 1e4 || size < 1e-3) {
    const [mantissa, exponent] = value.toExponential(1).split('e')
    return `${mantissa}{\\cdot}10^{${Number(exponent)}}`
  }
  return String(Number(value.toPrecision(3)))
}

/** A vector stands upright. */
export const texVector = (values: readonly (number | null)[]): string =>
  `\\begin{bmatrix}${values.map(texNumber).join('\\\\')}\\end{bmatrix}`

export const texRow = (values: readonly (number | null)[]): string =>
  `\\begin{bmatrix}${values.map(texNumber).join('&')}\\end{bmatrix}`

export const texMatrix = (rows: readonly (readonly (number | null)[])[]): string =>
  `\\begin{bmatrix}${rows.map((row) => row.map(texNumber).join('&')).join('\\\\')}\\end{bmatrix}`

/** W2r → W_2^r: the letter of the formulas with layer and direction beside it. */
export function texName(name: string): string {
  const [, letter, layer, direction] = name.match(/^(bn|[A-Za-z])(\d*)([rd]?)$/) ?? [undefined, name, '', '']
  const base = letter === 'bn' ? 'b_n' : letter
  const below = layer ? `_{${layer}}` : ''
  const above = direction ? `^{\\,${direction}}` : ''
  return letter === 'bn' && below ? `b_{n,${layer}}${above}` : `${base}${below}${above}`
}
