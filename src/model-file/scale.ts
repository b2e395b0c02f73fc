/** The scale of the data that a cell has learned from, in a file: with it a model answers in their units. */
import { describe, ExpectedError } from '../expected'
import type { CellSizes } from '../rnn-cell/parameters'
import type { LinearScale, Scale } from '../sequence-source/scaling'

export type { LinearScale, Scale } from '../sequence-source/scaling'

/** null: the data were not scaled; undefined: nobody says */
export type ModelScale = Scale | null | undefined

export type ScaleSizes = Pick<CellSizes, 'inputSize' | 'outputSize'>

/**
 * A scale that fits a cell.
 *
 * @param value { input: { mean [D], std [D] }, target?: { mean [O], std [O] } }
 * @throws ExpectedError if it is none, or has other features, or a number that is not finite, or a std not above 0
 */
export function readScale(value: unknown, { inputSize, outputSize }: ScaleSizes): Scale {
  if (!isObject(value)) throw new ExpectedError('a scale { input, target }', describe(value))
  const { input, target } = value
  return {
    input: readLinear('scale.input', input, inputSize),
    ...(target !== undefined && { target: readLinear('scale.target', target, outputSize) }),
  }
}

function readLinear(name: string, value: unknown, size: number): LinearScale {
  const { mean, std } = isObject(value) ? value : {}
  return {
    mean: readNumbers(`${name}.mean`, mean, size),
    std: readNumbers(`${name}.std`, std, size, 0),
  }
}

function readNumbers(name: string, value: unknown, size: number, above = Number.NEGATIVE_INFINITY): number[] {
  if (!Array.isArray(value) || value.length !== size)
    throw new ExpectedError(`${name} of ${size} ${size === 1 ? 'number' : 'numbers'}`, describe(value))
  const wrong = value.find((entry) => !Number.isFinite(entry) || entry <= above)
  if (wrong === undefined && !value.includes(undefined)) return [...value]
  throw new ExpectedError(`finite numbers${above === 0 ? ' above 0' : ''} in ${name}`, describe(wrong))
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
