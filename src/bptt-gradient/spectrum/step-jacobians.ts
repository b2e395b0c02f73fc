/** What every measure of stored step Jacobians checks and starts from. */
import { ExpectedError } from '../../expected'
import { random } from '../../random/random'
import { allFinite } from '../../tensor/tensor'
import { type Factor, factor } from './wide-vector'

/**
 * Step Jacobians in the order of time, row major [S, S]: entry k is ∂s_{k+2}/∂s_{k+1}, so the first is
 * ∂s_2/∂s_1. s is the full state of the cell: h, or (h; c).
 */
export type StepJacobians = readonly Float64Array[]

/**
 * The Jacobians as factors of a product; undefined in the place of one that holds a number that is not
 * finite.
 *
 * @throws ExpectedError when they are not square and of one size
 */
export function factorsFrom(jacobians: StepJacobians): readonly (Factor | undefined)[] {
  if (jacobians.length === 0) return []
  const size = Math.sqrt(jacobians[0].length)
  if (size === 0 || !Number.isInteger(size))
    throw new ExpectedError('step Jacobians to be square', `one of ${jacobians[0].length} numbers`)
  for (const { length } of jacobians)
    if (length !== size * size)
      throw new ExpectedError(`step Jacobians to be of one size, ${size * size} numbers`, `one of ${length}`)
  return jacobians.map((jacobian) => (allFinite(jacobian) ? factor(jacobian, size) : undefined))
}

/** Whether the product of these factors is a number. */
export const allKnown = (factors: readonly (Factor | undefined)[]): factors is readonly Factor[] =>
  !factors.includes(undefined)

/** The vector that iterations start from: normal numbers, the same ones every time. */
export function startVector(size: number): Float64Array {
  const { normal } = random(1)
  return Float64Array.from({ length: size }, normal)
}
