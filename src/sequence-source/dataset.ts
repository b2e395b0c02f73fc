/** A task over a data set: windows of readings, and for each the value some steps after it. */
import { ExpectedError, numberIn } from '../expected'
import { tensor } from '../tensor/tensor'
import { type Columns, type Readings, readings } from './readings'
import { scaled, zScore } from './scaling'
import type { Examples, TargetKind, TargetsPer, Task } from './task'

export interface DatasetOptions {
  readonly data: Readings
  /** what the network sees; default: every column of numbers */
  readonly columns: readonly string[]
  /** what it should say; default: the same columns */
  readonly targetColumns: readonly string[]
  readonly targetKind: TargetKind
  readonly targetsPer: TargetsPer
  /** T, readings in a window */
  readonly length: number
  /** the target is the value this many readings after the last of the window (or after each step) */
  readonly horizon: number
  /** readings from the start of one window to the start of the next */
  readonly stride: number
  /** share of the readings, the last ones, that is held out */
  readonly validationSplit: number
  readonly scaling: 'z-score' | 'none'
}

/**
 * Windows in time order. A window is held out if its target (of several, the first) lies in the held-out part;
 * it is learned from if its last target lies before. The scale is fitted on the part that is learned from.
 *
 * @throws ExpectedError for data that cannot be read, or too few readings for one window
 */
export function datasetTask(options: DatasetOptions): Task {
  const { targetKind, targetsPer, length, horizon, stride, validationSplit } = options
  const columnsOf = readings(options.data)
  const input = columnsOf(options.columns)
  const target = options.targetColumns.length > 0 ? columnsOf(options.targetColumns) : input
  const count = input.columns[0].length
  numberIn('validationSplit', validationSplit, { min: 0, max: 0.9 })
  const trainEnd = Math.round(count * (1 - validationSplit))

  const train: number[] = []
  const validation: number[] = []
  for (let start = 0; start + length - 1 + horizon < count; start += stride) {
    const lastTarget = start + length - 1 + horizon
    const firstTarget = targetsPer === 'step' ? start + horizon : lastTarget
    if (lastTarget < trainEnd) train.push(start)
    else if (firstTarget >= trainEnd) validation.push(start)
  }
  if (train.length === 0)
    throw new ExpectedError(
      `at least ${length + horizon} readings to learn from (a window of ${length} and the horizon of ${horizon})`,
      `${trainEnd} of ${count} readings`,
    )
  if (targetKind === 'class') checkClasses(target.columns, target.names)

  const untilEnd = (columns: Float64Array[]) => columns.map((column) => column.subarray(0, trainEnd))
  const scale =
    options.scaling === 'none'
      ? undefined
      : {
          input: zScore(untilEnd(input.columns)),
          ...(targetKind === 'value' && { target: zScore(untilEnd(target.columns)) }),
        }
  const inputs = scale ? scaled(input.columns, scale.input) : input.columns
  const targets = scale?.target ? scaled(target.columns, scale.target) : target.columns
  const cut = (starts: readonly number[]) => cutWindows(inputs, targets, starts, options)

  return {
    length,
    inputSize: inputs.length,
    outputSize:
      targetKind === 'class' ? 1 + target.columns[0].reduce((a, b) => Math.max(a, b), 0) : targets.length,
    targetKind,
    targetsPer,
    trainCount: train.length,
    validationCount: validation.length,
    scale,
    naive: naiveError(input, target, validation, options),
    train: (indices) => cut(indices.map((index) => train[index])),
    validation: (indices) => cut(indices.map((index) => validation[index])),
  }
}

function cutWindows(
  inputs: readonly Float64Array[],
  targets: readonly Float64Array[],
  starts: readonly number[],
  { length, horizon, targetKind, targetsPer }: DatasetOptions,
): Examples {
  const at = (columns: readonly Float64Array[], row: number) => columns.map((column) => column[row])
  const x = starts.flatMap((start) => Array.from({ length }, (_, step) => at(inputs, start + step)).flat())
  const firstTarget = targetsPer === 'step' ? 0 : length - 1
  const y = starts.flatMap((start) =>
    Array.from({ length: length - firstTarget }, (_, step) =>
      at(targets, start + firstTarget + step + horizon),
    ).flat(),
  )
  const shape = [
    starts.length,
    ...(targetsPer === 'step' ? [length] : []),
    ...(targetKind === 'value' ? [targets.length] : []),
  ]
  return {
    inputs: tensor('float64', [starts.length, length, inputs.length], Float64Array.from(x)),
    targets: tensor('float64', shape, Float64Array.from(y)),
  }
}

function checkClasses(columns: readonly Float64Array[], names: readonly string[]): void {
  if (columns.length !== 1)
    throw new ExpectedError('one target column for classes', `${columns.length}: ${names.join(', ')}`)
  const row = columns[0].findIndex((value) => !Number.isInteger(value) || value < 0)
  if (row >= 0)
    throw new ExpectedError(
      `classes 0, 1, 2, … in column ${names[0]}`,
      `${columns[0][row]} in reading ${row + 1}`,
    )
}

/** Of the forecast that nothing changes; undefined where target and input are not the same quantity. */
function naiveError(
  input: Columns,
  target: Columns,
  starts: readonly number[],
  { length, horizon, targetKind, targetsPer }: DatasetOptions,
): number | undefined {
  const known = target.names.every((name) => input.names.includes(name))
  if (!known || targetKind === 'class' || starts.length === 0) return undefined
  let sum = 0
  let count = 0
  for (const start of starts) {
    for (let row = targetsPer === 'step' ? start : start + length - 1; row < start + length; row++) {
      for (const column of target.columns) {
        sum += (column[row + horizon] - column[row]) ** 2
        count++
      }
    }
  }
  return Math.sqrt(sum / count)
}
