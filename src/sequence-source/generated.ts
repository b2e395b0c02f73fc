/** A task whose sequences are drawn: endless, an epoch being so many of them. */
import { type Random, random } from '../random/random'
import { tensor } from '../tensor/tensor'
import type { Examples, TargetKind, TargetsPer, Task } from './task'

export interface Sequence {
  /** x [T][D] */
  readonly inputs: readonly (readonly number[])[]
  /** [O], [T][O] flattened, or classes [1] or [T] */
  readonly target: readonly number[]
}

export interface Generator {
  readonly length: number
  readonly inputSize: number
  readonly outputSize: number
  readonly targetKind: TargetKind
  readonly targetsPer: TargetsPer
  readonly draw: (random: Random) => Sequence
}

/**
 * @param epochSize sequences in an epoch
 * @param validationCount sequences held out, drawn from a seed of their own
 */
export function generatedTask(
  generator: Generator,
  epochSize: number,
  validationCount: number,
  seed: number,
): Task {
  const { draw, ...facts } = generator
  const heldOut = () => {
    const own = random(seed ^ 0x5eed)
    return Array.from({ length: validationCount }, () => draw(own))
  }
  let validation: Sequence[] | undefined
  return {
    ...facts,
    trainCount: epochSize,
    validationCount,
    train: (indices, random) =>
      stack(
        indices.map(() => draw(random)),
        generator,
      ),
    validation(indices) {
      validation ??= heldOut()
      const sequences = validation
      return stack(
        indices.map((index) => sequences[index]),
        generator,
      )
    },
  }
}

function stack(
  sequences: readonly Sequence[],
  { length, inputSize, outputSize, targetKind, targetsPer }: Generator,
): Examples {
  const shape = [
    sequences.length,
    ...(targetsPer === 'step' ? [length] : []),
    ...(targetKind === 'value' ? [outputSize] : []),
  ]
  return {
    inputs: tensor(
      'float64',
      [sequences.length, length, inputSize],
      Float64Array.from(sequences.flatMap(({ inputs }) => inputs.flat())),
    ),
    targets: tensor('float64', shape, Float64Array.from(sequences.flatMap(({ target }) => target))),
  }
}

/** A one-hot row. */
export const oneHot = (index: number, size: number): number[] =>
  Array.from({ length: size }, (_, position) => (position === index ? 1 : 0))
