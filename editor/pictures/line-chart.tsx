/** Lines over steps, by uPlot. Lines differ by their dashes as well as by their colours; marks stand at single steps. */
import { useEffect, useRef } from 'preact/hooks'
import uPlot from 'uplot'
import { say } from '../say'
import { Figure } from './figure'
import { show } from './number'
import { type Theme, useTheme } from './theme'
import { useWidth } from './width'

export interface Line {
  readonly label: string
  /** by step; null is not finite, undefined a step of which nothing is known */
  readonly values: (number | null | undefined)[]
  /** drawn as points with lines between them, however far apart */
  readonly sparse?: boolean
}

export interface Mark {
  readonly step: number
  readonly kind: 'exploding' | 'vanishing' | 'nonfinite' | 'ok'
}

const dashes = [[], [6, 3], [2, 3]]
/** of the markers in the legend, as CSS borders are drawn */
const markerDash = ['solid', 'dashed', 'dotted']
const height = 132
/** charts above one another show the same step */
const sync = uPlot.sync('rnn-training')

export function LineChart({
  title,
  words,
  steps,
  lines,
  marks = [],
}: {
  title: string
  words: string
  steps: number[]
  lines: Line[]
  marks?: readonly Mark[]
}) {
  const theme = useTheme()
  const { ref, width } = useWidth()
  const chart = useRef<uPlot | null>(null)
  const shown = useRef(marks)
  shown.current = marks
  const labels = lines.map(({ label }) => label).join('\n')

  useEffect(() => {
    const place = ref.current?.firstElementChild as HTMLElement | null
    if (!place || width === 0) return undefined
    const plot = new uPlot(optionsOf(lines, theme, width, shown), dataOf(steps, lines), place)
    chart.current = plot
    return () => {
      plot.destroy()
      chart.current = null
    }
  }, [theme, width, labels])
  useEffect(() => chart.current?.setData(dataOf(steps, lines)), [steps, lines])

  return (
    <Figure title={title} words={words}>
      <div ref={ref}>
        <div class="rnn-chart" role="img" aria-label={`${title}. ${words}`} />
      </div>
    </Figure>
  )
}

/** On a logarithmic axis there is no zero. What is null interrupts a line, what is undefined does not. */
const dataOf = (steps: number[], lines: readonly Line[]): uPlot.AlignedData => [
  steps,
  ...lines.map(({ values }) =>
    values.map((value) => (value === undefined || value === null || value > 0 ? value : null)),
  ),
]

function optionsOf(
  lines: readonly Line[],
  theme: Theme,
  width: number,
  marks: { readonly current: readonly Mark[] },
): uPlot.Options {
  const axis = {
    stroke: theme.faint,
    grid: { stroke: theme.grid, width: 1 },
    ticks: { show: false },
    font: '11px sans-serif',
  }
  return {
    width,
    height,
    padding: [8, 22, 0, 0],
    cursor: { sync: { key: sync.key }, drag: { x: true, y: false }, points: { size: 5 } },
    legend: { live: true, markers: { width: 2, dash: (_, line) => markerDash[line - 1] } },
    scales: {
      x: { time: false },
      y: { distr: 3, log: 10, range: (_, low, high) => rangeOf(low, high) },
    },
    axes: [
      { ...axis, size: 22, values: (_, ticks) => ticks.map((tick) => show(tick)) },
      {
        ...axis,
        size: 46,
        // however many decades there are, uPlot is to draw the ticks given here
        incrs: (_, __, low, high) => [high - low],
        splits: (_, __, low, high) => ticksOf(low, high),
        filter: (_, ticks) => ticks,
        values: (_, ticks) => ticks.map((tick) => show(tick, 2)),
      },
    ],
    series: [
      { label: say('training.step'), value: (_, step) => (step === null ? '' : String(step)) },
      ...lines.map(({ label, sparse }, index) => ({
        label,
        stroke: theme.lines[index],
        dash: dashes[index],
        width: 1.5,
        points: { show: Boolean(sparse), size: 5 },
        value: (_: uPlot, value: number | null) => show(value),
      })),
    ],
    hooks: { draw: [(plot) => drawMarks(plot, marks.current, theme)] },
  }
}

/** A handful: powers of ten, and where the axis is short 2 and 5 of them as well. */
function ticksOf(low: number, high: number): number[] {
  const [from, to] = [Math.log10(low), Math.log10(high)]
  const every = Math.max(1, Math.ceil((to - from) / 5))
  const factors = to - from < 2.5 ? [1, 2, 5] : [1]
  const ticks: number[] = []
  for (let decade = Math.floor(from / every) * every; decade <= to; decade += every)
    for (const factor of factors) ticks.push(factor * 10 ** decade)
  return ticks.filter((tick) => tick >= low && tick <= high)
}

/** Half a decade at least, so that noise does not look like a landscape. */
function rangeOf(low: number | null, high: number | null): [number, number] {
  if (low === null || high === null || !(low > 0)) return [0.1, 1]
  const [from, to] = [Math.log10(low), Math.log10(high)]
  const middle = (from + to) / 2
  const half = Math.max(0.25, ((to - from) / 2) * 1.08)
  return [10 ** (middle - half), 10 ** (middle + half)]
}

const signs = { exploding: '▲', vanishing: '▼', nonfinite: '✕', ok: '○' }

function drawMarks(plot: uPlot, marks: readonly Mark[], theme: Theme): void {
  const { ctx, bbox } = plot
  ctx.save()
  ctx.font = `${11 * devicePixelRatio}px sans-serif`
  ctx.textAlign = 'center'
  ctx.textBaseline = 'top'
  for (const { step, kind } of marks) {
    const x = plot.valToPos(step, 'x', true)
    if (x < bbox.left || x > bbox.left + bbox.width) continue
    ctx.strokeStyle = kind === 'ok' ? theme.grid : kind === 'vanishing' ? theme.vanishing : theme.exploding
    ctx.fillStyle = kind === 'ok' ? theme.faint : ctx.strokeStyle
    ctx.setLineDash([3 * devicePixelRatio, 3 * devicePixelRatio])
    ctx.beginPath()
    ctx.moveTo(x, bbox.top)
    ctx.lineTo(x, bbox.top + bbox.height)
    ctx.stroke()
    ctx.fillText(signs[kind], x, bbox.top)
  }
  ctx.restore()
}
