/** The terms of the sum, as the view needs them. */
import type { SumTrace } from '../../nodes/watch/trace'

export type Matrix = readonly (readonly (number | null)[])[]
type Factors = SumTrace['factors']

export interface SumTerm {
  readonly i: number
  readonly values: Matrix
  /** δ_i, of all losses that are shown added up */
  readonly delta: readonly (number | null)[]
}

/** A bias stands upright. */
export const asMatrix = (values: unknown): Matrix =>
  Array.isArray(values) && !Array.isArray(values[0]) ? values.map((value) => [value]) : (values as Matrix)

const sum = (a: number | null, b: number | null) => (a === null || b === null ? null : a + b)

export const add = (a: Matrix, b: Matrix): Matrix =>
  a.map((row, index) => row.map((value, column) => sum(value, b[index][column])))

export const normOf = (values: Matrix): number =>
  Math.hypot(...values.flat().map((value) => value ?? Number.NaN))

/** @param which the time of one loss, or all: then term i is what all losses send to step i */
export function termsOf({ losses }: Factors, name: string, which: string): SumTerm[] {
  const found = new Map<number, SumTerm>()
  for (const { t, terms } of losses) {
    if (which !== 'all' && which !== String(t)) continue
    for (const term of terms) {
      if (!(name in term)) continue
      const values = asMatrix(term[name])
      const i = term.i as number
      const before = found.get(i)
      found.set(i, {
        i,
        values: before ? add(before.values, values) : values,
        delta: before ? before.delta.map((value, index) => sum(value, term.delta[index])) : term.delta,
      })
    }
  }
  return [...found.values()].sort((a, b) => a.i - b.i)
}
