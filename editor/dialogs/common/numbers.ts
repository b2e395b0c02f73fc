/** Numbers as a person reads them. */

/** At most so many digits, and no more zeros than are easily counted: 0.001, 1e-6, 2.5e9. */
export function shortNumber(value: number, digits = 4): string {
  if (!Number.isFinite(value)) return value > 0 ? '∞' : value < 0 ? '-∞' : '?'
  const rounded = Number(value.toPrecision(digits))
  const size = Math.abs(rounded)
  const isPlain = size === 0 || (size >= 1e-4 && size < 1e6)
  return isPlain ? String(rounded) : rounded.toExponential().replace('e+', 'e')
}
