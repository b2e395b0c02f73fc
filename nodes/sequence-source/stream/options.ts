/** The dialog of sequence-source, for readings as they come, as options of the library. */
import { numberIn, type StreamOptions } from '../../../src'
import { listField, numberField } from '../../common/fields'
import type { SequenceSourceConfig } from '../options'

type NumberField = 'interval' | 'longestGap' | 'scaleSteps' | 'topics' | 'replay' | 'rate'
type WordField = 'time' | 'timeField' | 'resample' | 'late' | 'duplicates' | 'gaps' | 'streamScaling'

export interface StreamConfig
  extends SequenceSourceConfig,
    Partial<Record<NumberField | WordField | 'center' | 'spread', string>> {}

const usualRate = 10
const secondsToMs = 1000

const word = <T>(value: string | undefined): T | undefined => (value?.trim() || undefined) as T | undefined

/** Only the fields that count are read: what a hidden one holds does not matter. */
export function readStreamOptions(config: StreamConfig): {
  options: StreamOptions
  /** batches a second, at most */
  rate: number
} {
  const number = (field: NumberField | 'length' | 'horizon' | 'stride' | 'batch' | 'seed') =>
    numberField(field, config[field])
  const interval = number('interval')
  const isFixed = config.streamScaling === 'fixed'
  const isMeasured = !isFixed && config.streamScaling !== 'none'
  const isStamped = config.time === 'field'
  const options: StreamOptions = {
    columns: listField(config.columns),
    targetColumns: listField(config.targetColumns),
    length: number('length'),
    horizon: number('horizon'),
    stride: number('stride'),
    targetsPer: word(config.targetsPer),
    time: word(config.time),
    ...(isStamped && {
      timeField: word(config.timeField),
      late: word(config.late),
      duplicates: word(config.duplicates),
    }),
    ...(interval !== undefined && { interval: interval * secondsToMs, resample: word(config.resample) }),
    gaps: word(config.gaps),
    ...(config.gaps !== 'error' && { longestGap: number('longestGap') }),
    scaling: word(config.streamScaling),
    ...(isFixed && {
      center: numbersField('center', config.center),
      spread: numbersField('spread', config.spread),
    }),
    ...(isMeasured && { scaleSteps: number('scaleSteps') }),
    topics: number('topics'),
    replay: number('replay'),
    batch: number('batch'),
    seed: number('seed'),
  }
  const rate = numberIn('rate', number('rate') ?? usualRate, { min: 0, above: true, max: 1000 })
  return { options, rate }
}

/** Numbers separated by commas; undefined if the field was left blank. */
function numbersField(name: string, value: unknown): number[] | undefined {
  const numbers = listField(value).map((entry) => numberField(name, entry) as number)
  return numbers.length > 0 ? numbers : undefined
}
