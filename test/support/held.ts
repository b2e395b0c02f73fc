/** What a Node-RED with the settings `settingsWithMemory` holds after its rubbish was collected, and whether it grows. */
import { resolve } from 'node:path'
import { root } from '../../scripts/assets'
import type { NodeRed } from './node-red'

export const settingsWithMemory = resolve(root, 'test/support/settings-with-memory.cjs')

export interface Held {
  readonly heapUsed: number
  readonly rss: number
  readonly external: number
  readonly arrayBuffers: number
  /** worker threads */
  readonly threads: number
  /** timers that keep the process alive */
  readonly timers: number
  /** of the admin API */
  readonly routes: number
  /** of Node-RED's events */
  readonly listeners: number
}

export const heldBy = async ({ url }: NodeRed): Promise<Held> =>
  (await (await fetch(`${url}/held`)).json()) as Held

const megabytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MB`

export const inWords = ({ heapUsed, rss, external, threads, timers, listeners, routes }: Held): string =>
  `heap ${megabytes(heapUsed)}, outside it ${megabytes(external)}, RSS ${megabytes(rss)}; ${threads} threads, ${timers} timers, ${listeners} listeners, ${routes} routes`

export const mostGrowth = 0.05

export interface Growth {
  readonly heap: number
  readonly rss: number
}

/** By how much the second lot holds more than the first, as a share. */
export function growthBetween(before: readonly Held[], after: readonly Held[]): Growth {
  const mean = (all: readonly Held[], of: (one: Held) => number) =>
    all.reduce((sum, one) => sum + of(one), 0) / all.length
  const share = (of: (one: Held) => number) => mean(after, of) / mean(before, of) - 1
  return { heap: share(({ heapUsed, external }) => heapUsed + external), rss: share(({ rss }) => rss) }
}

const percent = (share: number) => `${share < 0 ? '' : '+'}${(100 * share).toFixed(1)} %`

/** Says how much it is; the process fails if that is too much. */
export function judge({ heap, rss }: Growth, what: string): void {
  const isFlat = heap <= mostGrowth && rss <= mostGrowth
  console.log(`${what}: heap ${percent(heap)}, RSS ${percent(rss)}: ${isFlat ? 'flat' : 'it grows'}`)
  if (!isFlat) process.exitCode = 1
}
