/**
 * A message as it came, made fit to be worked on: a node puts its own properties on it and takes others off, and reads
 * some more than once. What cannot be read is found out here, before anything has been changed.
 */
import { describe, ExpectedError } from '../../src'
import { checkLabels } from './cell-message'
import { isLazy } from './lazy'
import type { RnnMessage } from './message'
import { checkSequence } from './sequence-message'

/** What every node looks into, at any time of its work. */
const lookedInto = ['sequence', 'cell', 'update'] as const

/**
 * The message itself; or a copy, if it is closed (frozen or sealed, say, by a function node), or a property of it is
 * computed by somebody else's code, which is then asked once.
 *
 * @throws ExpectedError for what is no object, or says of its sequences or its cell what cannot be; whatever a property throws that cannot be read
 */
export function received(given: unknown): RnnMessage {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new ExpectedError('a message, which is an object', describe(given))
  const msg: RnnMessage = isOpen(given) ? given : copyOf(given)
  for (const name of lookedInto) {
    const value: unknown = msg[name]
    if (typeof value === 'object' && value !== null && !isReadable(value))
      Object.assign(msg, { [name]: copyOf(value) })
  }
  checkSequence(msg.sequence)
  checkLabels(msg.cell)
  return msg
}

function isOpen(msg: object): boolean {
  if (!Object.isExtensible(msg)) return false
  for (const name of Reflect.ownKeys(msg)) {
    const { configurable, writable, get } = Object.getOwnPropertyDescriptor(msg, name) ?? {}
    if (!configurable || !(writable || (get && isLazy(get)))) return false
  }
  return true
}

function isReadable(value: object): boolean {
  for (const name of Reflect.ownKeys(value))
    if (Object.getOwnPropertyDescriptor(value, name)?.get) return false
  return true
}

function copyOf(value: object): object {
  const copy = {}
  for (const name of Reflect.ownKeys(value)) {
    const { enumerable, get, set } = Object.getOwnPropertyDescriptor(value, name) ?? {}
    const own = get && isLazy(get) ? { get, set } : { value: Reflect.get(value, name), writable: true }
    Object.defineProperty(copy, name, { ...own, enumerable, configurable: true })
  }
  return copy
}
