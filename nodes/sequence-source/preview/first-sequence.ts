/** The first sequence of a source, as far as a picture shows it. */
import {
  ExpectedError,
  type SentLimits,
  type SequenceSource,
  type SourceOptions,
  sequenceSource,
  type Tensor,
} from '../../../src'
import { plain } from '../../common/plain'
import type { SourcePreview } from './wire'

const mostSteps = 500
const mostFeatures = 8
const longestName = 40

export interface SequenceJob {
  readonly options: SourceOptions
  /** of a file */
  readonly data?: string
  /** that count for the process */
  readonly limits: SentLimits
}

export function firstSequence({ options, data }: SequenceJob): SourcePreview {
  const isOneHotText = options.task === 'text' && options.encoding !== 'index'
  const source = sequenceSource({
    ...options,
    // places say the same as rows, in far fewer numbers
    ...(isOneHotText && { encoding: 'index' }),
    data,
    batch: 1,
  })
  return described(source, isOneHotText)
}

function described(source: SequenceSource, isOneHotText: boolean): SourcePreview {
  const { value: batch } = source.next()
  if (!batch) throw new ExpectedError('a sequence', 'none')
  const { task } = source
  const inputs = rowsOf(batch.inputs, task.inputSize)
  const targets = rowsOf(batch.targets, task.targetKind === 'class' ? 1 : task.outputSize)
  const symbols = isOneHotText ? inputs.map(([place]) => place) : places(inputs)
  const shownSymbols = symbols?.slice(0, mostSteps)
  const shownTargets = shownOf(targets)
  const names = task.inputNames?.length === task.inputSize ? task.inputNames : undefined
  return plain({
    length: inputs.length,
    inputSize: isOneHotText ? (task.vocabulary?.length ?? 0) : task.inputSize,
    inputs: shownSymbols ? [] : shownOf(inputs),
    ...(shownSymbols && { symbols: shownSymbols }),
    targetsPer: task.targetsPer,
    targetKind: task.targetKind,
    targetLength: targets.length,
    outputSize: task.outputSize,
    targets: shownTargets,
    ...(batch.targetMask && { targetMask: Array.from(batch.targetMask.data.subarray(0, mostSteps)) }),
    ...(names && { names: shortNames(names) }),
    ...(task.targetNames && { targetNames: shortNames(task.targetNames) }),
    ...(shownSymbols && called(shownSymbols, 'symbolNames', task.vocabulary ?? names)),
    ...(task.targetKind === 'class' &&
      called(shownTargets.flat(), 'classNames', task.vocabulary ?? task.classes)),
    isScaled: task.scale !== undefined,
  }) as SourcePreview
}

/** The rows of the one sequence of a batch. */
function rowsOf({ data }: Tensor, size: number): number[][] {
  return Array.from({ length: data.length / size }, (_, row) =>
    Array.from(data.subarray(row * size, (row + 1) * size)),
  )
}

const shownOf = (rows: readonly number[][]) =>
  rows.slice(0, mostSteps).map((row) => row.slice(0, mostFeatures))

const short = (name: string | number) => String(name).slice(0, longestName)
const shortNames = (names: readonly string[]) => names.slice(0, mostFeatures).map(short)

/** Where the one 1 of each row is; undefined if they are not one-hot. */
function places(rows: readonly number[][]): number[] | undefined {
  const isOneHot = (row: readonly number[]) =>
    row.length > 1 && row.every((value) => value === 0 || value === 1) && sum(row) === 1
  return rows.every(isOneHot) ? rows.map((row) => row.indexOf(1)) : undefined
}

const sum = (row: readonly number[]) => row.reduce((total, value) => total + value, 0)

/** What those of the numbers are called that are shown. */
function called(
  numbers: readonly number[],
  property: 'symbolNames' | 'classNames',
  names: readonly (string | number)[] | undefined,
) {
  if (!names) return {}
  const used = [...new Set(numbers)].filter((number) => names[number] !== undefined)
  return { [property]: Object.fromEntries(used.map((number) => [number, short(names[number])])) }
}
