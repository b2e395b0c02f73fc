import { lengthFrom } from '../checks'
import { type Generator, oneHot } from '../generated'
import type { SourceOptions } from '../options'

/** One period each, as functions of the phase in [0, 1), between -1 and 1. */
const waveforms: readonly ((phase: number) => number)[] = [
  (phase) => Math.sin(2 * Math.PI * phase),
  (phase) => (phase < 0.5 ? 1 : -1),
  (phase) => (phase < 0.25 ? 4 * phase : phase < 0.75 ? 2 - 4 * phase : 4 * phase - 4),
  (phase) => 2 * phase - 1,
]

/**
 * A waveform from its name, for the topology one-to-many (one input, many outputs: Karpathy 2015, "The
 * unreasonable effectiveness of recurrent neural networks"). Input: one step, one-hot, which of sine, square,
 * triangle and sawtooth. Target: `length` values of one period of it, at the phases 0, 1/length, 2/length, …
 */
export function waveform({ length = 20 }: Pick<SourceOptions, 'length'>): Generator {
  lengthFrom(2, length)
  return {
    length: 1,
    targetLength: length,
    inputSize: waveforms.length,
    outputSize: 1,
    targetKind: 'value',
    targetsPer: 'step',
    draw(random) {
      const kind = random.integer(0, waveforms.length - 1)
      return {
        inputs: [oneHot(kind, waveforms.length)],
        target: Array.from({ length }, (_, step) => waveforms[kind](step / length)),
      }
    },
  }
}
