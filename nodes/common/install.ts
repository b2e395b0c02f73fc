/** Parameters from a message, put into a cell. */
import { type Cell, type CellSizes, describe, ExpectedError, loadModel, withParameters } from '../../src'
import { sizesOfParameters } from './infer-sizes'
import { tensorOrNested } from './tensors'

/**
 * The cell with the given parameters; without a cell, one of the sizes they have.
 *
 * @param given an object of tensors or nested arrays by name, or a model file (Buffer or text)
 * @throws ExpectedError if they do not fit the cell, or the file is of another kind of cell
 */
export function withInstalled(
  cell: Cell | undefined,
  given: unknown,
  start: (sizes: Partial<CellSizes>) => Cell,
): Cell {
  const isFile = Buffer.isBuffer(given) || typeof given === 'string'
  const { activation, parameters } = isFile ? loadModel(given) : { activation: undefined, parameters: given }
  if (typeof parameters !== 'object' || parameters === null || Array.isArray(parameters))
    throw new ExpectedError(
      'msg.parameters to be an object by name (W, U, b, V, c) or a model file',
      describe(given),
    )
  const read = Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [
      name,
      tensorOrNested(value, `msg.parameters.${name}`),
    ]),
  )
  const into = cell ?? start(sizesOfParameters(read))
  if (activation !== undefined && activation !== into.activation)
    throw new ExpectedError(
      `a model whose activation is ${into.activation}, as in the dialog`,
      `one with ${activation}`,
    )
  return withParameters(into, read)
}
