/** A task over a series that is computed once, from an equation and a random start. */
import { oneOf } from '../expected'
import { checkSize } from '../limits'
import type { Random } from '../random/random'
import { epochOf } from './generated'
import type { SourceOptions } from './options'
import { randomApart } from './random-apart'
import { seriesTask } from './series'
import type { Task } from './task'
import { rowsFor, windowOptions, windows } from './windows'

export interface Simulation {
  /** of the quantities */
  readonly names: string[]
  /** one column a quantity, `count` samples each */
  readonly run: (random: Random, count: number) => Float64Array[]
}

/**
 * Windows over the series, with all quantities as inputs and as targets. The first `epochSize` are learned from;
 * behind them, as many as the validation split says are held out.
 *
 * @throws ExpectedError for an option out of its range, or options that need too long a series
 */
export function simulatedTask({ names, run }: Simulation, options: SourceOptions, seed: number): Task {
  const { trainCount, validationCount } = epochOf(options)
  const of = windowOptions(options)
  const scaling = oneOf('scaling', options.scaling ?? 'z-score', ['z-score', 'none'])
  const { count, trainEnd } = rowsFor(trainCount, validationCount, of)
  checkSize('maxReadings', count, 'samples for this epochSize, length and stride')
  checkSize('maxElements', count * names.length, 'numbers in all samples')
  const series = { names, columns: run(randomApart(seed), count) }
  return seriesTask({
    ...windows(count, trainEnd, of),
    inputs: series,
    targets: series,
    targetsPer: of.targetsPer,
    horizon: of.horizon,
    scaling,
    variableLength: false,
  })
}
