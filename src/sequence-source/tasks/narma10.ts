import { lengthFrom, targetsPerIn } from '../checks'
import type { Generator } from '../generated'
import type { SourceOptions } from '../options'

const order = 10

/**
 * NARMA10, a nonlinear autoregressive moving average of order ten (Atiya & Parlos 2000; this form: Jaeger
 * 2003):
 *
 *     y_{t+1} = 0.3 y_t + 0.05 y_t Σ_{i=0..9} y_{t-i} + 1.5 u_{t-9} u_t + 0.1
 *
 * Inputs u_0, u_1, … are from U[0, 0.5). The system starts at rest (y_0 and all before the sequence are 0),
 * so that the inputs say all there is to know. Target: y_{t+1} at step t, at the last step or at every step.
 * A sequence whose y passes 1, from where the recursion tends to run away, is drawn again.
 */
export function narma10({
  length = 20,
  targetsPer = 'sequence',
}: Pick<SourceOptions, 'length' | 'targetsPer'>): Generator {
  lengthFrom(1, length)
  return {
    length,
    inputSize: 1,
    outputSize: 1,
    targetKind: 'value',
    targetsPer: targetsPerIn(targetsPer),
    draw(random) {
      const drawInputs = () => Array.from({ length }, () => random.uniform(0, 0.5))
      let inputs = drawInputs()
      let outputs = respond(inputs)
      while (!outputs.every((value) => value <= 1)) {
        inputs = drawInputs()
        outputs = respond(inputs)
      }
      return {
        inputs: inputs.map((value) => [value]),
        target: targetsPer === 'step' ? outputs : outputs.slice(-1),
      }
    },
  }
}

/** y_1, y_2, … for u_0, u_1, … */
function respond(inputs: readonly number[]): number[] {
  const y = [0]
  inputs.forEach((input, t) => {
    const recent = y.slice(-order).reduce((sum, value) => sum + value, 0)
    y.push(0.3 * y[t] + 0.05 * y[t] * recent + 1.5 * (inputs[t - order + 1] ?? 0) * input + 0.1)
  })
  return y.slice(1)
}
