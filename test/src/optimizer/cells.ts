/** Cells for an optimizer, which are nothing but parameters, and gradients for them. */
import { random } from '../../../src/random/random'
import type { Cell } from '../../../src/rnn-cell/cell'
import { mapParameters, type Parameters } from '../../../src/rnn-cell/parameters'
import { type Dtype, floats, sizeOf, type Tensor, tensor } from '../../../src/tensor/tensor'

type Shapes = Readonly<Record<string, readonly number[]>>

const usualShapes: Shapes = { W: [3, 3], U: [3, 2], b: [3], c: [1] }

/** A cell of these shapes, its numbers drawn from a normal distribution. */
export function cellOf(precision: Dtype = 'float64', shapes = usualShapes, seed = 5): Cell {
  const { normal } = random(seed)
  const parameters = mapParameters(shapes, (shape) =>
    tensor(precision, shape, floats(precision, sizeOf(shape)).map(normal)),
  )
  return { precision, parameters } as unknown as Cell
}

/** A cell of the one parameter b. */
export const rowCell = (numbers: readonly number[], precision: Dtype = 'float64'): Cell => {
  const data = precision === 'float64' ? Float64Array.from(numbers) : Float32Array.from(numbers)
  return { precision, parameters: { b: tensor(precision, [numbers.length], data) } } as unknown as Cell
}

/** A gradient for a cell, its numbers in the order in which `next` gives them. */
export const gradientFor = (cell: Cell, next: () => number): { parameters: Parameters } => ({
  parameters: mapParameters(cell.parameters, ({ shape, dtype, data }) =>
    tensor(dtype, shape, data.map(next)),
  ),
})

/** Gradients of all sizes from 1 to 10 000. */
export function gradientsFor(cell: Cell, count: number, seed = 21) {
  const { normal } = random(seed)
  return Array.from({ length: count }, (_, k) => gradientFor(cell, () => normal() * 10 ** (k % 5)))
}

/** All numbers in one row. */
export const flat = (parameters: Readonly<Record<string, Tensor | undefined>>): number[] =>
  Object.values(parameters).flatMap((parameter) => Array.from(parameter?.data ?? []))

/** θ + Δ */
export const plus = (cell: Cell, deltas: Readonly<Record<string, Tensor | undefined>>): Cell => ({
  ...cell,
  parameters: mapParameters(cell.parameters, (parameter, name) => ({
    ...parameter,
    data: parameter.data.map((number, index) => number + (deltas[name]?.data[index] ?? 0)),
  })),
})
