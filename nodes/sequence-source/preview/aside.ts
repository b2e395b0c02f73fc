/** Sequences to look at are made on one worker thread of their own, which ends when nobody has asked for a while. */
import { extname, join } from 'node:path'
import { workerCount, workerPool } from '../../../src'
import { firstSequence, type SequenceJob } from './first-sequence'
import type { SourcePreview } from './wire'

const pool = workerPool<SequenceJob, SourcePreview>({
  filename: join(__dirname, `preview-worker${extname(__filename)}`),
  run: firstSequence,
  size: () => Math.min(1, workerCount()),
  maxWaiting: 16,
  idleTimeout: 10_000,
  repeats: true,
})

export const firstSequenceAside = async (job: SequenceJob): Promise<SourcePreview> =>
  (await pool.run([job]))[0]

export const closePreviews = (): Promise<void> => pool.close()
