/** What a message says of its sequences is held together before a node believes it: it may have been made by hand. */
import { describe, ExpectedError, type LimitName, limitOf, rowWithin, wholeWithin } from '../../src'
import type { MessageSequence } from './message'
import { isMissing } from './missing'

type Fields = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const textFields = ['run', 'phase', 'targetKind'] as const
const numberFields = ['epoch', 'step', 'steps', 'inputSize', 'outputSize', 'part', 'parts', 'naive'] as const

/** @throws ExpectedError naming the first field that is of another kind */
export function checkSequence(sequence: unknown): asserts sequence is MessageSequence | undefined {
  if (!isObject(sequence)) return
  for (const name of textFields)
    if (sequence[name] !== undefined && typeof sequence[name] !== 'string')
      refuse(name, 'a text', sequence[name])
  for (const name of numberFields)
    if (!isMissing(sequence[name]) && typeof sequence[name] !== 'number')
      refuse(name, 'a number', sequence[name])
  const { scale, scales, stream } = sequence
  if (!isMissing(scale)) checkScale('msg.sequence.scale', scale)
  if (!isMissing(scales)) {
    if (!Array.isArray(scales)) refuse('scales', 'an array, a scale for each sequence', scales)
    for (const one of rowWithin('maxBatch', scales, 'scales')) checkScale('each of msg.sequence.scales', one)
  }
  if (!isMissing(stream)) checkStream(stream)
}

/**
 * @param name where it stands
 * @throws ExpectedError for what is no scale { input, target }, or has a number that cannot be one
 */
export function checkScale(name: string, scale: unknown): void {
  if (!isObject(scale)) throw new ExpectedError(`${name} to be { input, target }`, describe(scale))
  checkLinear(`${name}.input`, scale.input)
  if (!isMissing(scale.target)) checkLinear(`${name}.target`, scale.target)
}

function checkLinear(name: string, linear: unknown): void {
  const { mean, std } = isObject(linear) ? linear : {}
  const isScale =
    areNumbers(mean, 'maxFeatures') &&
    areNumbers(std, 'maxFeatures') &&
    mean.length === std.length &&
    std.every((one) => one > 0)
  if (!isScale)
    throw new ExpectedError(
      `${name} to be { mean, std }: a number for each feature, each std above 0`,
      describe(linear),
    )
}

function checkStream(stream: unknown): void {
  const { steps, times, truths, horizon } = isObject(stream) ? stream : {}
  for (const [name, row] of Object.entries({ steps, times, truths }))
    if (Array.isArray(row)) rowWithin('maxSteps', row, `entries in msg.sequence.stream.${name}`)
  const isStream =
    areNumbers(steps, 'maxSteps') &&
    areNumbers(times, 'maxSteps') &&
    times.length === steps.length &&
    Array.isArray(truths) &&
    truths.length === steps.length &&
    truths.every((truth) => truth === null || areNumbers(truth, 'maxFeatures')) &&
    typeof horizon === 'number'
  if (!isStream)
    refuse('stream', '{ begins, steps, times, truths, horizon }, as sequence-source sends it', stream)
  wholeWithin('msg.sequence.stream.horizon', horizon as number, 0, 'maxSteps')
}

/** Nothing is looked at of what only says that it is long. */
const areNumbers = (value: unknown, limit: LimitName): value is readonly number[] =>
  Array.isArray(value) && value.length <= limitOf(limit) && Array.from(value).every(Number.isFinite)

function refuse(name: string, kind: string, value: unknown): never {
  throw new ExpectedError(`msg.sequence.${name} to be ${kind}`, describe(value))
}
