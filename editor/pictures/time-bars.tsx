/**
 * Along time, from step 1 to step T: the unrolled network, under it a bar for the norm of each term, stacked by the loss
 * it comes from, and over them the growth curve ‖∂L/∂s_i‖ with its own, logarithmic axis. A blamed span is shaded.
 */
import { useState } from 'preact/hooks'
import type { Figure, Through } from '../../nodes/watch/wire'
import { say } from '../say'
import { type Columns, columnsOf } from './columns'
import { show, showPower } from './number'
import { networkHeight, UnrolledNetwork } from './unrolled-network'
import { useWidth } from './width'

/** Shares of each column that come from groups of losses. */
export interface Stack {
  /** names of the groups, the earliest losses first */
  readonly groups: readonly string[]
  /** [group][column], adding up to 1 in each column that has a term */
  readonly shares: readonly (readonly number[])[]
}

const [left, right, top, barsHeight, below] = [46, 58, networkHeight + 14, 120, 20]
const height = top + barsHeight + below

export function TimeBars({
  through,
  name = '',
  terms,
  stack,
  label,
}: {
  through: Through
  /** of the parameter, which says the direction */
  name?: string
  terms: readonly Figure[]
  stack?: Stack
  /** of the picture, for those who cannot see it */
  label: string
}) {
  const { ref, width } = useWidth()
  const [at, setAt] = useState<number>()
  const columns = columnsOf(through.steps, through.stride, left, Math.max(20, width - left - right))
  const growth = (name.endsWith('r') && through.reverse) || through.growth
  const most = Math.max(0, ...terms.map((term) => term ?? 0))
  const clamp = (column: number) => Math.max(0, Math.min(columns.count - 1, column))
  const press = (event: KeyboardEvent) => {
    const move = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (move === undefined) return
    event.preventDefault()
    setAt(clamp(at === undefined ? 0 : at + move))
  }
  const point = (event: PointerEvent) => {
    const box = (event.currentTarget as Element).getBoundingClientRect()
    setAt(clamp(Math.floor((event.clientX - box.left - left) / columns.each)))
  }
  const reading = at === undefined || at >= columns.count ? '' : readingAt(growth, terms, columns, at)
  return (
    <div ref={ref} class="rnn-time">
      {width > 0 && (
        <div
          role="slider"
          tabIndex={0}
          aria-label={label}
          aria-valuemin={1}
          aria-valuemax={through.steps}
          aria-valuenow={at === undefined ? 1 : columns.stepOf(at)}
          aria-valuetext={reading || say('map.keys')}
          onPointerMove={point}
          onPointerLeave={() => setAt(undefined)}
          onKeyDown={press}
          onBlur={() => setAt(undefined)}
        >
          <svg width={width} height={height} aria-hidden="true">
            <Span through={through} columns={columns} />
            <UnrolledNetwork through={through} columns={columns} />
            <Axes columns={columns} most={most} />
            <Bars terms={terms} most={most} stack={stack} columns={columns} />
            <Lost terms={terms} columns={columns} />
            <Growth growth={growth} columns={columns} />
            {at !== undefined && (
              <rect
                class="rnn-cursor"
                x={left + at * columns.each}
                y={0}
                width={Math.max(1, columns.each)}
                height={top + barsHeight}
              />
            )}
          </svg>
        </div>
      )}
      <output class="rnn-reading">{reading}</output>
    </div>
  )
}

const bottom = top + barsHeight

function readingAt(
  growth: readonly Figure[],
  terms: readonly Figure[],
  { stride, steps, stepOf }: Columns,
  at: number,
): string {
  const first = stepOf(at)
  const last = Math.min(first + stride - 1, steps)
  return say(first === last ? 'through.reading' : 'through.readingOfMany', {
    step: first,
    last,
    term: show(terms[at]),
    growth: showPower(growth[at]),
  })
}

/** Hatched, so that it is no matter of colour alone. */
function Span({ through: { span, state }, columns }: { through: Through; columns: Columns }) {
  if (!span || state === 'ok') return null
  const [from, to] = span
  const x = columns.edge(from)
  return (
    <g class={`rnn-span rnn-${state}`}>
      <defs>
        <pattern
          id={`rnn-hatch-${state}`}
          width="6"
          height="6"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <path d="M0 0V6" stroke-width="2" />
        </pattern>
      </defs>
      <rect
        x={x}
        y={top - 12}
        width={columns.edge(to) + columns.each - x}
        height={barsHeight + 12}
        fill={`url(#rnn-hatch-${state})`}
      />
    </g>
  )
}

function Axes({ columns, most }: { columns: Columns; most: number }) {
  const { steps } = columns
  return (
    <g class="rnn-axes">
      <path d={`M${left} ${top}V${bottom}H${left + columns.width}`} />
      <text x={left - 4} y={top + 8} text-anchor="end">
        {most > 0 ? show(most, 2) : ''}
      </text>
      <text x={left - 4} y={bottom} text-anchor="end">
        0
      </text>
      <text x={columns.left} y={bottom + 14}>
        1
      </text>
      {steps > 1 && (
        <text x={left + columns.width} y={bottom + 14} text-anchor="end">
          {steps}
        </text>
      )}
      <text x={left + columns.width / 2} y={bottom + 14} text-anchor="middle">
        {say('through.steps')}
      </text>
    </g>
  )
}

function Bars({
  terms,
  most,
  stack,
  columns,
}: {
  terms: readonly Figure[]
  most: number
  stack?: Stack
  columns: Columns
}) {
  if (most === 0) return null
  const gap = columns.each > 4 ? 1 : 0
  const groups = stack?.shares.length === 0 || !stack ? [terms.map(() => 1)] : stack.shares
  const done = terms.map(() => 0)
  return (
    <>
      {groups.map((shares, group) => {
        const parts = terms.map((term, column) => {
          const size = ((term ?? 0) / most) * barsHeight * (shares[column] ?? 0)
          if (size <= 0) return ''
          const x = columns.left + column * columns.each + gap / 2
          const y = bottom - done[column]
          done[column] += size
          return `M${x.toFixed(1)} ${y.toFixed(2)}v${(-Math.max(size, 0.5)).toFixed(2)}h${(columns.each - gap).toFixed(2)}V${y.toFixed(2)}z`
        })
        return (
          <path
            class={`rnn-bar rnn-group-${groups.length === 1 ? 0 : Math.round((group * 4) / (groups.length - 1))}`}
            d={parts.join('')}
          />
        )
      })}
    </>
  )
}

/** A cross where a term is not finite. */
function Lost({ terms, columns }: { terms: readonly Figure[]; columns: Columns }) {
  const size = Math.min(5, Math.max(1.5, columns.each / 3))
  const crosses = terms.map((term, column) => {
    if (term !== null) return ''
    const [x, y] = [columns.middle(column), bottom - 8]
    return `M${x - size} ${y - size}l${2 * size} ${2 * size}m0 ${-2 * size}l${-2 * size} ${2 * size}`
  })
  return <path class="rnn-lost" d={crosses.join('')} />
}

function Growth({ growth, columns }: { growth: readonly Figure[]; columns: Columns }) {
  const finite = growth.filter((value) => value !== null)
  if (finite.length < 2) return null
  const [low, high] = [Math.min(...finite), Math.max(...finite)]
  // a tenth of a factor of ten is no slope
  const reach = Math.max(high - low, Math.LN10 / 4)
  const y = (value: number) => bottom - 6 - ((value - low) / reach) * (barsHeight - 12)
  let path = ''
  let isOn = false
  growth.forEach((value, column) => {
    if (value !== null)
      path += `${isOn ? 'L' : 'M'}${columns.middle(column).toFixed(1)} ${y(value).toFixed(1)}`
    isOn = value !== null
  })
  const edge = left + columns.width + 4
  return (
    <g class="rnn-growth">
      <path d={path} />
      <text x={edge} y={y(high) + 3}>
        {showPower(high)}
      </text>
      {high - low > 0.3 * reach && (
        <text x={edge} y={y(low) + 3}>
          {showPower(low)}
        </text>
      )}
    </g>
  )
}
