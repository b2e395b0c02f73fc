/** How the batch of a program is cut: by its sizes alone, so that its result does not depend on the machine. */
import { type ProgramPlan, workOf } from './plan'

/** Multiply-adds forward from which cutting pays: some ten milliseconds of a training step. */
const worthCutting = 4e7
/** Sequences from which on there are so many shards: with fewer rows a product comes to wait for its weights. */
const twoFrom = 16
const fourFrom = 128

/** Sequences in each shard. */
export function shardsOf(plan: Omit<ProgramPlan, 'shards'>): number[] {
  const { batch } = plan
  const isLarge = workOf({ ...plan, shards: [batch] }) >= worthCutting
  const count = !isLarge || batch < twoFrom ? 1 : batch < fourFrom ? 2 : 4
  const groups = Math.ceil(batch / 4)
  const edge = (index: number) => Math.min(batch, 4 * Math.round((groups * index) / count))
  return Array.from({ length: count }, (_, index) => edge(index + 1) - edge(index))
}
