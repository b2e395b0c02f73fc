/** A cell: its form and its parameters. A value: training makes a new one each step. */
import { ExpectedError, numberIn, oneOf } from '../expected'
import { random } from '../random/random'
import { fromNested, isTensor } from '../tensor/nested'
import { asDtype, type Dtype, type Floats, sameShape, showShape, type Tensor, tensor } from '../tensor/tensor'
import type { CellForm } from './form'
import { initialize } from './initializer/initializer'
import { parameterShapes } from './lanes'
import { type CellOptions, readForm, readPrecision, readStart } from './options'
import { mapParameters, type Parameters } from './parameters'

export interface Cell extends CellForm {
  readonly precision: Dtype
  readonly parameters: Parameters
}

/**
 * A new cell.
 *
 * @throws ExpectedError for an option out of its range or of another type of cell, or a given parameter of another
 *   shape
 */
export function rnnCell(options: CellOptions): Cell {
  const form = readForm(options)
  const precision = readPrecision(options)
  const start = readStart(options, form)
  const shapes = parameterShapes(form)
  const given = options.parameters ?? {}
  const isWhole = Object.keys(shapes).every((name) => given[name] !== undefined)
  const parameters = isWhole
    ? mapParameters(shapes, (shape) => tensor(precision, shape))
    : initialize(
        start,
        form,
        shapes,
        random(numberIn('seed', options.seed ?? 1, { integer: true })),
        precision,
      )
  // drawn ones as well, since a gain may take them out of the precision
  return withParameters({ ...form, precision, parameters }, { ...parameters, ...given })
}

/**
 * The cell with some or all of its parameters replaced.
 *
 * @param parameters tensors or nested arrays, by name
 * @throws ExpectedError for a name the cell does not have, another shape, or a number that is not finite
 */
export function withParameters(cell: Cell, parameters: Readonly<Record<string, unknown>>): Cell {
  const replaced: Record<string, Tensor> = { ...cell.parameters }
  for (const [name, given] of Object.entries(parameters)) {
    if (given === undefined) continue
    const { shape } = cell.parameters[oneOf('a parameter', name, Object.keys(cell.parameters))]
    const parameter = isTensor(given)
      ? asDtype(given, cell.precision)
      : fromNested(given, cell.precision, ['row', 'column'])
    if (!sameShape(parameter.shape, shape))
      throw new ExpectedError(`${name} of shape ${showShape(shape)}`, showShape(parameter.shape))
    const wrong = firstNonfinite(parameter.data)
    if (wrong >= 0)
      throw new ExpectedError(
        `finite numbers in ${name}`,
        `${parameter.data[wrong]} at position ${wrong + 1}`,
      )
    replaced[name] = parameter
  }
  return { ...cell, parameters: replaced }
}

function firstNonfinite(data: Floats): number {
  for (let index = 0; index < data.length; index++) if (!Number.isFinite(data[index])) return index
  return -1
}

/** How many numbers a cell learns. */
export const parameterCount = ({ parameters }: Cell): number =>
  Object.values(parameters).reduce((sum, { data }) => sum + data.length, 0)
