/** Scaling by feature. A network learns best from numbers around zero of size one. */

/** scaled = (original - mean) / std, entry by feature */
export interface LinearScale {
  readonly mean: readonly number[]
  readonly std: readonly number[]
}

export interface Scale {
  readonly input: LinearScale
  /** missing where targets are classes */
  readonly target?: LinearScale
}

/** The z-score of columns: mean and standard deviation (of the population); 1 for a column that never changes. */
export function zScore(columns: readonly Float64Array[]): LinearScale {
  const mean = columns.map((column) => column.reduce((sum, value) => sum + value, 0) / column.length)
  const std = columns.map((column, index) =>
    Math.sqrt(column.reduce((sum, value) => sum + (value - mean[index]) ** 2, 0) / column.length),
  )
  // a mean that is rounded gives a column that never changes a deviation a little above 0
  const changes = (column: Float64Array) => column.some((value) => value !== column[0])
  return { mean, std: std.map((value, index) => (value > 0 && changes(columns[index]) ? value : 1)) }
}

/** The columns with the scale applied. */
export const scaled = (columns: readonly Float64Array[], { mean, std }: LinearScale): Float64Array[] =>
  columns.map((column, index) => column.map((value) => (value - mean[index]) / std[index]))
