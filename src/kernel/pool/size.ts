/** How many worker threads there may be: the RNN_WORKERS environment variable, a setting, or what the machine has. */
import { availableParallelism } from 'node:os'
import { numberIn } from '../../expected'

export interface PoolSettings {
  /** threads at most; 0 for none, undefined for the default */
  readonly workers?: number
}

/** More threads than this gain nothing: a batch is never cut into more shards. */
const mostByDefault = 4
const most = 64

let setting: number | undefined

/** The environment variable goes before the setting. */
export function configureWorkers({ workers }: PoolSettings): void {
  setting =
    workers === undefined ? undefined : numberIn('workers', workers, { min: 0, max: most, integer: true })
}

/** Threads at most; 0 if all work stays on this thread. */
export function workerCount(cores = availableParallelism()): number {
  const variable = process.env.RNN_WORKERS
  if (variable !== undefined && variable.trim() !== '')
    return numberIn('RNN_WORKERS', Number(variable), { min: 0, max: most, integer: true })
  return setting ?? Math.min(mostByDefault, cores)
}
