/** A shape and the numbers in it, row major. Tensors are values: nothing in this package writes into one it was given. */
import { ExpectedError } from '../expected'

export type Dtype = 'float32' | 'float64'
export type Floats = Float32Array | Float64Array

export interface Tensor {
  readonly shape: readonly number[]
  readonly dtype: Dtype
  readonly data: Floats
}

/** How many numbers a shape holds. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1)

/** An array of zeros. */
export const floats = (dtype: Dtype, count: number): Floats =>
  dtype === 'float32' ? new Float32Array(count) : new Float64Array(count)

/** A tensor of zeros, or around `data`, whose length must fit the shape. */
export function tensor(dtype: Dtype, shape: readonly number[], data?: Floats): Tensor {
  const count = sizeOf(shape)
  if (data && data.length !== count)
    throw new ExpectedError(`${count} numbers for shape ${showShape(shape)}`, `${data.length}`)
  return { shape, dtype, data: data ?? floats(dtype, count) }
}

/** The same numbers in another precision; the same tensor if it has it already. */
export function asDtype(from: Tensor, dtype: Dtype): Tensor {
  if (from.dtype === dtype) return from
  return {
    shape: from.shape,
    dtype,
    // the constructor copies a typed array as a block; `from` would go number by number through its iterator
    data: dtype === 'float32' ? new Float32Array(from.data) : new Float64Array(from.data),
  }
}

export const showShape = (shape: readonly number[]): string => `[${shape.join(', ')}]`

export const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((size, axis) => size === b[axis])

/** In a plain loop: it is asked of every number at every step of a training. */
export function allFinite(data: Floats): boolean {
  for (let index = 0; index < data.length; index++) if (!Number.isFinite(data[index])) return false
  return true
}
