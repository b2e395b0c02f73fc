/** What a message brings, by its form. */
import { nestedShape } from '../../src'
import { tensorOrValue } from './lazy'
import type { RnnMessage } from './message'

/** The shape of a tensor of a message, or of nested arrays. */
export const shapeOf = (value: unknown): readonly number[] =>
  typeof value === 'object' && value !== null && 'shape' in value && Array.isArray(value.shape)
    ? value.shape
    : nestedShape(value)

/** Whether the payload is a sequence or a batch of them: an array or a tensor. */
export const bringsSequence = (msg: RnnMessage): boolean => shapeOf(tensorOrValue(msg, 'payload')).length > 0
