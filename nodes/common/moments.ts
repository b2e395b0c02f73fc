/** An optimizer's moments ⇄ the file that a keeper keeps: one tensor a moment, named parameter.moment. */
import { type OptimizerRule, type OptimizerState, type SafetensorsFile, type Tensor, tensor } from '../../src'

export function momentsToFile({ rule, step, moments }: OptimizerState): SafetensorsFile {
  const tensors = new Map<string, Tensor>()
  for (const [parameter, named] of Object.entries(moments))
    for (const [moment, data] of Object.entries(named))
      tensors.set(
        `${parameter}.${moment}`,
        tensor(data instanceof Float32Array ? 'float32' : 'float64', [data.length], data),
      )
  return { tensors, metadata: { rule, step: String(step) } }
}

/** Undefined if there is nothing, or it belongs to another rule. */
export function momentsFromFile(
  file: SafetensorsFile | undefined,
  rule: OptimizerRule,
): OptimizerState | undefined {
  if (file?.metadata.rule !== rule) return undefined
  const moments: Record<string, Record<string, Tensor['data']>> = {}
  for (const [name, { data }] of file.tensors) {
    const [parameter, moment] = name.split('.')
    moments[parameter] = { ...moments[parameter], [moment]: data }
  }
  return { rule, step: Number(file.metadata.step), moments }
}
