/** Readings of one's own: windows over them in time order, or one sequence a group. */
import { ExpectedError, oneOf } from '../../expected'
import { targetsPerIn, validationSplitIn, wholeIn } from '../checks'
import { type ClassLabel, classesOf } from '../classes'
import { grouped } from '../groups'
import type { SourceOptions } from '../options'
import { randomApart } from '../random-apart'
import { type Columns, type ReadingsTable, readings } from '../readings'
import { type Series, seriesTask } from '../series'
import type { Task } from '../task'
import { windowOptions, windows } from '../windows'

/** Where in the columns the sequences lie, which may bring their rows into another order. */
type Cut = Omit<Series, 'inputs' | 'targets' | 'classCount' | 'scaling'> & {
  readonly rows?: readonly number[]
}

/**
 * Windows in time order, the last of which are held out; or with `groupColumn` one sequence for each of its
 * values, as long as it has rows, and groups held out that the seed picks (the last ones, if they are not to
 * be shuffled). The scale is fitted on the readings that are learned from.
 *
 * @throws ExpectedError for an option out of its range, data that cannot be read, or too little of it
 */
export function dataset(options: SourceOptions, seed: number): Task {
  const { data, columns = [], targetColumns = [], groupColumn } = options
  const targetKind = oneOf('targetKind', options.targetKind ?? 'value', ['value', 'class'])
  const scaling = oneOf('scaling', options.scaling ?? 'z-score', ['z-score', 'none'])
  if (data === undefined) throw new ExpectedError('data for the task dataset', 'none')
  const table = readings(data)
  const inputs = table.numbers(columns, groupColumn === undefined ? [] : [groupColumn, ...targetColumns])
  const targetNames = targetColumns.length > 0 ? targetColumns : inputs.names
  const { rows, ...cut } =
    groupColumn === undefined
      ? cutWindows(options, inputs.columns[0].length)
      : cutGroups(options, table.labels(groupColumn), seed)

  const { targets, classes } =
    targetKind === 'class' ? classTargets(table, targetNames) : { targets: table.numbers(targetNames) }
  const ordered = ({ names, columns }: Columns): Columns => ({
    names,
    columns: rows ? columns.map((column) => Float64Array.from(rows, (row) => column[row])) : columns,
  })
  const task = seriesTask({
    ...cut,
    inputs: ordered(inputs),
    targets: ordered(targets),
    ...(classes && { classCount: classes.length }),
    scaling,
  })
  return { ...task, ...(classes && { classes }) }
}

function cutWindows(options: SourceOptions, count: number): Cut {
  const of = windowOptions(options)
  const trainEnd = Math.round(count * (1 - validationSplitIn(options.validationSplit ?? 0.2)))
  return {
    ...windows(count, trainEnd, of),
    targetsPer: of.targetsPer,
    horizon: of.horizon,
    variableLength: false,
  }
}

function cutGroups(
  { targetColumns, horizon, targetsPer = 'sequence', validationSplit = 0.2, shuffle = true }: SourceOptions,
  labels: readonly ClassLabel[],
  seed: number,
): Cut {
  const ahead = wholeIn('horizon', horizon ?? (targetColumns?.length ? 0 : 1), 0)
  const order = shuffle ? (count: number) => randomApart(seed).permutation(count) : undefined
  return {
    ...grouped(labels, ahead, validationSplitIn(validationSplit), order),
    targetsPer: targetsPerIn(targetsPer),
    horizon: ahead,
    variableLength: true,
  }
}

function classTargets(
  table: ReadingsTable,
  names: readonly string[],
): { readonly targets: Columns; readonly classes: readonly ClassLabel[] } {
  if (names.length !== 1)
    throw new ExpectedError('one target column for classes', `${names.length}: ${names.join(', ')}`)
  const { classes, indices } = classesOf(table.labels(names[0]), names[0])
  return { targets: { names: [...names], columns: [indices] }, classes }
}
