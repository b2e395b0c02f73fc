/** Validators of a node's fields. */
import { shown } from './fields'
import type { Conditions, Get } from './values'
import { wordsOf } from './words'

/** True, or the sentence that says what would fit. */
export type Check = (node: EditorNode, field: string, value: unknown) => true | string

/** Of each field that can be wrong, whether a value fits. */
export type Fits = Readonly<Record<string, (value: unknown, get: Get) => boolean>>

export const checker = (type: string, fits: Fits, conditions: Conditions): Check => {
  const say = wordsOf(type)
  return (node, field, value) => {
    const get = shown(node)
    const isRead = conditions[field]?.(get) ?? true
    return !isRead || fits[field](value, get) || say(`error.${field}`)
  }
}
