/**
 * Which updates may still be added to a cell, by the version that they were made for. What only other loops have added to
 * since may be: sources that share a cell take turns, and each is a step behind. What its own loop has overtaken may not,
 * nor what was made for weights that were replaced.
 */
import { lru } from 'tiny-lru'

export interface Lineage {
  /** @param run the start of the source whose batch it was; undefined if it came from elsewhere */
  fits(made: number, now: number, run: string | undefined): boolean
  /** an update of a batch of this run has made this version */
  added(version: number, run: string | undefined): void
  /** the weights of this version are others, and no sum of updates */
  replaced(version: number): void
}

/** More loops than a person has on one cell. */
const mostRuns = 64

/** @param version of the weights as they are found */
export function lineage(version: number): Lineage {
  const latest = lru<number>(mostRuns)
  let since = version
  return {
    fits: (made, now, run) =>
      made === now || (run !== undefined && made < now && made >= Math.max(since, latest.get(run) ?? since)),
    added(next, run) {
      if (run === undefined) since = next
      else latest.set(run, next)
    },
    replaced(next) {
      since = next
      latest.clear()
    },
  }
}
