/** The learning rate over the updates of a training, as a line: the warm-up is the shaded part. */
import { linePath, placeIn, rangeOf, ticks } from '../chart/scale'
import { shortNumber } from '../common/numbers'
import type { RateCurve } from './schedule'

export interface CurveWords {
  readonly title: string
  readonly description: string
  readonly updates: string
  readonly rate: string
  readonly warmup: string
}

const [width, height] = [302, 126]
const [left, right, top, bottom] = [46, 284, 20, 96]

export function Curve({ curve, words }: { curve: RateCurve; words: CurveWords }) {
  const { points, warmupSteps, updates } = curve
  const across = { from: 1, to: updates }
  const up = { from: 0, to: rangeOf(points.map(([, rate]) => rate)).to }
  const x = placeIn(across, left, right)
  const y = placeIn(up, bottom, top)
  const warmupEnd = Math.min(warmupSteps + 1, updates)
  return (
    <svg
      class="rnn-plot"
      role="img"
      aria-labelledby="rnn-curve-title rnn-curve-description"
      viewBox={`0 0 ${width} ${height}`}
    >
      <title id="rnn-curve-title">{words.title}</title>
      <desc id="rnn-curve-description">{words.description}</desc>
      {warmupSteps > 0 && (
        <g class="rnn-part">
          <rect x={left} y={top} width={x(warmupEnd) - left} height={bottom - top} />
          <text x={left + 3} y={12}>
            {words.warmup}
          </text>
        </g>
      )}
      <path class="rnn-scale" d={`M${left} ${top}V${bottom}H${right}`} />
      {ticks(up, 3).map((rate) => (
        <g key={rate}>
          <path class="rnn-scale" d={`M${left - 4} ${y(rate)}H${left}`} />
          <text class="rnn-before" x={left - 6} y={y(rate) + 4}>
            {shortNumber(rate)}
          </text>
        </g>
      ))}
      {ticks(across, 4).map((update) => (
        <g key={update}>
          <path class="rnn-scale" d={`M${x(update)} ${bottom}v4`} />
          <text class="rnn-under" x={x(update)} y={bottom + 16}>
            {shortNumber(update)}
          </text>
        </g>
      ))}
      <text class="rnn-before" x={left - 6} y={12}>
        {words.rate}
      </text>
      <text class="rnn-before" x={width} y={height - 1}>
        {words.updates}
      </text>
      <path class="rnn-line" d={linePath(points.map(([update, rate]) => [x(update), y(rate)]))} />
    </svg>
  )
}
