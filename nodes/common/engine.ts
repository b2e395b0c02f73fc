/** What all nodes together hold of the engine: worker threads, and memory for its programs. */
import type { NodeAPI } from 'node-red'
import { closePool, configurePool, releasePrograms } from '../../src'

let users = 0

/** A node begins. @throws ExpectedError if `rnnWorkers` of Node-RED's settings file, or RNN_WORKERS, is no number of threads */
export function useEngine({ settings }: NodeAPI): void {
  users += 1
  const { rnnWorkers } = settings as { rnnWorkers?: number }
  configurePool({ workers: rnnWorkers }, "rnnWorkers in Node-RED's settings file")
}

/** A node has ended; with the last one threads end and memory is given back. */
export async function leaveEngine(): Promise<void> {
  users -= 1
  if (users > 0) return
  releasePrograms()
  await closePool()
}
