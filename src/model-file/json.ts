/**
 * A cell as JSON that a person can read: its form, the scale of its data, and its parameters by name, a row of a matrix
 * in a line.
 */
import { describe, ExpectedError, oneOf } from '../expected'
import type { Cell } from '../rnn-cell/cell'
import type { CellForm } from '../rnn-cell/form'
import { parameterShapes } from '../rnn-cell/lanes'
import { type CellOptions, readForm, readPrecision } from '../rnn-cell/options'
import { type Dtype, type Floats, sizeOf, type Tensor, tensor } from '../tensor/tensor'
import type { Model } from './model'
import { parseJson } from './parse-json'
import { type ModelScale, readScale } from './scale'
import { short } from './short'

const format = '@unrolled/node-red-rnn cell'
/** Files before the first that said so are read as well: they only have no scale. */
const version = 1

export function toJson({ parameters, precision, sizes, ...options }: Cell, scale: ModelScale): string {
  const facts = JSON.stringify({ format, version, ...options, precision, sizes, scale }, undefined, 2)
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

const formFields = [
  'type',
  'activation',
  'gateActivation',
  'resetAfter',
  'peepholes',
  'clip',
  'layers',
  'bidirectional',
  'decoder',
  'readout',
] as const
const fields = ['format', 'version', ...formFields, 'precision', 'sizes', 'scale', 'parameters'] as const
const sizeFields = ['inputSize', 'hiddenSize', 'outputSize'] as const

/**
 * Files of 0.1.0 say type, activation, precision and sizes; what they leave out is what a cell has by default. Some of
 * the parameters may be missing.
 *
 * @throws ExpectedError naming the field, if it is not this format, or says what no cell can be
 */
export function fromJson(text: string): Model {
  const file = parseJson(text, 'a model file of JSON')
  if (!isObject(file) || file.format !== format || !isObject(file.parameters))
    throw new ExpectedError(
      `a model file of the format "${format}"`,
      describe(isObject(file) ? file.format : file),
    )
  for (const name of Object.keys(file)) oneOf('a field of a model file', short(name), fields)
  if (file.version !== undefined && file.version !== version)
    throw new ExpectedError(`a model file of version ${version}`, describe(file.version))
  const sizes = isObject(file.sizes) ? file.sizes : {}
  for (const name of Object.keys(sizes)) oneOf('a size', short(name), sizeFields)
  const given: Record<string, unknown> = { precision: file.precision }
  for (const name of formFields) given[name] = file[name]
  for (const name of sizeFields) given[name] = sizes[name]
  for (const [name, value] of Object.entries(given))
    if (typeof value === 'object')
      throw new ExpectedError(`${name} to be a text, a number or a switch`, describe(value))
  const cell = given as unknown as CellOptions
  const form = readForm(cell)
  const precision = readPrecision(cell)
  return {
    form,
    precision,
    parameters: readParameters(file.parameters, form, precision),
    scale: file.scale === undefined || file.scale === null ? file.scale : readScale(file.scale, form.sizes),
  }
}

function readParameters(
  given: Readonly<Record<string, unknown>>,
  form: CellForm,
  precision: Dtype,
): Record<string, Tensor> {
  const shapes = parameterShapes(form)
  const parameters: Record<string, Tensor> = {}
  for (const [name, value] of Object.entries(given)) {
    const shape = shapes[oneOf('a parameter', short(name), Object.keys(shapes))]
    parameters[name] = readRows(name, value, shape, precision)
  }
  return parameters
}

/** Numbers are counted before there is room made for them: the sizes of a file may be any. */
function readRows(name: string, value: unknown, shape: readonly number[], precision: Dtype): Tensor {
  const rows = shape.length === 1 ? [value] : value
  const columns = shape[shape.length - 1]
  const wanted = `${name} of ${shape.length === 1 ? '' : `${shape[0]} rows of `}${columns} numbers`
  if (!Array.isArray(rows) || (shape.length > 1 && rows.length !== shape[0]))
    throw new ExpectedError(wanted, describe(value))
  for (const [index, row] of rows.entries())
    if (!Array.isArray(row) || row.length !== columns)
      throw new ExpectedError(wanted, `${describe(row)}${shape.length === 1 ? '' : ` at row ${index + 1}`}`)
  const read = tensor(precision, shape)
  for (let index = 0; index < sizeOf(shape); index++) {
    const [row, column] = [Math.floor(index / columns), index % columns]
    const number = (rows as unknown[][])[row][column]
    if (typeof number === 'number') read.data[index] = number
    if (typeof number !== 'number' || !Number.isFinite(read.data[index])) {
      const place = shape.length === 1 ? `position ${column + 1}` : `row ${row + 1}, column ${column + 1}`
      throw new ExpectedError(`a finite number in ${name} at ${place}`, describe(number))
    }
  }
  return read
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
