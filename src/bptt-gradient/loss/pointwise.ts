/** A loss that compares number with number, whatever the others are. */
import type { LossInput, LossResult, Reduction } from './comparison'
import { reduce } from './reduce'

/** Of an output o, its target y and the output's place in o_t, from 0. */
export type PointFunction = (output: number, target: number, place: number) => number

/**
 * @param value ℓ(o, y)
 * @param der ∂ℓ/∂o
 */
export function pointwise(
  { outputs, targets, mask }: LossInput,
  reduction: Reduction | undefined,
  value: PointFunction,
  der: PointFunction,
): LossResult {
  const size = outputs.shape[2]
  const ders = new Float64Array(outputs.data.length)
  let loss = 0
  let count = 0
  for (let row = 0; row * size < ders.length; row++) {
    if (mask?.[row] === 0) continue
    for (let place = 0; place < size; place++) {
      const index = row * size + place
      loss += value(outputs.data[index], targets.data[index], place)
      ders[index] = der(outputs.data[index], targets.data[index], place)
    }
    count += size
  }
  return reduce({ loss, der: ders, count, weight: count }, reduction)
}
