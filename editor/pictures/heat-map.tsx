/**
 * A matrix as coloured cells. Pointer and arrow keys read single numbers; where cells are large enough the numbers stand
 * in them, and negative ones have a stroke, so that colour does not say it alone.
 */
import { useEffect, useRef, useState } from 'preact/hooks'
import { say } from '../say'
import { show } from './number'
import { between, css, lightness, type Rgb, type Theme, useTheme } from './theme'
import { useWidth } from './width'

export interface HeatMapProps {
  readonly title: string
  readonly values: readonly (readonly (number | null)[])[]
  /** values: from negative to positive; sizes: from the smallest above zero to the largest, by their logarithms */
  readonly scale: 'values' | 'sizes'
  /** the largest value of the scale, where several maps share one; default: this map's own */
  readonly most?: number
  /** how the cell in a row and column is called */
  readonly nameOf: (row: number, column: number) => string
  readonly largestCell?: number
  readonly onPick?: () => void
}

/** Smaller cells are drawn one on another. */
const smallestCell = 1
/** from the smallest size that is told from zero to the largest */
export const decades = 6
/** A stroke for a value that is hardly seen would be all that is seen. */
const leastStroked = 0.1

export function HeatMap({ title, values, scale, most, nameOf, largestCell = 22, onPick }: HeatMapProps) {
  const theme = useTheme()
  const { ref, width } = useWidth()
  const canvas = useRef<HTMLCanvasElement>(null)
  const [at, setAt] = useState<readonly [row: number, column: number]>()
  const [rows, columns] = [values.length, values[0]?.length ?? 0]
  const cell = Math.max(smallestCell, Math.min(largestCell, Math.floor(width / Math.max(1, columns))))
  const shown = [rows * cell, Math.min(width || columns * cell, columns * cell)] as const

  useEffect(() => {
    if (canvas.current && width > 0)
      draw(
        canvas.current,
        values,
        cell,
        colourOf(values, scale, most, theme),
        most ?? largest(values),
        at,
        theme,
      )
  }, [values, scale, most, theme, cell, width, at])

  const clamp = (value: number, size: number) => Math.max(0, Math.min(size - 1, value))
  const point = (event: PointerEvent) => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect()
    setAt([
      clamp(Math.floor(((event.clientY - box.top) / box.height) * rows), rows),
      clamp(Math.floor(((event.clientX - box.left) / box.width) * columns), columns),
    ])
  }
  const press = (event: KeyboardEvent) => {
    if (onPick && (event.key === 'Enter' || event.key === ' ')) {
      event.preventDefault()
      return onPick()
    }
    const move = moves[event.key]
    if (!move) return undefined
    event.preventDefault()
    const [row, column] = at ?? [0, 0]
    return setAt(at ? [clamp(row + move[0], rows), clamp(column + move[1], columns)] : [0, 0])
  }
  const reading =
    at && at[0] < rows && at[1] < columns
      ? `${nameOf(at[0], at[1])} = ${show(values[at[0]][at[1]], 5)}`
      : undefined

  return (
    <div class="rnn-map" ref={ref}>
      <div
        class={onPick ? 'rnn-map-cells rnn-pick' : 'rnn-map-cells'}
        role="slider"
        tabIndex={0}
        aria-label={title}
        aria-valuemin={1}
        aria-valuemax={rows * columns}
        aria-valuenow={at ? at[0] * columns + at[1] + 1 : 1}
        aria-valuetext={reading ?? say('map.keys')}
        style={{ width: shown[1], height: shown[0] }}
        onPointerMove={point}
        onPointerLeave={() => setAt(undefined)}
        onBlur={() => setAt(undefined)}
        onKeyDown={press}
        onClick={onPick}
      >
        <canvas ref={canvas} style={{ width: shown[1], height: shown[0] }} />
      </div>
      <output class="rnn-reading">{reading ?? ''}</output>
    </div>
  )
}

const moves: Record<string, readonly [number, number] | undefined> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
}

type Colour = (value: number | null) => Rgb | undefined

export const largest = (values: readonly (readonly (number | null)[])[]): number => {
  let most = 0
  for (const row of values)
    for (const value of row) if (value !== null && Math.abs(value) > most) most = Math.abs(value)
  return most
}

/** Undefined for what is not finite. */
function colourOf(
  values: HeatMapProps['values'],
  scale: HeatMapProps['scale'],
  given: number | undefined,
  { background, positive, negative }: Theme,
): Colour {
  const most = given ?? largest(values)
  if (scale === 'values')
    return (value) =>
      value === null
        ? undefined
        : between(background, value < 0 ? negative : positive, share(Math.abs(value) / most))
  const shareOf = (value: number) => 1 + Math.log10(value / most) / decades
  return (value) =>
    value === null
      ? undefined
      : between(background, positive, value > 0 ? Math.max(0.06, share(shareOf(value))) : 0)
}

const share = (value: number): number => (Number.isFinite(value) ? Math.max(0, Math.min(1, value)) : 0)

function draw(
  canvas: HTMLCanvasElement,
  values: HeatMapProps['values'],
  cell: number,
  colour: Colour,
  most: number,
  at: readonly [number, number] | undefined,
  theme: Theme,
): void {
  const ratio = devicePixelRatio
  const [rows, columns] = [values.length, values[0]?.length ?? 0]
  canvas.width = columns * cell * ratio
  canvas.height = rows * cell * ratio
  const context = canvas.getContext('2d')
  if (!context) return
  context.scale(ratio, ratio)
  const gap = cell > 6 ? 1 : 0
  const hasNumbers = cell >= 34
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  context.font = `${cell >= 44 ? 12 : 10}px sans-serif`
  values.forEach((line, row) => {
    line.forEach((value, column) => {
      const [x, y] = [column * cell, row * cell]
      const fill = colour(value)
      context.fillStyle = fill ? css(fill) : theme.grid
      context.fillRect(x, y, cell - gap, cell - gap)
      context.fillStyle = fill && lightness(fill) < 140 ? '#fff' : '#000'
      const [middleX, middleY] = [x + (cell - gap) / 2, y + (cell - gap) / 2]
      if (!fill) context.fillText('✕', middleX, middleY)
      else if (hasNumbers) context.fillText(show(value, 2), middleX, middleY)
      else if (cell >= 7 && value !== null && value < -leastStroked * most)
        context.fillRect(middleX - cell / 6, middleY - 0.5, cell / 3, 1)
    })
  })
  if (!at) return
  context.strokeStyle = theme.text
  context.lineWidth = 1.5
  context.strokeRect(at[1] * cell + 0.5, at[0] * cell + 0.5, Math.max(2, cell - 1), Math.max(2, cell - 1))
}
