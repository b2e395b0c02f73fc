/** A task whose sequences are drawn: endless, an epoch being so many of them. */
import { checkSize } from '../limits'
import type { Random } from '../random/random'
import { sizeOf, type Tensor, tensor } from '../tensor/tensor'
import { validationSplitIn, wholeIn } from './checks'
import type { SourceOptions } from './options'
import { randomApart } from './random-apart'
import { type Examples, numbersOf, type Task } from './task'

export interface Sequence {
  /** x [T][D] */
  readonly inputs: readonly (readonly number[])[]
  /** [O], [L][O] flattened, or classes [1] or [L] */
  readonly target: readonly number[]
  /** [L] of 0 and 1, if not every target counts; a task has it on all its sequences or on none */
  readonly targetMask?: readonly number[]
}

export interface Generator
  extends Pick<
    Task,
    'length' | 'targetLength' | 'variableLength' | 'inputSize' | 'outputSize' | 'targetKind' | 'targetsPer'
  > {
  readonly draw: (random: Random) => Sequence
}

/** How many sequences an epoch has, and how many are held out. */
export function epochOf({
  epochSize = 3200,
  validationSplit = 0.2,
}: Pick<SourceOptions, 'epochSize' | 'validationSplit'>): Pick<Task, 'trainCount' | 'validationCount'> {
  const trainCount = wholeIn('epochSize', epochSize, 1)
  return { trainCount, validationCount: Math.round(trainCount * validationSplitIn(validationSplit)) }
}

/** @throws ExpectedError for a size of the epoch or a share held out that is out of its range, or for too many numbers */
export function generatedTask(generator: Generator, options: SourceOptions, seed: number): Task {
  const { draw, ...facts } = generator
  const { trainCount, validationCount } = epochOf(options)
  checkSize('maxSteps', Math.max(facts.length, facts.targetLength ?? 0), 'steps in a sequence')
  // held out are so many sequences of an epoch, which are kept
  checkSize('maxElements', validationCount * numbersOf(facts), 'numbers in held-out sequences')
  const heldOut = () => {
    const random = randomApart(seed)
    return Array.from({ length: validationCount }, () => draw(random))
  }
  let validation: Sequence[] | undefined
  return {
    ...facts,
    trainCount,
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
  { inputSize, outputSize, targetKind, targetsPer, variableLength }: Generator,
): Examples {
  const batch = sequences.length
  const lengths = sequences.map(({ inputs }) => inputs.length)
  const targetSize = targetKind === 'value' ? [outputSize] : []
  const targetSteps = Math.max(...sequences.map(({ target }) => target.length)) / sizeOf(targetSize)
  const masks = sequences.flatMap(({ targetMask }) => (targetMask ? [targetMask] : []))
  return {
    inputs: filledUp(
      [batch, Math.max(...lengths), inputSize],
      sequences.map(({ inputs }) => inputs.flat()),
    ),
    targets: filledUp(
      [batch, ...(targetsPer === 'step' ? [targetSteps] : []), ...targetSize],
      sequences.map(({ target }) => target),
    ),
    ...(variableLength && { lengths }),
    ...(masks.length > 0 && { targetMask: filledUp([batch, targetSteps], masks) }),
  }
}

/** One row after another, each with zeros up to its share of the shape. */
function filledUp(shape: readonly number[], rows: readonly (readonly number[])[]): Tensor {
  const data = new Float64Array(sizeOf(shape))
  rows.forEach((row, index) => {
    data.set(row, (index * data.length) / rows.length)
  })
  return tensor('float64', shape, data)
}

/** A one-hot row. */
export const oneHot = (index: number, size: number): number[] =>
  Array.from({ length: size }, (_, position) => (position === index ? 1 : 0))
