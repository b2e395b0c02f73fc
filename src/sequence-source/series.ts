/** A task over series that are there once and for all: spans of rows, and targets some rows after them. */
import { pooledFloats } from '../tensor/pooled'
import { type Tensor, tensor } from '../tensor/tensor'
import type { Columns } from './readings'
import { type LinearScale, type Scale, scaled, zScore } from './scaling'
import type { Examples, TargetsPer, Task } from './task'

/** The rows start … start + length - 1. */
export interface Span {
  readonly start: number
  readonly length: number
}

export interface Split {
  readonly train: readonly Span[]
  readonly validation: readonly Span[]
  /** rows before this one are learned from: the scale is fitted on them */
  readonly trainEnd: number
}

export interface Series extends Split {
  readonly inputs: Columns
  readonly targets: Columns
  /** the targets are classes 0 … classCount - 1, in one column; else they are values */
  readonly classCount?: number
  readonly targetsPer: TargetsPer
  /** the target lies this many rows after the last of the span (or after each) */
  readonly horizon: number
  readonly scaling: 'z-score' | 'none'
  /** spans differ in length */
  readonly variableLength: boolean
}

export function seriesTask(series: Series): Task {
  const { inputs, targets, classCount, targetsPer, train, validation, variableLength } = series
  const scale = series.scaling === 'none' ? undefined : fittedScale(series)
  const x = sideBySide(scale ? scaled(inputs.columns, scale.input) : inputs.columns)
  const y = sideBySide(scale?.target ? scaled(targets.columns, scale.target) : targets.columns)

  const cut = (spans: readonly Span[]): Examples => {
    const said = gather(
      y,
      spans.map((span) => targetSpan(span, series)),
    )
    const [batch, steps, size] = said.shape
    const shape = [
      batch,
      ...(targetsPer === 'step' ? [steps] : []),
      ...(classCount === undefined ? [size] : []),
    ]
    return {
      inputs: gather(x, spans),
      targets: { ...said, shape },
      ...(variableLength && { lengths: spans.map(({ length }) => length) }),
    }
  }
  return {
    length: [...train, ...validation].reduce((longest, { length }) => Math.max(longest, length), 0),
    ...(variableLength && { variableLength }),
    inputSize: x.size,
    outputSize: classCount ?? y.size,
    targetKind: classCount === undefined ? 'value' : 'class',
    targetsPer,
    trainCount: train.length,
    validationCount: validation.length,
    inputNames: inputs.names,
    targetNames: targets.names,
    scale,
    naive: naiveError(series),
    withinFloat32: isWithinFloat32(x) && isWithinFloat32(y),
    train: (indices) => cut(indices.map((index) => train[index])),
    validation: (indices) => cut(indices.map((index) => validation[index])),
  }
}

function fittedScale({ inputs, targets, classCount, trainEnd }: Series): Scale {
  const untilEnd = ({ columns }: Columns) => columns.map((column) => column.subarray(0, trainEnd))
  return {
    input: zScore(untilEnd(inputs)),
    ...(classCount === undefined && { target: yesOrNoAsItIs(targets, zScore(untilEnd(targets))) }),
  }
}

/** What is a yes or no, 1 or 0, stays what it is: the binary cross-entropy takes nothing else. */
function yesOrNoAsItIs({ columns }: Columns, { mean, std }: LinearScale): LinearScale {
  const isYesOrNo = columns.map((column) => column.every((value) => value === 0 || value === 1))
  return {
    mean: mean.map((value, index) => (isYesOrNo[index] ? 0 : value)),
    std: std.map((value, index) => (isYesOrNo[index] ? 1 : value)),
  }
}

/** The rows of a span's targets. */
function targetSpan({ start, length }: Span, { targetsPer, horizon }: Series): Span {
  return targetsPer === 'step'
    ? { start: start + horizon, length }
    : { start: start + length - 1 + horizon, length: 1 }
}

/** Numbers by rows, of `size` numbers each. */
interface Rows {
  readonly data: Float64Array
  readonly size: number
}

function sideBySide(columns: readonly Float64Array[]): Rows {
  const size = columns.length
  const data = new Float64Array(size * columns[0].length)
  columns.forEach((column, feature) => {
    for (let row = 0; row < column.length; row++) data[row * size + feature] = column[row]
  })
  return { data, size }
}

const isWithinFloat32 = ({ data }: Rows): boolean =>
  data.every((value) => Number.isFinite(Math.fround(value)))

/** [B, T, size]: the rows of each span, with zeros after them where another span is longer. */
function gather({ data, size }: Rows, spans: readonly Span[]): Tensor {
  const steps = Math.max(...spans.map(({ length }) => length))
  const gathered = pooledFloats('float64', spans.length * steps * size)
  spans.forEach(({ start, length }, sequence) => {
    gathered.set(data.subarray(start * size, (start + length) * size), sequence * steps * size)
  })
  return tensor('float64', [spans.length, steps, size], gathered)
}

/** Of the forecast that nothing changes; undefined where target and input are not the same quantity. */
function naiveError(series: Series): number | undefined {
  const { inputs, targets, classCount, validation, horizon } = series
  const known = targets.names.every((name) => inputs.names.includes(name))
  if (!known || classCount !== undefined || validation.length === 0) return undefined
  let sum = 0
  let count = 0
  for (const span of validation) {
    const { start, length } = targetSpan(span, series)
    for (let row = start; row < start + length; row++)
      for (const column of targets.columns) {
        sum += (column[row] - column[row - horizon]) ** 2
        count++
      }
  }
  return Math.sqrt(sum / count)
}
