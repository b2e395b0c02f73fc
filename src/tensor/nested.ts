/** Nested arrays in and out, with errors that say where a number is missing. */
import { describe, ExpectedError } from '../expected'
import { checkSize } from '../limits'
import { type Dtype, floats, sizeOf, type Tensor } from './tensor'

type Nested = number | Nested[]

/** The bytes of a text or a file are no numbers of a sequence. */
const isBytes = (value: unknown): boolean =>
  value instanceof DataView || Boolean(globalThis.Buffer?.isBuffer(value))

const isRow = (value: unknown): value is ArrayLike<unknown> =>
  Array.isArray(value) || (ArrayBuffer.isView(value) && !isBytes(value))

/** No tensor has more axes. Arrays that hold themselves have no end of them. */
export const mostAxes = 8

/** Whether a value is a tensor of this package. */
export function isTensor(value: unknown): value is Tensor {
  if (typeof value !== 'object' || value === null) return false
  const { shape, data } = value as Tensor
  if (!(data instanceof Float32Array || data instanceof Float64Array)) return false
  return Array.isArray(shape) && shape.length <= mostAxes && data.length === sizeOf(shape)
}

/**
 * The shape of nested arrays, read from the first entry of each level.
 *
 * @throws ExpectedError for more levels than a tensor has axes
 */
export function nestedShape(nested: unknown): number[] {
  const shape: number[] = []
  for (let value = nested; isRow(value); value = value[0]) {
    if (shape.length === mostAxes) throw new ExpectedError(`arrays in at most ${mostAxes} levels`, 'more')
    shape.push(value.length)
  }
  return shape
}

/**
 * A tensor from nested arrays (or typed arrays) of any depth.
 *
 * @param nested finite numbers, the same count in every row of a level, and no more than `maxElements`
 * @param axes what each level is, outermost first ('sequence', 'step', 'feature'), for the errors; of a
 *   shallower array the last ones count
 * @param options flags: true and false are read as 1 and 0
 * @throws ExpectedError that names the place, counted from 1, of the first row or number that is wrong
 */
export function fromNested(
  nested: unknown,
  dtype: Dtype,
  axes: readonly string[] = [],
  { flags = false } = {},
): Tensor {
  const shape = nestedShape(nested)
  checkSize('maxElements', sizeOf(shape), 'numbers in nested arrays')
  const names = shape.map((_, axis) => axes[axes.length - shape.length + axis] ?? `axis ${axis + 1}`)
  const data = floats(dtype, sizeOf(shape))
  const place: number[] = []
  let count = 0

  const where = () =>
    place.length === 0 ? '' : ` at ${place.map((index, axis) => `${names[axis]} ${index + 1}`).join(', ')}`

  const fill = (value: unknown, axis: number) => {
    if (axis === shape.length) {
      const number = flags && typeof value === 'boolean' ? Number(value) : value
      const rounded = dtype === 'float32' && typeof number === 'number' ? Math.fround(number) : number
      if (typeof rounded !== 'number' || !Number.isFinite(rounded))
        throw new ExpectedError(`a finite number${where()}`, describe(value))
      data[count++] = rounded
      return
    }
    const size = shape[axis]
    if (!isRow(value))
      throw new ExpectedError(
        `an array of ${size} ${names[axis]}${size === 1 ? '' : 's'}${where()}`,
        describe(value),
      )
    if (value.length === 0) throw new ExpectedError(`at least one ${names[axis]}${where()}`, 'none')
    if (value.length !== size)
      throw new ExpectedError(
        `${size} ${names[axis]}${size === 1 ? '' : 's'}${where()} as in the first`,
        `${value.length}`,
      )
    for (let index = 0; index < size; index++) {
      place[axis] = index
      fill(value[index], axis + 1)
    }
    place.length = axis
  }

  fill(nested, 0)
  return { shape, dtype, data }
}

/** Nested arrays from a tensor. A number that is not finite becomes null, as it would in JSON. */
export function toNested(from: Tensor): Nested {
  const { shape, data } = from
  const build = (axis: number, start: number, count: number): Nested => {
    if (axis === shape.length) return Number.isFinite(data[start]) ? data[start] : (null as unknown as number)
    const length = shape[axis]
    const size = count / length
    const isLast = axis === shape.length - 1
    const made: Nested[] = []
    for (let index = 0; index < length; index++) {
      const value = data[start + index]
      if (!isLast) made.push(build(axis + 1, start + index * size, size))
      else made.push(Number.isFinite(value) ? value : (null as unknown as number))
    }
    return made
  }
  return build(0, 0, data.length)
}
