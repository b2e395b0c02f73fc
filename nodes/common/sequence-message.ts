/** What a message says of its sequences is held together before a node believes it: it may have been made by hand. */
import { describe, ExpectedError, oneOf, rowWithin, wholeWithin } from '../../src'
import type { MessageSequence } from './message'
import { isMissing } from './missing'
import { checkScale } from './scale-message'
import { areNumbers, isCount, isObject } from './values'

const textFields = ['run', 'targetKind'] as const
const countFields = ['epoch', 'step', 'steps', 'inputSize', 'outputSize', 'part', 'parts'] as const
const phases = ['train', 'validate', 'predict'] as const

/** @throws ExpectedError naming the first field that is of another kind */
export function checkSequence(sequence: unknown): asserts sequence is MessageSequence | undefined {
  if (isMissing(sequence)) return
  if (!isObject(sequence)) throw new ExpectedError('msg.sequence to be an object', describe(sequence))
  for (const name of textFields)
    if (sequence[name] !== undefined && typeof sequence[name] !== 'string')
      refuse(name, 'a text', sequence[name])
  for (const name of countFields)
    if (!isMissing(sequence[name]) && !isCount(sequence[name]))
      refuse(name, 'a whole number from 0', sequence[name])
  if (!isMissing(sequence.naive) && typeof sequence.naive !== 'number')
    refuse('naive', 'a number', sequence.naive)
  if (!isMissing(sequence.phase)) oneOf('msg.sequence.phase', sequence.phase, phases)
  const { scale, scales, stream } = sequence
  if (!isMissing(scale)) checkScale('msg.sequence.scale', scale)
  if (!isMissing(scales)) {
    if (!Array.isArray(scales)) refuse('scales', 'an array, a scale for each sequence', scales)
    for (const one of rowWithin('maxBatch', scales, 'scales')) checkScale('each of msg.sequence.scales', one)
  }
  if (!isMissing(stream)) checkStream(stream)
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
    new Set(truths.map((truth) => truth?.length)).size <= (truths.includes(null) ? 2 : 1) &&
    typeof horizon === 'number'
  if (!isStream)
    refuse('stream', '{ begins, steps, times, truths, horizon }, as sequence-source sends it', stream)
  wholeWithin('msg.sequence.stream.horizon', horizon as number, 0, 'maxSteps')
}

function refuse(name: string, kind: string, value: unknown): never {
  throw new ExpectedError(`msg.sequence.${name} to be ${kind}`, describe(value))
}
