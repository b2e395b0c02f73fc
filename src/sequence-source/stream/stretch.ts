/** Steps without a break between them, as a network is to see them, and the truth that they are. */
import type { Scale } from '../scaling'
import type { Fields } from './reading'
import type { Values } from './step'
import type { NumberedStep } from './topic'

export interface Stretch {
  /** nothing of before is to be remembered: the first of its topic, or the first after a gap that was too long */
  readonly begins: boolean
  /** x [n][D], scaled; steps that are masked are left out */
  readonly inputs: readonly (readonly number[])[]
  /** n numbers of steps, of the topic from 1; the one at step s is the truth of what was predicted after step
   *  s - horizon */
  readonly steps: readonly number[]
  /** [n], ms since 1970 */
  readonly times: readonly number[]
  /** [n][O] in the units of the data; null for a step that was filled in */
  readonly truths: readonly (readonly number[] | null)[]
  /** that the inputs are scaled with; missing if they are not */
  readonly scale?: Scale
}

export function stretchesOf(
  steps: readonly NumberedStep[],
  scale: Scale | undefined,
  { inputs, targets }: Fields,
): Stretch[] {
  const scaled = (values: Values) =>
    inputs.map((place, feature) =>
      scale ? (values[place] - scale.input.mean[feature]) / scale.input.std[feature] : values[place],
    )
  const groups: NumberedStep[][] = []
  for (const step of steps) {
    if (step.kind === 'masked') continue
    if (step.begins || groups.length === 0) groups.push([])
    groups[groups.length - 1].push(step)
  }
  return groups.map((group) => ({
    begins: group[0].begins,
    inputs: group.map(({ values }) => scaled(values)),
    steps: group.map(({ number }) => number),
    times: group.map(({ time }) => time),
    truths: group.map(({ values, kind }) =>
      kind === 'observed' ? targets.map((place) => values[place]) : null,
    ),
    ...(scale && { scale }),
  }))
}
