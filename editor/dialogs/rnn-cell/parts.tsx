/** What cells are drawn of: values, functions, weights, operations, and the lines between them. */

/** A quantity of a step: h, x, c, with its index under it. */
export function Value({ x, y, name, index }: { x: number; y: number; name: string; index: string }) {
  return (
    <text class="rnn-value" x={x} y={y + 4}>
      {name}
      <tspan class="rnn-index" dy={4}>
        {index}
      </tspan>
    </text>
  )
}

/** φ or σ; the name of what comes out of it beside it. */
export function Gate({ x, y, sign, name }: { x: number; y: number; sign: string; name?: string }) {
  return (
    <g>
      <rect class="rnn-function" x={x - 13} y={y - 12} width={26} height={24} rx={4} />
      <text x={x} y={y + 4}>
        {sign}
      </text>
      {name && (
        <text class="rnn-gate" x={x + 9} y={y - 16}>
          {name}
        </text>
      )}
    </g>
  )
}

/** A matrix or vector of weights. */
export function Weight({ x, y, name, width = 28 }: { x: number; y: number; name: string; width?: number }) {
  return (
    <g>
      <rect class="rnn-weight" x={x - width / 2} y={y - 12} width={width} height={24} />
      <text class="rnn-letter" x={x} y={y + 4}>
        {name}
      </text>
    </g>
  )
}

/** Number by number: +, × or 1−. */
export function Operation({ x, y, sign }: { x: number; y: number; sign: string }) {
  return (
    <g>
      <circle class="rnn-operation" cx={x} cy={y} r={9} />
      <text class={sign.length > 1 ? 'rnn-small' : ''} x={x} y={y + 4}>
        {sign}
      </text>
    </g>
  )
}

export const tipId = 'rnn-cell-tip'

/** @param d an SVG path; the arrow is at its end */
export function Arrow({ d, kind = '' }: { d: string; kind?: string }) {
  return <path class={`rnn-wire ${kind}`} d={d} marker-end={`url(#${tipId})`} />
}

export function Wire({ d, kind = '' }: { d: string; kind?: string }) {
  return <path class={`rnn-wire ${kind}`} d={d} />
}
