/** The readout V h + c in ONNX, what follows it, and the way back to the units of the data. */
import type { CellForm } from '../../../rnn-cell/form'
import type { Tensor } from '../../../tensor/tensor'
import type { LinearScale } from '../../scale'
import { transposed } from '../transposed'
import type { Attributes, GraphBuilder } from './graph-builder'
import { scaleConstants } from './scale-nodes'

/** One operator on what comes from the one before it, and constants. */
interface Step {
  readonly operator: string
  readonly constants: readonly string[]
  readonly attributes?: Attributes
}

/**
 * Puts the constants of the readout into the graph.
 *
 * @returns what adds its nodes, of which there is at least one, from a value to an output by name
 */
export function addReadout(
  graph: GraphBuilder,
  { readout }: CellForm,
  { V, c }: Readonly<Record<string, Tensor>>,
  scale: LinearScale | undefined,
): (from: string, to: string) => void {
  const steps: Step[] = []
  if (readout !== 'none') {
    steps.push({ operator: 'MatMul', constants: [graph.numbers('readout_V', transposed(V))] })
    steps.push({ operator: 'Add', constants: [graph.numbers('readout_c', c)] })
  }
  if (readout === 'sigmoid') steps.push({ operator: 'Sigmoid', constants: [] })
  if (readout === 'softmax') steps.push({ operator: 'Softmax', constants: [], attributes: { axis: -1 } })
  if (scale) {
    const { mean, std } = scaleConstants(graph, 'output', scale)
    steps.push({ operator: 'Mul', constants: [std] }, { operator: 'Add', constants: [mean] })
  }
  if (steps.length === 0) steps.push({ operator: 'Identity', constants: [] })
  return (from, to) => {
    steps.reduce((before, { operator, constants, attributes }, index) => {
      const name = index === steps.length - 1 ? to : `${to}_step${index + 1}`
      return graph.node(operator, [before, ...constants], [name], attributes)
    }, from)
  }
}
