/** Which losses go back how far: all of them to the first step, or as truncated backpropagation through time has it. */
import { ExpectedError, numberIn } from '../expected'
import { checkSize } from '../limits'
import type { Unrolled } from '../unroll/unrolled'

/** The losses at the times `firstLoss` … `lastLoss` go back from step `from` to step `to`. */
export interface Window {
  readonly from: number
  readonly to: number
  readonly firstLoss: number
  readonly lastLoss: number
}

export const hasLoss = ({ firstLoss, lastLoss }: Window, t: number): boolean =>
  t >= firstLoss && t <= lastLoss

/** The windows with the loss at t alone. */
export const withLossAt = (windows: readonly Window[], t: number): Window[] =>
  windows.filter((window) => hasLoss(window, t)).map((window) => ({ ...window, firstLoss: t, lastLoss: t }))

export interface TruncationOptions {
  /** truncated BPTT (Williams & Peng 1990; Sutskever 2013, 2.8.6): every k1 steps the losses of the last k1 steps go
   *  back … Default: no truncation. */
  k1?: number
  /** … through k2 steps; default k1. What is left at the end goes back k2 steps as well. */
  k2?: number
}

/**
 * @throws ExpectedError for numbers below 1, k2 below k1, a bidirectional cell, or windows that have more steps together
 *   than a sequence may have: with k1 = 1 and k2 = T they are T² / 2
 */
export function windowsOf(
  { cell, steps, readouts }: Pick<Unrolled, 'cell' | 'steps' | 'readouts'>,
  { k1, k2 }: TruncationOptions,
): Window[] {
  if (k1 === undefined && k2 === undefined) return [{ from: steps, to: 1, firstLoss: 1, lastLoss: steps }]
  const length = numberIn('k1', k1 ?? k2, { min: 1, integer: true })
  const depth = numberIn('k2', k2 ?? k1, { min: 1, integer: true })
  if (depth < length) throw new ExpectedError(`k2 of at least k1 (${length})`, `${depth}`)
  if (cell.bidirectional)
    throw new ExpectedError('a cell of one direction for truncation', 'a bidirectional one')
  const lossTimes = new Set(readouts)
  const windows = Math.ceil(steps / length)
  checkSize('maxSteps', windows * Math.min(depth, steps), 'steps in all windows of k2 steps')
  return Array.from({ length: windows }, (_, index): Window => {
    const from = Math.min((index + 1) * length, steps)
    return { from, to: Math.max(from - depth + 1, 1), firstLoss: index * length + 1, lastLoss: from }
  }).filter(({ firstLoss, lastLoss }) => {
    for (let t = firstLoss; t <= lastLoss; t++) if (lossTimes.has(t)) return true
    return false
  })
}
