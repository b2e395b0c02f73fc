/** A cell: its kind, its sizes and its parameters. A value: training makes a new one each step. */
import { ExpectedError, numberIn, oneOf } from '../expected'
import { random } from '../random/random'
import { fromNested, isTensor } from '../tensor/nested'
import { asDtype, type Dtype, sameShape, showShape, type Tensor, tensor } from '../tensor/tensor'
import { type ActivationName, activationNames } from './activation'
import { type InitializerName, initialize, initializerNames } from './initializer'
import {
  type CellSizes,
  forEachParameter,
  type ParameterName,
  type Parameters,
  parameterNames,
  parameterShapes,
} from './parameters'

export interface Cell {
  readonly type: 'rnn'
  readonly activation: ActivationName
  readonly precision: Dtype
  readonly sizes: CellSizes
  readonly parameters: Parameters
}

export interface CellOptions {
  type?: 'rnn'
  /** φ; default tanh */
  activation?: ActivationName
  inputSize: number
  hiddenSize: number
  outputSize: number
  /** how parameters start; default uniform, PyTorch's ±1/√H */
  initializer?: InitializerName
  /** factor on the recurrent matrix W; default 1 */
  gain?: number
  /** default 1 */
  seed?: number
  /** default float32 */
  precision?: Dtype
  /** parameters to start from instead, any of W, U, b, V, c: tensors or nested arrays */
  parameters?: Partial<Record<ParameterName, unknown>>
}

/**
 * A new cell.
 *
 * @throws ExpectedError for an option out of its range, or a given parameter of another shape
 */
export function rnnCell(options: CellOptions): Cell {
  const size = (name: 'inputSize' | 'hiddenSize' | 'outputSize') =>
    numberIn(name, options[name], { min: 1, max: 65536, integer: true })
  const sizes = {
    inputSize: size('inputSize'),
    hiddenSize: size('hiddenSize'),
    outputSize: size('outputSize'),
  }
  const precision = oneOf('precision', options.precision ?? 'float32', ['float32', 'float64'])
  const seed = numberIn('seed', options.seed ?? 1, { integer: true })
  const draw = () =>
    initialize(
      oneOf('initializer', options.initializer ?? 'uniform', initializerNames),
      parameterShapes(sizes),
      numberIn('gain', options.gain ?? 1),
      random(seed),
      precision,
    )
  const given = options.parameters ?? {}
  const isWhole = parameterNames.every((name) => given[name] !== undefined)
  const shapes = parameterShapes(sizes)
  const started = isWhole ? forEachParameter((name) => tensor(precision, shapes[name])) : draw()
  const cell: Cell = {
    type: oneOf('type', options.type ?? 'rnn', ['rnn']),
    activation: oneOf('activation', options.activation ?? 'tanh', activationNames),
    precision,
    sizes,
    parameters: started,
  }
  return withParameters(cell, isWhole ? given : { ...started, ...given })
}

/**
 * The cell with some or all of its parameters replaced.
 *
 * @param parameters tensors or nested arrays, by name
 * @throws ExpectedError for a name the cell does not have, another shape, or a number that is not finite
 */
export function withParameters(cell: Cell, parameters: Readonly<Record<string, unknown>>): Cell {
  const shapes = parameterShapes(cell.sizes)
  const replaced: Record<ParameterName, Tensor> = { ...cell.parameters }
  for (const [name, given] of Object.entries(parameters)) {
    const known = oneOf('a parameter', name, parameterNames)
    const parameter = isTensor(given)
      ? asDtype(given, cell.precision)
      : fromNested(given, cell.precision, ['row', 'column'])
    if (!sameShape(parameter.shape, shapes[known]))
      throw new ExpectedError(`${name} of shape ${showShape(shapes[known])}`, showShape(parameter.shape))
    const wrong = parameter.data.findIndex((value) => !Number.isFinite(value))
    if (wrong >= 0)
      throw new ExpectedError(
        `finite numbers in ${name}`,
        `${parameter.data[wrong]} at position ${wrong + 1}`,
      )
    replaced[known] = parameter
  }
  return { ...cell, parameters: replaced }
}

/** How many numbers a cell learns. */
export const parameterCount = (cell: Cell): number =>
  parameterNames.reduce((sum, name) => sum + cell.parameters[name].data.length, 0)
