/** Whether all numbers stay finite, looked at in plain loops: an optimizer does so for every number it learns. */
import type { Floats } from '../tensor/tensor'
import type { RuleStep } from './rule'

export function areFinite(values: Floats): boolean {
  for (let index = 0; index < values.length; index++) if (!Number.isFinite(values[index])) return false
  return true
}

/** Of a step: its moments, and θ + Δ in the precision of Δ. A Δ that is not finite makes a sum that is not either. */
export function staysFinite({ delta, moments }: RuleStep, parameter: Floats): boolean {
  const round = delta instanceof Float32Array ? Math.fround : (value: number) => value
  for (let index = 0; index < delta.length; index++)
    if (!Number.isFinite(round(parameter[index] + delta[index]))) return false
  return Object.values(moments).every(areFinite)
}
