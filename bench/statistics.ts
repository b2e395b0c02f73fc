/** Medians, and ratios that are paired round by round. */

/** Of an even number of values the mean of the two in the middle; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** What was reached when nothing came between. */
export const best = (values: readonly number[]): number => Math.min(...values)

/** The median of a/b over the rounds in which both were measured. */
export const pairedRatio = (a: readonly number[], b: readonly number[]): number =>
  median(a.slice(0, b.length).map((value, round) => value / b[round]))

/** So many steps take about as long as wanted, one at least. */
export const stepsFor = (wanted: number, perStep: number, most = 100_000): number =>
  Math.max(1, Math.min(most, Math.round(wanted / perStep)))

/** The order of a round: every round begins with another side, so that none always follows the same one. */
export const rotated = <T>(list: readonly T[], round: number): T[] => {
  const start = list.length === 0 ? 0 : round % list.length
  return [...list.slice(start), ...list.slice(0, start)]
}

/** p of y ∝ xᵖ: the slope of the line of least squares through the logarithms. */
export function exponent(points: readonly (readonly [number, number])[]): number {
  const logs = points.map(([x, y]) => [Math.log(x), Math.log(y)])
  const mean = (axis: number) => logs.reduce((sum, point) => sum + point[axis], 0) / logs.length
  const [meanX, meanY] = [mean(0), mean(1)]
  let above = 0
  let below = 0
  for (const [x, y] of logs) {
    above += (x - meanX) * (y - meanY)
    below += (x - meanX) ** 2
  }
  return above / below
}

/** The smallest value that so large a share of them does not exceed (nearest rank). */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]
}
