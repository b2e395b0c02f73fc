import { numberIn } from '../../expected'
import { lengthFrom, targetsPerIn } from '../checks'
import type { Generator } from '../generated'
import type { SourceOptions } from '../options'

/**
 * Sine waves of random phase and of a period between 10 and 40 steps, with normal noise on the inputs.
 * Target: the wave without noise one step ahead, after the last step or after every step. The wave's
 * amplitude is 1.
 */
export function sine({
  length = 20,
  noise = 0.1,
  targetsPer = 'sequence',
}: Pick<SourceOptions, 'length' | 'noise' | 'targetsPer'>): Generator {
  lengthFrom(2, length)
  numberIn('noise', noise, { min: 0 })
  return {
    length,
    inputSize: 1,
    outputSize: 1,
    targetKind: 'value',
    targetsPer: targetsPerIn(targetsPer),
    draw(random) {
      const phase = random.uniform(0, 2 * Math.PI)
      const step = (2 * Math.PI) / random.uniform(10, 40)
      const wave = Array.from({ length: length + 1 }, (_, index) => Math.sin(phase + step * index))
      return {
        inputs: wave.slice(0, length).map((value) => [value + noise * random.normal()]),
        target: targetsPer === 'step' ? wave.slice(1) : [wave[length]],
      }
    },
  }
}
