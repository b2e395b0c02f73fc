/**
 * Cell ⇄ message. A cell that rnn-cell has sent, or that a node has read once, is known again by its message as long as
 * that says the same: then no other node has to read and check it once more.
 */
import { type Cell, describe, ExpectedError, oneOf, rnnCell, type Scale } from '../../src'
import type { MessageCell, MessageTensor, MessageTensors, RnnMessage } from './message'
import { isMissing, missing } from './missing'
import { checkScale } from './scale-message'
import { allFromMessage, allToMessage } from './tensors'

interface Known {
  readonly cell: Cell
  /** as the message was, in a copy that nobody else has */
  readonly said: MessageCell
}

const known = new WeakMap<MessageCell, Known>()
const saidOf = new WeakMap<Cell, MessageCell>()

/** Each message of a cell has objects of its own, around the same Buffers. */
export function cellToMessage(cell: Cell, id: string, version: number, scale?: Scale): MessageCell {
  const before = saidOf.get(cell)
  const isUsable = before?.id === id && before.version === version && before.scale === scale
  const said: MessageCell = isUsable
    ? before
    : { id, ...cell, parameters: allToMessage(cell.parameters), version, ...(scale && { scale }) }
  if (!isUsable) saidOf.set(cell, said)
  const message = copyOf(said)
  known.set(message, { cell, said })
  return message
}

/** @throws ExpectedError if there is no cell in the message, or it does not hold together */
export function cellFromMessage(msg: RnnMessage): Cell {
  const given = isWhole(msg.cell) ? msg.cell : missing('cell', 'rnn-cell')
  const before = known.get(given)
  if (before && saysTheSame(given, before.said)) return before.cell
  const precision = oneOf('msg.cell.precision', given.precision, ['float32', 'float64'])
  const {
    id: _,
    version: __,
    scale: ___,
    scaledByTopic: ____,
    judged: _____,
    sizes,
    parameters,
    ...form
  } = given
  const read = allFromMessage(parameters, 'msg.cell.parameters', precision)
  const cell = rnnCell({ ...form, ...sizes, precision, parameters: read })
  if (Object.values(parameters).every(({ data }) => Buffer.isBuffer(data)))
    known.set(given, { cell, said: copyOf(given) })
  return cell
}

/** rnn-cell says by its second output which cell it is, and no more. */
const isWhole = (cell: RnnMessage['cell']): cell is MessageCell =>
  typeof cell === 'object' &&
  cell !== null &&
  'parameters' in cell &&
  typeof cell.parameters === 'object' &&
  cell.parameters !== null

/**
 * What a message says of its cell beside the cell itself.
 *
 * @throws ExpectedError for an id, a version or a scale that is none
 */
export function checkLabels(cell: unknown): void {
  if ((typeof cell !== 'object' && typeof cell !== 'function') || cell === null) return
  const { id, version, scale } = cell as Record<string, unknown>
  if (!isMissing(id) && typeof id !== 'string')
    throw new ExpectedError('msg.cell.id to be a text', describe(id))
  if (!isMissing(version) && typeof version !== 'number')
    throw new ExpectedError('msg.cell.version to be a number', describe(version))
  if (!isMissing(scale)) checkScale('msg.cell.scale', scale)
}

function copyOf(said: MessageCell): MessageCell {
  const parameters: Record<string, MessageTensor> = {}
  for (const name of Object.keys(said.parameters)) {
    const { shape, dtype, data } = said.parameters[name]
    parameters[name] = { shape: Array.from(shape), dtype, data }
  }
  return { ...said, sizes: { ...said.sizes }, parameters }
}

function saysTheSame(given: MessageCell, said: MessageCell): boolean {
  const { sizes, parameters } = said
  return (
    hasSame(given, said, (name) => isLabel(name) || name === 'sizes' || name === 'parameters') &&
    hasSame(given.sizes, sizes) &&
    haveSameNumbers(given.parameters, parameters)
  )
}

/** What has no part in the cell. */
const isLabel = (name: string) =>
  name === 'id' || name === 'version' || name === 'scale' || name === 'scaledByTopic' || name === 'judged'

function hasSame<T extends object>(given: T, said: T, isApart: (name: string) => boolean = () => false) {
  for (const name in said) if (!isApart(name) && given[name] !== said[name]) return false
  for (const name in given) if (!isApart(name) && !(name in said)) return false
  return true
}

/** A Buffer being the same only as itself. */
function haveSameNumbers(given: MessageTensors, said: MessageTensors): boolean {
  for (const name in said) {
    const [tensor, before] = [given[name], said[name]]
    const isSame = tensor && tensor.data === before.data && tensor.dtype === before.dtype
    if (!isSame || !sameShape(tensor.shape, before.shape)) return false
  }
  for (const name in given) if (!(name in said)) return false
  return true
}

function sameShape(shape: readonly number[], before: readonly number[]): boolean {
  for (let axis = 0; axis < before.length; axis++) if (shape?.[axis] !== before[axis]) return false
  return shape.length === before.length
}
