/** Small gradients of given numbers, and how to read numbers off them again. */
import fc from 'fast-check'
import should from 'should'
import type { Gradient } from '../../../src/bptt-gradient/bptt-gradient'
import type { Parameters } from '../../../src/rnn-cell/parameters'
import { type Dtype, sizeOf, tensor } from '../../../src/tensor/tensor'

/** Of a GRU among others: the names are the cell's affair. */
export const shapes: Record<string, number[]> = { W: [2, 2], U: [2, 1], bn: [2], V: [1, 2], c: [1] }
export const count = 11

/** Eleven numbers in the order W, U, bn, V, c. */
export const parametersOf = (numbers: readonly number[], dtype: Dtype = 'float64'): Parameters => {
  const Floating = dtype === 'float64' ? Float64Array : Float32Array
  let at = 0
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => {
      at += sizeOf(shape)
      return [name, tensor(dtype, shape, Floating.from(numbers.slice(at - sizeOf(shape), at)))]
    }),
  )
}

export const gradientWith = (parameters: Parameters): Gradient =>
  ({
    loss: 1,
    parameters,
    norm: euclidean(flat({ parameters })),
    terms: {},
    growth: [],
    carry: [],
  }) as unknown as Gradient

export const gradientOf = (numbers: readonly number[], dtype?: Dtype): Gradient =>
  gradientWith(parametersOf(numbers, dtype))

/** A gradient whose norm is the given number. */
export const gradientOfNorm = (norm: number): Gradient => gradientOf([norm, ...fill(0).slice(1)])

export const flat = ({ parameters }: Pick<Gradient, 'parameters'>): number[] =>
  Object.values(parameters).flatMap(({ data }) => [...data])

export const fill = (value: number): number[] => new Array<number>(count).fill(value)

/** By its definition, of numbers whose squares do not overflow. */
export const euclidean = (numbers: readonly number[]): number =>
  Math.sqrt(numbers.reduce((sum, value) => sum + value * value, 0))

export const close = (actual: number, wanted: number, relative = 1e-14): void => {
  should(Math.abs(actual - wanted)).be.belowOrEqual(
    relative * Math.abs(wanted),
    `${actual} instead of ${wanted}`,
  )
}

export const allClose = (actual: readonly number[], wanted: readonly number[], relative = 1e-14): void => {
  should(actual.length).equal(wanted.length)
  actual.forEach((value, index) => {
    close(value, wanted[index], relative)
  })
}

export const gradients = fc
  .array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: count, maxLength: count })
  .filter((numbers) => euclidean(numbers) > 1e-3)

export const thresholds = fc.double({ min: 0.01, max: 200, noNaN: true })
