/** θ ← θ + Δ: a cell with an update added. */
import { describe, ExpectedError } from '../expected'
import { pooledFloats } from '../tensor/pooled'
import { type Dtype, type Floats, sameShape, showShape, type Tensor } from '../tensor/tensor'
import type { Cell } from './cell'
import type { ParameterName } from './parameters'

export interface Update {
  /** Δ by parameter name; empty in a skipped update */
  readonly parameters: Partial<Readonly<Record<ParameterName, Tensor>>>
}

/**
 * The cell after the update; the cell itself if the update is empty.
 *
 * @throws ExpectedError if a Δ has another shape than its parameter, or a parameter would stop being finite
 */
export function applyUpdate(cell: Cell, update: Update): Cell {
  const given = Object.entries(update.parameters)
  if (given.length === 0) return cell
  const parameters: Record<string, Tensor> = { ...cell.parameters }
  for (const [name, delta] of given) {
    const old = Object.hasOwn(parameters, name) ? parameters[name] : undefined
    if (!old || !delta)
      throw new ExpectedError(
        `an update of ${Object.keys(parameters).join(', ')}`,
        `${name} (${describe(delta)})`,
      )
    if (!sameShape(delta.shape, old.shape))
      throw new ExpectedError(`an update of ${name} of shape ${showShape(old.shape)}`, showShape(delta.shape))
    parameters[name] = {
      shape: old.shape,
      dtype: cell.precision,
      data: sum(name, old, delta, cell.precision),
    }
  }
  return { ...cell, parameters: parameters as Cell['parameters'] }
}

function sum(name: ParameterName, old: Tensor, delta: Tensor, precision: Dtype): Floats {
  const data = pooledFloats(precision, old.data.length)
  for (let index = 0; index < data.length; index++) {
    data[index] = old.data[index] + delta.data[index]
    if (!Number.isFinite(data[index]))
      throw new ExpectedError(`${name} to stay finite under the update`, 'a number that is not')
  }
  return data
}
