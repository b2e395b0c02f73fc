/** Where the steps of a sequence stand from left to right. Of a long one a column stands for several. */
export interface Columns {
  readonly count: number
  /** steps a column stands for */
  readonly stride: number
  readonly steps: number
  readonly left: number
  readonly width: number
  /** of one column */
  readonly each: number
  /** left edge of the column of step t, from 1 */
  edge(t: number): number
  middle(column: number): number
  /** first step of a column */
  stepOf(column: number): number
}

export function columnsOf(steps: number, stride: number, left: number, width: number): Columns {
  const count = Math.ceil(steps / stride)
  const each = width / count
  return {
    count,
    stride,
    steps,
    left,
    width,
    each,
    edge: (t) => left + Math.floor((t - 1) / stride) * each,
    middle: (column) => left + (column + 0.5) * each,
    stepOf: (column) => column * stride + 1,
  }
}
