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

/**
 * The environment variable goes before the setting.
 *
 * @param name of the setting, for the error
 * @throws ExpectedError if one of the two is no number of threads
 */
export function configureWorkers({ workers }: PoolSettings, name = 'workers'): void {
  setting = workers === undefined ? undefined : threads(name, workers)
  workerCount()
}

/** Threads at most; 0 if all work stays on this thread. */
export function workerCount(cores = availableParallelism()): number {
  const variable = process.env.RNN_WORKERS?.trim()
  if (!variable) return setting ?? Math.min(mostByDefault, cores)
  const number = Number(variable)
  return threads('RNN_WORKERS', Number.isNaN(number) ? variable : number)
}

const threads = (name: string, value: unknown): number =>
  numberIn(name, value, { min: 0, max: most, integer: true })
