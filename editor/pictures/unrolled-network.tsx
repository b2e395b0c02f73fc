/** The unrolled network as everybody draws it: x below, h in a row, o above; of long sequences only where each is. */
import type { Through } from '../../nodes/watch/wire'
import type { Columns } from './columns'

/** Narrower than this a step is no box any more. */
const leastBox = 15
const rows = { o: 13, h: 43, x: 73 }
export const networkHeight = 88

export function UnrolledNetwork({ through, columns }: { through: Through; columns: Columns }) {
  const isDrawn = columns.stride === 1 && columns.each >= leastBox
  return (
    <g class="rnn-network">
      {(['o', 'h', 'x'] as const).map((name) => (
        <text class="rnn-row" x={columns.left - 8} y={rows[name] + 4} text-anchor="end">
          {name}
        </text>
      ))}
      {isDrawn ? (
        <Boxes through={through} columns={columns} />
      ) : (
        <Bands through={through} columns={columns} />
      )}
    </g>
  )
}

const isRead = ({ readouts: [first, last, count] }: Through, t: number): boolean =>
  t >= first && t <= last && (count === last - first + 1 || t === first || t === last)

function Boxes({ through, columns }: { through: Through; columns: Columns }) {
  const radius = Math.min(10, columns.each * 0.34)
  const arrows: string[] = []
  const head = (x: number, y: number, dx: number, dy: number) =>
    `M${x - 3 * dx - 2.5 * dy} ${y - 3 * dy - 2.5 * dx}L${x} ${y}L${x - 3 * dx + 2.5 * dy} ${y - 3 * dy + 2.5 * dx}`
  const fed: string[] = []
  const isBoth = through.reverse !== undefined
  const steps = Array.from({ length: through.steps }, (_, index) => index + 1)
  for (const t of steps) {
    const x = columns.middle(t - 1)
    if (t > 1)
      arrows.push(
        `M${columns.middle(t - 2) + radius} ${rows.h}H${x - radius}${head(x - radius, rows.h, 1, 0)}`,
        isBoth ? head(columns.middle(t - 2) + radius, rows.h, -1, 0) : '',
      )
    if (t <= through.inputSteps)
      arrows.push(`M${x} ${rows.x - radius}V${rows.h + radius}${head(x, rows.h + radius, 0, -1)}`)
    if (isRead(through, t))
      arrows.push(`M${x} ${rows.h - radius}V${rows.o + radius}${head(x, rows.o + radius, 0, -1)}`)
    if (t > through.inputSteps && isRead(through, t - 1))
      fed.push(`M${columns.middle(t - 2) + radius} ${rows.o}L${x - radius * 0.7} ${rows.h - radius * 0.7}`)
  }
  const box = (name: 'o' | 'h' | 'x', t: number) => (
    <circle class={`rnn-${name}`} cx={columns.middle(t - 1)} cy={rows[name]} r={radius} />
  )
  return (
    <>
      <path class="rnn-arrow" d={arrows.join('')} />
      <path class="rnn-arrow rnn-fed" d={fed.join('')} />
      {steps.map((t) => (
        <>
          {box('h', t)}
          {t <= through.inputSteps && box('x', t)}
          {isRead(through, t) && box('o', t)}
        </>
      ))}
    </>
  )
}

function Bands({ through, columns }: { through: Through; columns: Columns }) {
  const { steps, inputSteps, readouts } = through
  const [first, last, count] = readouts
  const band = (name: 'o' | 'h' | 'x', from: number, to: number) => (
    <rect
      class={`rnn-${name}`}
      x={columns.edge(from)}
      y={rows[name] - 7}
      width={Math.max(4, columns.edge(to) + columns.each - columns.edge(from))}
      height={14}
      rx={4}
    />
  )
  const isWhole = count === last - first + 1
  return (
    <>
      <path class="rnn-arrow" d={`M${columns.left} ${rows.h}H${columns.left + columns.width}`} />
      {band('h', 1, steps)}
      {band('x', 1, inputSteps)}
      {isWhole ? band('o', first, last) : [first, last].map((t) => band('o', t, t))}
    </>
  )
}
