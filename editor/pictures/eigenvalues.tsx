/** Eigenvalues of W in the complex plane, against the unit circle. */
import type { Eigenvalue } from '../../src'
import { Figure } from './figure'

const side = 200
const margin = 14

export function Eigenvalues({
  title,
  words,
  values,
}: {
  title: string
  words: string
  values: readonly { re: number | null; im: number | null }[]
}) {
  const reach = Math.max(1.15, ...values.map(({ re, im }) => Math.hypot(re ?? 0, im ?? 0) * 1.08))
  const scale = (side / 2 - margin) / reach
  const x = (re: number) => side / 2 + re * scale
  const y = (im: number) => side / 2 - im * scale
  return (
    <Figure title={title} words={words}>
      <svg
        class="rnn-plane"
        viewBox={`0 0 ${side} ${side}`}
        width={side}
        height={side}
        role="img"
        aria-label={`${title}. ${words}`}
      >
        <path class="rnn-axis" d={`M${margin} ${y(0)}H${side - margin}M${x(0)} ${margin}V${side - margin}`} />
        <circle class="rnn-unit" cx={x(0)} cy={y(0)} r={scale} />
        <text x={side - margin} y={y(0) - 4} text-anchor="end">
          Re
        </text>
        <text x={x(0) + 4} y={margin + 4}>
          Im
        </text>
        <text x={x(1) + 2} y={y(0) + 12}>
          1
        </text>
        {values.map(({ re, im }) => {
          const isOutside = Math.hypot(re ?? 0, im ?? 0) > 1
          const [cx, cy] = [x(re ?? 0), y(im ?? 0)]
          return isOutside ? (
            <path
              class="rnn-outside"
              d={`M${cx - 3} ${cy - 3}L${cx + 3} ${cy + 3}M${cx + 3} ${cy - 3}L${cx - 3} ${cy + 3}`}
            />
          ) : (
            <circle class="rnn-inside" cx={cx} cy={cy} r={2.5} />
          )
        })}
      </svg>
    </Figure>
  )
}

export const modulus = ({ re, im }: Pick<Eigenvalue, 're' | 'im'>): number => Math.hypot(re, im)
