/** Whether all numbers that an optimizer learns and remembers stay finite. */
import { allFinite, type Floats } from '../tensor/tensor'
import type { RuleStep } from './rule'

/** Of a step: its moments, and θ + Δ in the precision of Δ. A Δ that is not finite makes a sum that is not either. */
export function staysFinite({ delta, moments }: RuleStep, parameter: Floats): boolean {
  const round = delta instanceof Float32Array ? Math.fround : (value: number) => value
  for (let index = 0; index < delta.length; index++)
    if (!Number.isFinite(round(parameter[index] + delta[index]))) return false
  return Object.values(moments).every(allFinite)
}
