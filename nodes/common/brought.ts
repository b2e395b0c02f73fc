/** What a message brings, by its form. */
import { mostAxes, nestedShape } from '../../src'
import { tensorOrValue } from './lazy'
import type { RnnMessage } from './message'

/** The shape of a tensor of a message, or of nested arrays; what is no shape has no axes. */
export function shapeOf(value: unknown): readonly number[] {
  if (typeof value !== 'object' || value === null || !('shape' in value)) return nestedShape(value)
  const { shape } = value
  // a list of its own: one that came by a message may be anything beside a list
  return isShape(shape) ? Array.from(shape) : []
}

const isShape = (shape: unknown): shape is readonly number[] =>
  Array.isArray(shape) &&
  shape.length <= mostAxes &&
  shape.every((size) => Number.isSafeInteger(size) && size >= 0)

/** Whether the payload is a sequence or a batch of them: an array or a tensor. */
export const bringsSequence = (msg: RnnMessage): boolean => shapeOf(tensorOrValue(msg, 'payload')).length > 0
