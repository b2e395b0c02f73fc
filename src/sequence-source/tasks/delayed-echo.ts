import { lengthFrom, wholeIn } from '../checks'
import type { Generator } from '../generated'
import type { SourceOptions } from '../options'

/**
 * Delayed echo, the recall of an input after a delay that measures a network's short-term memory (Jaeger
 * 2001, GMD report 152). Inputs are from U[-0.5, 0.5). Target at step t: the input at step t - delay. The
 * first `delay` targets are 0 and do not count: the mask leaves them out.
 */
export function delayedEcho({ length = 20, delay = 5 }: Pick<SourceOptions, 'length' | 'delay'>): Generator {
  lengthFrom(2, length)
  wholeIn('delay', delay, 1, length - 1)
  const silence = new Array<number>(delay).fill(0)
  const targetMask = Array.from({ length }, (_, step) => (step < delay ? 0 : 1))
  return {
    length,
    inputSize: 1,
    outputSize: 1,
    targetKind: 'value',
    targetsPer: 'step',
    draw(random) {
      const values = Array.from({ length }, () => random.uniform(-0.5, 0.5))
      return {
        inputs: values.map((value) => [value]),
        target: [...silence, ...values.slice(0, length - delay)],
        targetMask,
      }
    },
  }
}
