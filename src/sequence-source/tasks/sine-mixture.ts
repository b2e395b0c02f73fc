import { lengthFrom, targetsPerIn, wholeIn } from '../checks'
import type { Generator } from '../generated'
import type { SourceOptions } from '../options'

/**
 * A mixture of sines (the superimposed oscillators of Wierstra, Gomez & Schmidhuber 2005, here with random
 * parts): a sum of `components` sine waves, each of random phase, of a period between 10 and 40 steps and of
 * an amplitude from U[0.5, 1); the amplitudes are divided by their sum, so that the mixture stays in [-1, 1].
 * Target: the mixture `horizon` steps ahead, after the last step or after every step.
 */
export function sineMixture({
  length = 20,
  components = 3,
  horizon = 1,
  targetsPer = 'sequence',
}: Pick<SourceOptions, 'length' | 'components' | 'horizon' | 'targetsPer'>): Generator {
  lengthFrom(2, length)
  wholeIn('components', components, 1, 100)
  wholeIn('horizon', horizon, 0, 10_000)
  return {
    length,
    inputSize: 1,
    outputSize: 1,
    targetKind: 'value',
    targetsPer: targetsPerIn(targetsPer),
    draw(random) {
      const parts = Array.from({ length: components }, () => ({
        amplitude: random.uniform(0.5, 1),
        phase: random.uniform(0, 2 * Math.PI),
        step: (2 * Math.PI) / random.uniform(10, 40),
      }))
      const total = parts.reduce((sum, { amplitude }) => sum + amplitude, 0)
      const mixture = Array.from({ length: length + horizon }, (_, index) =>
        parts.reduce(
          (sum, { amplitude, phase, step }) => sum + (amplitude / total) * Math.sin(phase + step * index),
          0,
        ),
      )
      const ahead = mixture.slice(horizon)
      return {
        inputs: mixture.slice(0, length).map((value) => [value]),
        target: targetsPer === 'step' ? ahead : ahead.slice(-1),
      }
    },
  }
}
