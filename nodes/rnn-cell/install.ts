/** Parameters from a message, put into a cell. */
import {
  type Cell,
  type CellForm,
  type CellSizes,
  describe,
  ExpectedError,
  limitOf,
  loadModel,
  type Model,
  parameterShapes,
  withParameters,
} from '../../src'
import { bytesOf, namesIn, tensorOrNested } from '../common/tensors'
import { sizesOfParameters } from './infer-sizes'

/** What starts a cell where there is none yet: the form that the dialog says, and the rest by its sizes. */
export interface Beginning {
  readonly form: Partial<CellForm>
  start(sizes: Partial<CellSizes>): Cell
}

export interface Installed {
  readonly cell: Cell
  /** of a model file that says something of it: that of its data, or null for none */
  readonly scale?: Model['scale']
}

/**
 * The cell with the given parameters; without a cell, one of the sizes they have.
 *
 * @param given an object of tensors or nested arrays by name, or a model file (Buffer or text)
 * @throws ExpectedError if they do not fit the cell, or the file is of another kind of cell
 */
export function withInstalled(cell: Cell | undefined, given: unknown, { form, start }: Beginning): Installed {
  const file = fileOf(given)
  if (file !== undefined) {
    const model = loadModel(file)
    const into = cell ?? start(sizesOfWhole(model))
    checkForm(into, model.form)
    return { cell: withParameters(into, model.parameters), scale: model.scale }
  }
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new ExpectedError(
      'msg.parameters to be an object by name (W, U, b, V, c) or a model file',
      describe(given),
    )
  const entries = given as Record<string, unknown>
  const read = Object.fromEntries(
    namesIn(given, 'msg.parameters').map((name) => [
      name,
      tensorOrNested(entries[name], `msg.parameters.${name}`),
    ]),
  )
  return { cell: withParameters(cell ?? start(sizesOfParameters(read, form)), read) }
}

/** A file may say any sizes; those of a new cell are taken from one that has the numbers for them. */
function sizesOfWhole({ form, parameters }: Model): CellSizes {
  const missing = Object.keys(parameterShapes(form as CellForm)).find(
    (name) => parameters[name] === undefined,
  )
  if (missing === undefined) return form.sizes
  throw new ExpectedError(
    'a model file with all parameters, since there is no cell yet',
    `one without ${missing}`,
  )
}

/** A model file: text, or bytes, which JSON may have gone over; undefined if it is none. */
function fileOf(given: unknown): Buffer | string | undefined {
  if (typeof given === 'string') return given
  const bytes = bytesOf(given, 'msg.parameters', limitOf('maxFileSize'))
  return bytes instanceof Uint8Array
    ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : undefined
}

const formNames = [
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
/** What a file made by PyTorch may leave open. */
const mayBeOpen = ['activation', 'readout']

/** @throws ExpectedError naming what the model has otherwise than the cell */
function checkForm(cell: Cell, model: Partial<CellForm>): void {
  const check = (name: string, own: unknown, given: unknown) => {
    if (own !== given)
      throw new ExpectedError(
        `a model with ${name} ${own ?? 'none'}, as this cell has`,
        `${name} ${given ?? 'none'}`,
      )
  }
  for (const name of formNames)
    if (model[name] !== undefined || !mayBeOpen.includes(name)) check(name, cell[name], model[name])
  for (const [name, own] of Object.entries(cell.sizes))
    check(name, own, model.sizes?.[name as keyof CellSizes])
}
