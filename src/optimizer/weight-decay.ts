/** Weight decay around any rule: in the gradient (L2) or beside it (decoupled; Loshchilov & Hutter 2019). */
import { pooledLike } from '../tensor/pooled'
import type { Floats } from '../tensor/tensor'
import type { Rule } from './rule'

export const weightDecayModes = ['l2', 'decoupled'] as const
export type WeightDecayMode = (typeof weightDecayModes)[number]

/**
 * The rule with weight decay λ, as torch.optim has it.
 *
 * @param mode l2: g ← g + λ θ before the rule; decoupled: Δ ← Δ - η λ θ after it
 */
export function withWeightDecay(rule: Rule, weightDecay: number, mode: WeightDecayMode): Rule {
  if (weightDecay === 0) return rule
  if (mode === 'l2')
    return (input) => rule({ ...input, gradient: addScaled(input.gradient, weightDecay, input.parameter) })
  return (input) => {
    const { delta, moments } = rule(input)
    return { delta: addScaled(delta, -input.learningRate * weightDecay, input.parameter), moments }
  }
}

function addScaled(values: Floats, scale: number, added: Floats): Floats {
  const sum = pooledLike(values)
  for (let index = 0; index < sum.length; index++) sum[index] = values[index] + scale * added[index]
  return sum
}
