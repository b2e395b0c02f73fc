/** The fields of each task, and what the runtime takes for a blank number. */
import { type SourceOptions, type TaskName, taskOptions } from '../../../src/sequence-source/options'
import { type Get, isBlank } from '../common/values'
import { appliesToStream, isStream, streamFields, usualOfStream } from './stream'

/** A stream is none of the tasks, and has none of their options. */
export const taskOf = (get: Get): TaskName => (get('task') || 'dataset') as TaskName

export const has = (get: Get, option: keyof SourceOptions): boolean =>
  (taskOptions[taskOf(get)] ?? []).includes(option)

/** typed, file or payload: where the data come from. */
export const placeOf = (get: Get): string => String(get('from') || (has(get, 'text') ? 'typed' : 'file'))

const hasGroups = (get: Get): boolean => has(get, 'groupColumn') && !isBlank(get('groupColumn'))

const ofEvery = ['batch', 'seed', 'validationSplit', 'budget']

/** Fields that take more than a task with the option of their name. */
const conditions: Readonly<Record<string, (get: Get) => boolean>> = {
  from: (get) => has(get, 'data'),
  file: (get) => has(get, 'data') && placeOf(get) === 'file',
  text: (get) => has(get, 'text') && placeOf(get) === 'typed',
  length: (get) => has(get, 'length') && !hasGroups(get),
  stride: (get) => has(get, 'stride') && !hasGroups(get),
}

export const applies = (get: Get, field: string): boolean =>
  isStream(get)
    ? appliesToStream(get, field)
    : ofEvery.includes(field) || (conditions[field]?.(get) ?? has(get, field as keyof SourceOptions))

/** Fields that not every task has. */
export const ownFields: readonly string[] = [
  ...new Set([...Object.values(taskOptions).flat(), ...Object.keys(conditions), ...ofEvery, ...streamFields]),
].filter((field) => field !== 'data')

const usualNumbers = {
  length: 20,
  horizon: 1,
  stride: 1,
  symbols: 2,
  remember: 10,
  delay: 5,
  components: 3,
  tau: 17,
  noise: 0.1,
  epochSize: 3200,
  batch: 32,
  validationSplit: 0.2,
  seed: 1,
  longestGap: 5,
  topics: 1000,
  replay: 1000,
  rate: 10,
}
export type NumberField = keyof typeof usualNumbers
export const numberFields = Object.keys(usualNumbers) as NumberField[]

const usualOfTask: Partial<Record<TaskName, Partial<typeof usualNumbers>>> = {
  'embedded-reber': { length: 50 },
  reverse: { length: 8, symbols: 10 },
}

/** What the runtime takes for a blank field. */
export function usual(get: Get, field: NumberField): number {
  if (isStream(get)) return usualOfStream(get, field) ?? usualNumbers[field]
  if (field === 'stride' && has(get, 'text')) return numberOf(get, 'length')
  if (field === 'horizon' && hasGroups(get) && !isBlank(get('targetColumns'))) return 0
  return usualOfTask[taskOf(get)]?.[field] ?? usualNumbers[field]
}

export const numberOf = (get: Get, field: NumberField): number =>
  isBlank(get(field)) ? usual(get, field) : Number(get(field))

/** T, for the label of the node; undefined where it comes from the data or the environment. */
export function stepsOf(get: Get): string | undefined {
  const steps = numberOf(get, 'length') + (has(get, 'remember') ? 2 * numberOf(get, 'remember') : 0)
  if (hasGroups(get) || !Number.isFinite(steps)) return undefined
  return `T${taskOf(get) === 'embedded-reber' ? '≤' : '='}${steps}`
}
