/** Which values fit the fields of sequence-source. */
import { usualLimits } from '../../../src/limits'
import type { TaskName } from '../../../src/sequence-source/options'
import type { Check } from '../common/checker'
import { shown } from '../common/fields'
import { entriesOf, type Get, isBlank, isWhole, isWithin } from '../common/values'
import { wordsOf } from '../common/words'
import { fitsStream, isStream } from './stream'
import { applies, type NumberField, numberOf, taskOf } from './tasks'

interface Limits {
  readonly min?: number
  readonly max?: number
  /** false: any number */
  readonly whole?: boolean
}

/** Steps that a task needs, if more than one. */
const shortest: Partial<Record<TaskName, number>> = {
  sine: 2,
  adding: 2,
  'delayed-echo': 2,
  'embedded-reber': 8,
  'sine-mixture': 2,
  waveform: 2,
}

const isTask = (get: Get, task: TaskName) => taskOf(get) === task

type Limited = Exclude<NumberField, 'longestGap' | 'topics' | 'replay' | 'rate'> | 'budget'

const limits: Readonly<Record<Limited, (get: Get) => Limits>> = {
  length: (get) => ({
    min: isTask(get, 'temporal-order') ? numberOf(get, 'symbols') : (shortest[taskOf(get)] ?? 1),
    max: usualLimits.maxSteps,
  }),
  horizon: (get) => ({ min: 0, max: isTask(get, 'sine-mixture') ? 10_000 : 10_000_000 }),
  stride: () => ({ min: 1, max: 10_000_000 }),
  symbols: (get) => ({ min: 2, max: isTask(get, 'temporal-order') ? 4 : 1000 }),
  remember: () => ({ min: 1, max: 1000 }),
  delay: (get) => ({ min: 1, max: numberOf(get, 'length') - 1 }),
  components: () => ({ min: 1, max: 100 }),
  tau: () => ({ min: 1, max: 1000 }),
  noise: () => ({ min: 0, whole: false }),
  epochSize: () => ({ min: 1, max: 10_000_000 }),
  batch: () => ({ min: 1, max: usualLimits.maxBatch }),
  validationSplit: () => ({ min: 0, max: 0.9, whole: false }),
  seed: () => ({}),
  budget: () => ({ min: 1 }),
}

const say = wordsOf('sequence-source')

/** Tasks whose length is something of its own. */
const ownLength: readonly TaskName[] = ['copy-memory', 'embedded-reber']

/** What the length of a task is called. */
export const lengthLabel = (get: Get): string =>
  say(ownLength.includes(taskOf(get)) ? `lengthLabel.${taskOf(get)}` : 'label.length')

export const check: Check = (node, field, value) => {
  const get = shown(node)
  if (!applies(get, field)) return true
  if (isStream(get)) return checkOfStream(get, field, value)
  if (field === 'file') return !isBlank(value) || say('error.file')
  if (field === 'text') return (value ?? '') !== '' || say('error.text')
  if (field === 'targetColumns') {
    const isClass = get('targetKind') === 'class'
    return !isClass || entriesOf(value).length <= 1 || say('error.targetColumns')
  }
  return field in limits ? checkNumber(get, field as Limited, value) : true
}

function checkOfStream(get: Get, field: string, value: unknown): true | string {
  const { fits = true, min, max } = fitsStream(get, field, value) ?? {}
  return fits || say(`error.${field}`, { min, max, label: say('label.length') })
}

function checkNumber(get: Get, field: Limited, value: unknown): true | string {
  const { min, max, whole = true } = limits[field](get)
  const fits = whole
    ? isWhole(value, min, max)
    : isWithin(min ?? Number.NEGATIVE_INFINITY, max ?? Number.POSITIVE_INFINITY, value)
  return fits || say(`error.${field}`, { min, max, label: field === 'length' ? lengthLabel(get) : undefined })
}
