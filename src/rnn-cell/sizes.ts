/** Sizes of a cell, read off the shapes of its parameters. */
import type { CellForm, CellType } from './form'
import { kindOf } from './kinds'
import type { CellSizes } from './parameters'

/**
 * From W [gH, H], U [gH, D], b [gH], V [O, S], c [O], whichever are there.
 *
 * @param form default: an rnn of one direction
 */
export function sizesOfShapes(
  shapes: Readonly<Record<string, readonly number[]>>,
  { type = 'rnn', bidirectional = false }: Partial<Pick<CellForm, 'type' | 'bidirectional'>> = {},
): Partial<CellSizes> {
  const { W, U, b, V, c } = shapes
  const hiddenSize = W?.[1] ?? perGate(type, U?.[0] ?? b?.[0]) ?? perDirection(bidirectional, V?.[1])
  const inputSize = U?.[1]
  const outputSize = V?.[0] ?? c?.[0]
  return {
    ...(hiddenSize !== undefined && { hiddenSize }),
    ...(inputSize !== undefined && { inputSize }),
    ...(outputSize !== undefined && { outputSize }),
  }
}

const perGate = (type: CellType, rows: number | undefined) =>
  rows === undefined ? undefined : rows / kindOf({ type }).gates.length

const perDirection = (bidirectional: boolean, size: number | undefined) =>
  size === undefined ? undefined : size / (bidirectional ? 2 : 1)
