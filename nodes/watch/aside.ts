/** Traces are computed on one worker thread of their own, which ends when nobody has asked for a while. */
import { extname, join } from 'node:path'
import { workerCount, workerPool } from '../../src'
import { type TimedTrace, type TraceJob, timedTrace } from './trace'

const pool = workerPool<TraceJob, TimedTrace>({
  filename: join(__dirname, `trace-worker${extname(__filename)}`),
  run: timedTrace,
  size: () => Math.min(1, workerCount()),
  maxWaiting: 16,
  idleTimeout: 10_000,
  repeats: true,
})

export const traceAside = async (job: TraceJob): Promise<TimedTrace> => (await pool.run([job]))[0]

export const closeAside = (): Promise<void> => pool.close()
