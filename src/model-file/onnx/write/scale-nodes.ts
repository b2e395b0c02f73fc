/** Scaling as nodes of a graph: (x - mean) / std on the way in. */
import { ExpectedError } from '../../../expected'
import { tensor } from '../../../tensor/tensor'
import type { LinearScale } from '../../scale'
import type { GraphBuilder } from './graph-builder'

/** @returns the name of the scaled value */
export function scaleInput(graph: GraphBuilder, input: string, scale: LinearScale): string {
  const { mean, std } = scaleConstants(graph, 'input', scale)
  const centred = graph.node('Sub', [input, mean], [`${input}_centred`])
  return graph.node('Div', [centred, std], [`${input}_scaled`])
}

/** @throws ExpectedError if float32 has no such numbers */
export function scaleConstants(
  graph: GraphBuilder,
  prefix: string,
  { mean, std }: LinearScale,
): { mean: string; std: string } {
  const put = (name: string, values: readonly number[], isGood: (value: number) => boolean) => {
    const data = Float32Array.from(values)
    if (!data.every(isGood))
      throw new ExpectedError(
        'a scale within float32, which is what ONNX Runtime computes in',
        `another ${name}`,
      )
    return graph.numbers(`${prefix}_${name}`, tensor('float32', [data.length], data))
  }
  return {
    mean: put('mean', mean, Number.isFinite),
    std: put('std', std, (value) => Number.isFinite(value) && value > 0),
  }
}
