/** Where a calculation first left the finite numbers: forward first, then backward. */
import { type ParameterName, type Parameters, parameterNames } from '../rnn-cell/parameters'
import { entry } from '../tensor/axes'
import { allFinite } from '../tensor/tensor'
import type { Unrolled } from '../unroll/unroll'

export interface Nonfinite {
  /** h (hidden state), o (output), L (loss), or the parameter whose gradient it is: W, U, b, V, c */
  readonly tensor: 'h' | 'o' | 'L' | ParameterName
  /** t, from 1; missing for the loss, which has none, and for a sum of finite terms */
  readonly step?: number
}

interface Calculated {
  readonly unrolled: Unrolled
  readonly loss: number
  readonly der: Float64Array
  readonly terms: Readonly<Record<ParameterName, number[]>>
  readonly parameters: Parameters
  readonly norm: number
}

/** Undefined if everything is finite, which is decided by the loss and the norm alone. */
export function firstNonfinite({
  unrolled,
  loss,
  der,
  terms,
  parameters,
  norm,
}: Calculated): Nonfinite | undefined {
  if (Number.isFinite(loss) && Number.isFinite(norm)) return undefined
  const { cell, hidden, outputs, readouts, steps } = unrolled
  for (let t = 0; t <= steps; t++) if (!allFinite(entry(hidden, t))) return { tensor: 'h', step: t }
  for (const [index, t] of readouts.entries())
    if (!allFinite(entry(outputs, index))) return { tensor: 'o', step: t }
  if (!Number.isFinite(loss) || !allFinite(der)) return { tensor: 'L' }

  const fits = (value: number) => Number.isFinite(cell.precision === 'float32' ? Math.fround(value) : value)
  for (let t = steps; t >= 1; t--)
    for (const name of parameterNames) if (!fits(terms[name][t - 1])) return { tensor: name, step: t }
  return { tensor: parameterNames.find((name) => !allFinite(parameters[name].data)) ?? 'W' }
}
