/** Scaling by feature. A network learns best from numbers around zero of size one. */
import { ExpectedError } from '../expected'
import { type Tensor, tensor } from '../tensor/tensor'

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

/** The z-score of columns: mean and standard deviation (of the population); 1 for a column that never
 *  changes. */
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

/**
 * A tensor in units of the data, scaled along its last axis.
 *
 * @throws ExpectedError if the scale has another number of features
 */
export const scaleFeatures = (from: Tensor, scale: LinearScale): Tensor =>
  byFeature(from, scale, (value, mean, std) => (value - mean) / std, from.dtype)

/** The way back: a scaled tensor in units of the data, in float64. */
export const unscaleFeatures = (from: Tensor, scale: LinearScale): Tensor =>
  byFeature(from, scale, (value, mean, std) => value * std + mean, 'float64')

/**
 * The same for a batch whose sequences have each a scale of its own.
 *
 * @param from [B, …, features]
 * @throws ExpectedError if there are not B scales, or one has another number of features
 */
export function unscaleSequences(from: Tensor, scales: readonly LinearScale[]): Tensor {
  const [batch] = from.shape
  if (scales.length !== batch) throw new ExpectedError(`${batch} scales, one a sequence`, `${scales.length}`)
  const back = tensor('float64', from.shape)
  const size = from.data.length / batch
  scales.forEach((scale, sequence) => {
    const shape = [1, ...from.shape.slice(1)]
    const own = { ...from, shape, data: from.data.subarray(sequence * size, (sequence + 1) * size) }
    back.data.set(unscaleFeatures(own, scale).data, sequence * size)
  })
  return back
}

function byFeature(
  from: Tensor,
  { mean, std }: LinearScale,
  change: (value: number, mean: number, std: number) => number,
  dtype: Tensor['dtype'],
): Tensor {
  const size = from.shape[from.shape.length - 1]
  if (mean.length !== size || std.length !== size)
    throw new ExpectedError(`a scale of ${size} features`, `one of ${mean.length}`)
  const changed = tensor(dtype, from.shape)
  for (let index = 0; index < changed.data.length; index++)
    changed.data[index] = change(from.data[index], mean[index % size], std[index % size])
  return changed
}
