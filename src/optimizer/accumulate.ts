/** Gradient accumulation: the running mean of several gradients, as optax.MultiSteps keeps it. */
import { mapParameters, type ParameterName, type Parameters } from '../rnn-cell/parameters'
import { pooledLike } from '../tensor/pooled'
import type { Floats } from '../tensor/tensor'

export interface Accumulated {
  /** gradients in the mean */
  readonly count: number
  readonly mean: Readonly<Record<ParameterName, Floats>>
}

/** With one more gradient g: n ← n + 1, mean ← mean + (g - mean) / n. */
export function accumulate(before: Accumulated | undefined, gradients: Parameters): Accumulated {
  if (!before) return { count: 1, mean: mapParameters(gradients, ({ data }) => data) }
  const count = before.count + 1
  const mean = mapParameters(gradients, ({ data }, name) => {
    const old = before.mean[name]
    const after = pooledLike(data)
    for (let index = 0; index < after.length; index++)
      after[index] = old[index] + (data[index] - old[index]) / count
    return after
  })
  return { count, mean }
}
