/** What the worker thread of `aside` loads. */
import { takeLimits } from '../../../src'
import { firstSequence, type SequenceJob } from './first-sequence'
import type { SourcePreview } from './wire'

/** A thread has limits of its own. */
export function run(job: SequenceJob): SourcePreview {
  takeLimits(job.limits)
  return firstSequence(job)
}
