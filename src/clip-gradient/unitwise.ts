/** The units of a tensor, the parts that have a norm of their own (`unitwise_norm` in optax and in timm). */
import { norm } from '../tensor/norm'
import type { Floats } from '../tensor/tensor'

export const unitAxes = ['row', 'column', 'tensor'] as const
export type UnitAxis = (typeof unitAxes)[number]

/** The entries start, start + stride … of a tensor's data. */
export interface Unit {
  readonly start: number
  readonly stride: number
  readonly length: number
}

/**
 * Weights are [out, in], so that a row holds all that goes into one unit of the layer. A vector is one unit, and as
 * in optax so is a matrix of one row or one column.
 */
export function unitsOf(shape: readonly number[], axis: UnitAxis): Unit[] {
  const size = shape.reduce((product, length) => product * length, 1)
  const isVector = shape.filter((length) => length !== 1).length <= 1
  if (axis === 'tensor' || isVector) return [{ start: 0, stride: 1, length: size }]
  const rows = shape[0]
  const columns = size / rows
  return axis === 'row'
    ? Array.from({ length: rows }, (_, row) => ({ start: row * columns, stride: 1, length: columns }))
    : Array.from({ length: columns }, (_, column) => ({ start: column, stride: columns, length: rows }))
}

/** The Euclidean norm of one unit. */
export function unitNorm(data: Floats, { start, stride, length }: Unit): number {
  if (stride === 1) return norm(data.subarray(start, start + length))
  const unit = new Float64Array(length)
  for (let index = 0; index < length; index++) unit[index] = data[start + index * stride]
  return norm(unit)
}
