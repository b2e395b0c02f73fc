/**
 * Nested arrays of a message that are made when somebody looks at them: until then an accessor stands in their place,
 * which our own nodes know, and take the tensor behind it. Whoever reads the property, copies or logs the message, or
 * puts another value there meets a property like any other.
 */
import { inspect } from 'node:util'
import { sizeOf, type Tensor, toNested } from '../../src'
import type { RnnMessage } from './message'

type Name = 'payload' | 'target'

/** By the accessor that waits, and by the arrays it has made. */
const tensors = new WeakMap<object, Tensor>()

/** The accessors of this file. */
const waiting = new WeakSet<object>()

/** Whether an accessor is one of ours, which can be asked at any time. */
export const isLazy = (get: object): boolean => waiting.has(get)

/** So few numbers are nested arrays sooner than an accessor. */
const few = 16

/** What float32 holds: beyond it a number is named to its sender, which only nested arrays do. */
const largest = 3.4028234663852886e38

/**
 * The numbers of a tensor as nested arrays.
 *
 * @param isKnown all of them to be finite in float32, so that they need not be looked at
 */
export function setNested(msg: RnnMessage, name: Name, from: Tensor, isKnown = false): void {
  if (sizeOf(from.shape) <= few || !(isKnown || isWithin(from))) replace(msg, name, toNested(from))
  else setLazy(msg, name, () => toNested(from), from)
}

/** @param make the value, asked for once at most; it is to be the same whenever that is */
export function setLazy(msg: RnnMessage, name: Name, make: () => unknown, from?: Tensor): void {
  const get = () => {
    const value = make()
    if (from) tensors.set(value as object, from)
    replace(msg, name, value)
    return value
  }
  if (from) tensors.set(get, from)
  waiting.add(get)
  const set = function (this: object, value: unknown) {
    replace(this, name, value)
  }
  Object.defineProperty(msg, name, { get, set, enumerable: true, configurable: true })
  Object.defineProperty(msg, inspect.custom, { value: inspectMade, configurable: true })
}

/** A log would show an accessor instead of what it makes. */
function inspectMade(this: RnnMessage): RnnMessage {
  Reflect.deleteProperty(this, inspect.custom)
  return { ...this }
}

/** What an accessor of ours is going to be made from, if that is a tensor. */
export function tensorBehind(msg: RnnMessage, name: string): Tensor | undefined {
  const getter = Object.getOwnPropertyDescriptor(msg, name)?.get
  return getter && tensors.get(getter)
}

/** What the property holds: the tensor it was made from if nobody put anything else there, else its value. */
export function tensorOrValue(msg: RnnMessage, name: Name): unknown {
  const behind = tensorBehind(msg, name)
  if (behind) return behind
  const value = msg[name]
  const made = Array.isArray(value) ? tensors.get(value) : undefined
  return made && isStill(value as unknown[], made) ? made : value
}

/** Whether there is a target, without looking at it. */
export const hasTarget = (msg: RnnMessage): boolean =>
  Object.getOwnPropertyDescriptor(msg, 'target')?.get !== undefined || msg.target !== undefined

const replace = (msg: object, name: Name, value: unknown) =>
  Object.defineProperty(msg, name, { value, writable: true, enumerable: true, configurable: true })

function isWithin({ data }: Tensor): boolean {
  for (let index = 0; index < data.length; index++) if (!(Math.abs(data[index]) <= largest)) return false
  return true
}

/** Whether nobody has written into the arrays. */
function isStill(nested: readonly unknown[], { shape, data }: Tensor): boolean {
  const isSame = (row: unknown, axis: number, start: number, count: number): boolean => {
    if (!Array.isArray(row) || row.length !== shape[axis]) return false
    const size = count / row.length
    const isLast = axis === shape.length - 1
    for (let index = 0; index < row.length; index++) {
      const place = start + index * size
      if (isLast ? row[index] !== data[place] : !isSame(row[index], axis + 1, place, size)) return false
    }
    return true
  }
  return isSame(nested, 0, 0, data.length)
}
