import { lengthFrom, targetsPerIn } from '../checks'
import type { Generator } from '../generated'
import type { SourceOptions } from '../options'

/**
 * Parity (Minsky & Papert 1969; of sequences: Bengio, Simard & Frasconi 1994). Every input is 0 or 1. Target:
 * class 1 if the number of ones is odd, of all steps or, with a target a step, of the steps so far.
 */
export function parity({
  length = 20,
  targetsPer = 'sequence',
}: Pick<SourceOptions, 'length' | 'targetsPer'>): Generator {
  lengthFrom(1, length)
  return {
    length,
    inputSize: 1,
    outputSize: 2,
    targetKind: 'class',
    targetsPer: targetsPerIn(targetsPer),
    draw(random) {
      const bits = Array.from({ length }, () => random.integer(0, 1))
      let odd = 0
      const soFar = bits.map((bit) => {
        odd ^= bit
        return odd
      })
      return { inputs: bits.map((bit) => [bit]), target: targetsPer === 'step' ? soFar : [odd] }
    },
  }
}
