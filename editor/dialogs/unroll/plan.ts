/** The steps that are drawn of a topology: which take something in, which are read, which are fed what was said before. */
import { isFed, planOf, type Topology, takesOnce, topologyNames } from '../../../src/unroll/topology'
import type { Get } from '../common/values'

export interface DrawnStep {
  /** t, from 1 */
  readonly step: number
  readonly hasInput: boolean
  readonly hasOutput: boolean
  /** takes in the answer of the step before */
  readonly isFedBack: boolean
}

export const topologyOf = (get: Get): Topology => {
  const topology = get('topology') as Topology
  return topologyNames.includes(topology) ? topology : 'many-to-one'
}

export function drawnSteps(get: Get): DrawnStep[] {
  const topology = topologyOf(get)
  const plan = planOf(topology, takesOnce(topology) ? 1 : 3, takesOnce(topology) ? 3 : 2)
  const feeds = isFed(topology) && ['output', 'one-hot'].includes(String(get('feed')))
  return Array.from({ length: plan.steps }, (_, index) => {
    const step = index + 1
    const hasInput = step <= plan.inputSteps
    return {
      step,
      hasInput,
      hasOutput: plan.readouts.includes(step),
      isFedBack: feeds && !hasInput && plan.readouts.includes(step - 1),
    }
  })
}
