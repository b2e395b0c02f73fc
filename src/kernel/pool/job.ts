/** A share of a program's work, as a worker thread is told of it: everything heavy lies in the shared memory. */
import { lru } from 'tiny-lru'
import { bestKernel } from '../best-kernel'
import type { ProgramPlan } from '../program/plan'
import { type Program, program, type TermsKind } from '../program/program'

export interface Job {
  /** of the plan in its memory: no other has had it in this process */
  readonly id: number
  readonly memory: WebAssembly.Memory
  readonly plan: ProgramPlan
  /** the shard of the batch, or the share of the gradient */
  readonly shard: number
  readonly action: 'forward' | 'backward' | 'gradients'
  readonly terms: TermsKind
}

/**
 * By id. To make one again for each job takes as long as the message to the thread; more than those of a few flows would
 * keep memories that nobody uses.
 */
const programs = lru<Program>(4)

/** @returns false if the numbers left their range on the way back */
export function runJob({ id, memory, plan, shard, action, terms }: Job): boolean {
  const own = programs.get(id) ?? program(plan, memory, bestKernel(memory, plan.dtype))
  programs.set(id, own)
  if (action === 'backward') return own.backward(shard, terms)
  if (action === 'forward') own.forward(shard)
  else own.gradients(shard, terms)
  return true
}
