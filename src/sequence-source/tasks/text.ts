import { describe, ExpectedError, oneOf } from '../../expected'
import { checkSize } from '../../limits'
import { sizeOf, type Tensor, tensor } from '../../tensor/tensor'
import { validationSplitIn } from '../checks'
import type { SourceOptions } from '../options'
import { seriesTask } from '../series'
import type { Examples, Task } from '../task'
import { windowOptions, windows } from '../windows'

/**
 * Text, character by character (Elman 1990; Sutskever, Martens & Hinton 2011). Windows over the text, the
 * last of which are held out. The vocabulary is all characters of the text in the order of their code points.
 * Inputs: the characters, one-hot or as their place in the vocabulary. Target at each step: the next
 * character, as a class.
 *
 * @throws ExpectedError for an option out of its range, no text, or one too short for a window
 */
export function text(options: SourceOptions): Task {
  const given = options.text ?? options.data
  const encoding = oneOf('encoding', options.encoding ?? 'one-hot', ['one-hot', 'index'])
  if (typeof given !== 'string' || given === '')
    throw new ExpectedError('a text for the task text', given === undefined ? 'none' : describe(given))
  checkSize('maxReadings', given.length, 'characters in a text')
  const characters = Array.from(given)
  const different = new Set(characters)
  checkSize('maxVocabulary', different.size, 'different characters in a text')
  const vocabulary = [...different].sort((a, b) => Number(a.codePointAt(0)) - Number(b.codePointAt(0)))
  const place = new Map(vocabulary.map((character, index) => [character, index]))
  const column = Float64Array.from(characters, (character) => place.get(character) as number)

  const { length } = options
  const of = windowOptions({ length, stride: options.stride ?? length ?? 20, horizon: 1, targetsPer: 'step' })
  const trainEnd = Math.round(column.length * (1 - validationSplitIn(options.validationSplit ?? 0.2)))
  const series = { names: ['character'], columns: [column] }
  const task = seriesTask({
    ...windows(column.length, trainEnd, of, 'characters'),
    inputs: series,
    targets: series,
    classCount: vocabulary.length,
    targetsPer: 'step',
    horizon: 1,
    scaling: 'none',
    variableLength: false,
  })
  if (encoding === 'index') return { ...task, vocabulary }
  const encoded = (examples: Examples): Examples => ({
    ...examples,
    inputs: oneHotRows(examples.inputs, vocabulary.length),
  })
  return {
    ...task,
    vocabulary,
    inputSize: vocabulary.length,
    train: (indices, random) => encoded(task.train(indices, random)),
    validation: (indices) => encoded(task.validation(indices)),
  }
}

/** Indices [B, T, 1] as rows [B, T, size]. */
function oneHotRows({ shape, data }: Tensor, size: number): Tensor {
  const rows = [...shape.slice(0, -1), size]
  const ones = new Float64Array(sizeOf(rows))
  data.forEach((index, row) => {
    ones[row * size + index] = 1
  })
  return tensor('float64', rows, ones)
}
