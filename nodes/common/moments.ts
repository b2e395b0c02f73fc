/**
 * An optimizer's state ⇄ the file that a keeper keeps: a tensor for each moment, named parameter.moment, and one for each
 * parameter of the gradients that wait for the next update; plain numbers in the metadata.
 */
import { type OptimizerRule, type OptimizerState, type SafetensorsFile, type Tensor, tensor } from '../../src'

const waiting = 'accumulated/'

export function momentsToFile({
  rule,
  step,
  moments,
  accumulated,
  scheduleState,
}: OptimizerState): SafetensorsFile {
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

/** Undefined if there is nothing, or it belongs to another rule. */
export function momentsFromFile(
  file: SafetensorsFile | undefined,
  rule: OptimizerRule,
): OptimizerState | undefined {
  if (file?.metadata.rule !== rule) return undefined
  const { step, accumulated, scheduleState } = file.metadata
  const moments: Record<string, Record<string, Tensor['data']>> = {}
  const mean: Record<string, Tensor['data']> = {}
  for (const [name, { data }] of file.tensors) {
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
