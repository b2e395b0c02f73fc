/** A cell as JSON that a person can read: its form, and its parameters by name, a row of a matrix in a line. */
import { describe, ExpectedError } from '../expected'
import type { Cell } from '../rnn-cell/cell'
import { type CellOptions, readForm, readPrecision } from '../rnn-cell/options'
import { nestedShape } from '../tensor/nested'
import type { Floats, Tensor } from '../tensor/tensor'
import type { Model } from './model'

const format = '@unrolled/node-red-rnn cell'

export function toJson({ parameters, precision, sizes, ...options }: Cell): string {
  const facts = JSON.stringify({ format, ...options, precision, sizes }, undefined, 2)
  const rows = Object.entries(parameters).map(([name, parameter]) => `    "${name}": ${textOf(parameter)}`)
  return `${facts.replace(/\n\}$/, '')},\n  "parameters": {\n${rows.join(',\n')}\n  }\n}\n`
}

function textOf({ shape, data }: Tensor): string {
  if (shape.length === 1) return rowText(data)
  const [rows, columns] = shape
  const lines = Array.from({ length: rows }, (_, row) =>
    rowText(data.subarray(row * columns, (row + 1) * columns)),
  )
  return `[\n      ${lines.join(',\n      ')}\n    ]`
}

/** As JSON.stringify has it, but with the sign of -0. */
const rowText = (row: Floats): string =>
  `[${Array.from(row, (value) => (Object.is(value, -0) ? '-0' : JSON.stringify(value))).join(', ')}]`

/**
 * Files of 0.1.0 say type, activation, precision and sizes; what they leave out is what a cell has by default.
 *
 * @throws ExpectedError if it is not this format, or says what no cell can be
 */
export function fromJson(text: string): Model {
  const { format: found, sizes, parameters, ...options } = parse(text)
  if (found !== format || !isObject(parameters))
    throw new ExpectedError(`a model file of the format "${format}"`, describe(found))
  for (const [name, nested] of Object.entries(parameters)) {
    const depth = nestedShape(nested).length
    if (depth > 2) throw new ExpectedError(`${name} with rows and columns`, `${depth} axes`)
  }
  const { inputSize, hiddenSize, outputSize } = isObject(sizes) ? sizes : {}
  const given = { ...options, inputSize, hiddenSize, outputSize }
  for (const [name, value] of Object.entries(given))
    if (isObject(value))
      throw new ExpectedError(`${name} to be a text, a number or a switch`, describe(value))
  const cell = given as unknown as CellOptions
  return { form: readForm(cell), precision: readPrecision(cell), parameters }
}

function parse(text: string): Record<string, unknown> {
  try {
    const model: unknown = JSON.parse(text)
    return isObject(model) ? model : {}
  } catch (error) {
    throw new ExpectedError('a model file of JSON', (error as Error).message)
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null
