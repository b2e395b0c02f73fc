/**
 * An optimizer's state ⇄ the file that a keeper keeps: a tensor for each moment, named parameter.moment, and one for each
 * parameter of the gradients that wait for the next update; plain numbers in the metadata. At the end also the state
 * before the latest batch, under `before/`: that batch may come again.
 */
import { type OptimizerRule, type OptimizerState, type SafetensorsFile, type Tensor, tensor } from '../../src'
import type { Round } from '../common/once'

const waiting = 'accumulated/'
const earlier = 'before/'

export interface KeptMoments {
  readonly state: OptimizerState
  readonly last?: Round<OptimizerState>
  /** the validation pass that the schedule has been told of */
  readonly validated?: string
}

export function momentsToFile({ state, last, validated }: KeptMoments): SafetensorsFile {
  const own = stateToFile(state)
  const before = last && stateToFile(last.before)
  const prefixed = [...(before?.tensors ?? [])].map(([name, data]) => [earlier + name, data] as const)
  return {
    tensors: new Map([...own.tensors, ...prefixed]),
    metadata: {
      ...own.metadata,
      ...(last && { last: last.work, before: JSON.stringify(before?.metadata) }),
      ...(validated !== undefined && { validated }),
    },
  }
}

function stateToFile({ rule, step, moments, accumulated, scheduleState }: OptimizerState): SafetensorsFile {
  const tensors = new Map<string, Tensor>()
  for (const [parameter, named] of Object.entries(moments))
    for (const [moment, data] of Object.entries(named)) tensors.set(`${parameter}.${moment}`, flat(data))
  for (const [parameter, data] of Object.entries(accumulated?.mean ?? {}))
    tensors.set(`${waiting}${parameter}`, flat(data))
  return {
    tensors,
    metadata: {
      rule,
      step: String(step),
      ...(accumulated && { accumulated: String(accumulated.count) }),
      ...(scheduleState && { scheduleState: JSON.stringify(scheduleState) }),
    },
  }
}

const flat = (data: Tensor['data']): Tensor =>
  tensor(data instanceof Float32Array ? 'float32' : 'float64', [data.length], data)

/** Undefined if it belongs to another rule. */
export function momentsFromFile(file: SafetensorsFile, rule: OptimizerRule): KeptMoments | undefined {
  if (file.metadata.rule !== rule) return undefined
  const { last, before, validated } = file.metadata
  const all = [...file.tensors]
  const isEarlier = ([name]: readonly [string, Tensor]) => name.startsWith(earlier)
  const own = all.filter((entry) => !isEarlier(entry))
  const older = all.filter(isEarlier).map(([name, data]) => [name.slice(earlier.length), data] as const)
  return {
    state: stateFromFile(own, file.metadata, rule),
    ...(last && { last: { work: last, before: stateFromFile(older, JSON.parse(before), rule) } }),
    ...(validated !== undefined && { validated }),
  }
}

function stateFromFile(
  tensors: readonly (readonly [string, Tensor])[],
  { step, accumulated, scheduleState }: Readonly<Record<string, string>>,
  rule: OptimizerRule,
): OptimizerState {
  const moments: Record<string, Record<string, Tensor['data']>> = {}
  const mean: Record<string, Tensor['data']> = {}
  for (const [name, { data }] of tensors) {
    if (name.startsWith(waiting)) mean[name.slice(waiting.length)] = data
    else {
      const [parameter, moment] = name.split('.')
      moments[parameter] = { ...moments[parameter], [moment]: data }
    }
  }
  return {
    rule,
    step: Number(step),
    moments,
    ...(accumulated && { accumulated: { count: Number(accumulated), mean } }),
    ...(scheduleState && { scheduleState: JSON.parse(scheduleState) }),
  }
}
