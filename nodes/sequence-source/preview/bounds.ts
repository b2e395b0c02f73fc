/**
 * Options of a source that is looked at in passing, and whose first sequence is all that is wanted: it is to take no time.
 */
import { ExpectedError, type SourceOptions, taskOptions } from '../../../src'

/** T of a sequence that is made up, and numbers that are drawn or computed for it. */
const mostSteps = 10_000
const mostNumbers = 1_000_000

/** Readings of a series that is computed. */
const mostReadings = 20_000

/**
 * The options with an epoch that is no longer than it has to be. The first sequence stays the same one; but of a computed
 * series that is longer than this, one of its beginning is taken.
 *
 * @throws ExpectedError if the sequence itself is too long
 */
export function within(options: SourceOptions): SourceOptions {
  const { steps: _, epochs: __, ...rest } = options
  const uses = taskOptions[options.task]
  if (!uses.includes('epochSize')) return rest
  const { length = 20, symbols = 1, components = 1, horizon = 1, stride = 1, epochSize = 3200 } = options
  if (length > mostSteps) throw new ExpectedError(`at most ${mostSteps} steps for a preview`, `${length}`)
  if (length * symbols * components > mostNumbers || length + horizon > mostReadings)
    throw new ExpectedError('a smaller sequence for a preview', 'one of too many numbers')
  if (!uses.includes('stride')) return { ...rest, epochSize: 1, validationSplit: 0 }
  const most = 1 + Math.floor((mostReadings - length - horizon) / stride)
  return { ...rest, epochSize: Math.min(epochSize, most), validationSplit: 0 }
}
