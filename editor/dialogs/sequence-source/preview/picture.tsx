/** The first sequence as a picture: its panels under one another, targets dashed or marked by a diamond. */
import { linePath, placeIn, rangeOf, ticks } from '../../chart/scale'
import { shortNumber } from '../../common/numbers'
import {
  allLabels,
  axisHeight,
  cellHeight,
  cellsIn,
  gridRow,
  lastStep,
  mostCells,
  type Placed,
  placed,
  plotLeft,
  plotRight,
  width,
} from './layout'
import type { CellsPanel, GridPanel, LinePanel, Panel, Strip } from './panels'

interface PictureProps {
  readonly panels: readonly Panel[]
  readonly title: string
  readonly description: string
}

export function Picture({ panels, title, description }: PictureProps) {
  const { placed: all, height } = placed(panels)
  const steps = { from: 1, to: lastStep(panels) }
  const x = placeIn(steps, plotLeft, plotRight)
  const last = all.filter(({ panel }) => panel.kind === 'line').at(-1)
  return (
    <svg
      class="rnn-plot"
      role="img"
      aria-labelledby="rnn-preview-title rnn-preview-description"
      viewBox={`0 0 ${width} ${height}`}
    >
      <title id="rnn-preview-title">{title}</title>
      <desc id="rnn-preview-description">{description}</desc>
      {all.map((place, index) => (
        <PanelPicture key={index} place={place} x={x} />
      ))}
      {last &&
        ticks(steps, 8).map((step) => (
          <text key={step} class="rnn-under" x={x(step)} y={last.top + last.height + axisHeight - 2}>
            {step}
          </text>
        ))}
    </svg>
  )
}

type ToX = (step: number) => number

function PanelPicture({ place, x }: { place: Placed; x: ToX }) {
  const { panel } = place
  if (panel.kind === 'line') return <Line place={{ ...place, panel }} x={x} />
  return panel.kind === 'cells' ? <Cells place={{ ...place, panel }} /> : <Grid place={{ ...place, panel }} />
}

/** So few points are marked one by one. */
const fewPoints = 40

function Line({ place: { panel, top, height }, x }: { place: Placed<LinePanel>; x: ToX }) {
  const { name, values, isTarget, targets = [], targetsFrom = 1 } = panel
  const range = rangeOf([...values, ...targets])
  const y = placeIn(range, top + height - 3, top + 3)
  const points = (numbers: LinePanel['values'], from: number) =>
    numbers.map((value, index) => [x(from + index), value === null ? Number.NaN : y(value)] as const)
  const kind = isTarget ? 'rnn-line rnn-target' : 'rnn-line'
  const said = points(targets, targetsFrom)
  return (
    <g>
      <path class="rnn-scale" d={`M${plotLeft} ${top}V${top + height}H${plotRight}`} />
      <text class="rnn-before" x={plotLeft - 4} y={top + 10}>
        {shortNumber(range.to, 3)}
      </text>
      <text class="rnn-before" x={plotLeft - 4} y={top + height}>
        {shortNumber(range.from, 3)}
      </text>
      <path class={kind} d={linePath(points(values, 1))} />
      {values.length <= fewPoints &&
        points(values, 1).map(
          ([at, height]) =>
            Number.isFinite(height) && (
              <circle
                key={at}
                class={isTarget ? 'rnn-dot rnn-target' : 'rnn-dot'}
                cx={at}
                cy={height}
                r={2}
              />
            ),
        )}
      {said.length > 1 && <path class="rnn-line rnn-target" d={linePath(said)} />}
      {said.length === 1 && <Diamond x={said[0][0]} y={said[0][1]} />}
      <Name name={name} y={top + height / 2 + 4} />
    </g>
  )
}

/** Letters there is room for before the numbers. */
const longestName = 9

const Name = ({ name, y }: { name: string; y: number }) => (
  <text class="rnn-name" x={0} y={y}>
    {name.length > longestName ? `${name.slice(0, longestName - 1)}…` : name}
  </text>
)

const Diamond = ({ x, y }: { x: number; y: number }) => (
  <path class="rnn-mark rnn-target" d={`M${x - 5} ${y}L${x} ${y - 5}L${x + 5} ${y}L${x} ${y + 5}z`} />
)

function Cells({ place: { panel, top } }: { place: Placed<CellsPanel> }) {
  const { strips } = panel
  const { inRow, cellWidth } = cellsIn(allLabels(strips))
  const rowHeight = strips.length * cellHeight + 4
  const count = Math.min(strips[0].labels.length, mostCells)
  return (
    <g>
      {Array.from({ length: Math.ceil(count / inRow) }, (_, row) =>
        strips.map((strip, index) => (
          <Row
            key={`${row} ${index}`}
            strip={strip}
            from={row * inRow}
            to={Math.min((row + 1) * inRow, count)}
            top={top + row * rowHeight + index * cellHeight}
            cellWidth={cellWidth}
          />
        )),
      )}
    </g>
  )
}

interface RowProps {
  readonly strip: Strip
  readonly from: number
  readonly to: number
  readonly top: number
  readonly cellWidth: number
}

const Row = ({ strip, from, to, top, cellWidth }: RowProps) => (
  <g class={strip.isTarget ? 'rnn-cells rnn-target' : 'rnn-cells'}>
    <Name name={strip.name} y={top + 12} />
    {strip.labels.slice(from, to).map((label, index) => (
      <g key={index}>
        <rect x={plotLeft + index * cellWidth} y={top} width={cellWidth - 1} height={cellHeight - 2} />
        <text x={plotLeft + index * cellWidth + cellWidth / 2} y={top + 12}>
          {label}
        </text>
      </g>
    ))}
  </g>
)

function Grid({ place: { panel, top } }: { place: Placed<GridPanel> }) {
  const steps = Math.max(...panel.cells.map(({ length }) => length))
  const size = (plotRight - plotLeft) / Math.max(steps, 24)
  return (
    <g class="rnn-cells rnn-target">
      <Name name={panel.name} y={top + (gridRow * panel.rows.length) / 2 + 4} />
      {panel.rows.map((name, row) => (
        <g key={name}>
          <text class="rnn-before" x={plotLeft - 4} y={top + row * gridRow + 9}>
            {name}
          </text>
          {panel.cells[row].map(
            (isFilled, step) =>
              isFilled && (
                <rect
                  key={step}
                  class="rnn-filled"
                  x={plotLeft + step * size}
                  y={top + row * gridRow}
                  width={size - 1}
                  height={gridRow - 2}
                />
              ),
          )}
        </g>
      ))}
    </g>
  )
}
