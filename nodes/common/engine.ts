/** What all nodes together hold of the engine: its limits, worker threads, and memory for its programs. */
import type { NodeAPI } from 'node-red'
import {
  closePool,
  configureLimits,
  configurePool,
  type LimitName,
  limitNames,
  releasePrograms,
} from '../../src'

let users = 0

const inSettings = "in Node-RED's settings file"

/** A node begins. @throws ExpectedError if a setting, or RNN_WORKERS, is no number as it should be */
export function useEngine(RED: NodeAPI): void {
  users += 1
  const { rnnWorkers } = RED.settings as { rnnWorkers?: number }
  configurePool({ workers: rnnWorkers }, `rnnWorkers ${inSettings}`)
  useLimits(RED)
}

/** The limits that Node-RED's settings file sets: `maxSteps` is `rnnMaxSteps` there. @throws ExpectedError for a bad one */
export function useLimits({ settings }: NodeAPI): void {
  const given = settings as unknown as Partial<Record<string, number>>
  const entries = limitNames.map((limit) => [limit, given[settingOf(limit)]])
  configureLimits(Object.fromEntries(entries), (limit) => `${settingOf(limit)} ${inSettings}`)
}

const settingOf = (limit: LimitName): string => `rnn${limit.slice(0, 1).toUpperCase()}${limit.slice(1)}`

/** A node has ended; with the last one threads end, memory is given back, and limits are the usual ones. */
export async function leaveEngine(): Promise<void> {
  users -= 1
  if (users > 0) return
  releasePrograms()
  configureLimits()
  await closePool()
}
