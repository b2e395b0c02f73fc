import type { Generator } from '../generated'
import type { TargetsPer } from '../task'

/**
 * Sine waves of random phase and of a period between 10 and 40 steps, with normal noise on the inputs. Target:
 * the wave without noise one step ahead, after the last step or after every step.
 *
 * @param noise standard deviation; the wave's amplitude is 1
 */
export const sine = (length: number, noise: number, targetsPer: TargetsPer): Generator => ({
  length,
  inputSize: 1,
  outputSize: 1,
  targetKind: 'value',
  targetsPer,
  draw(random) {
    const phase = random.uniform(0, 2 * Math.PI)
    const step = (2 * Math.PI) / random.uniform(10, 40)
    const wave = Array.from({ length: length + 1 }, (_, index) => Math.sin(phase + step * index))
    return {
      inputs: wave.slice(0, length).map((value) => [value + noise * random.normal()]),
      target: targetsPer === 'step' ? wave.slice(1) : [wave[length]],
    }
  },
})
