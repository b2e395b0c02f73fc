/**
 * How many messages of a run wait for their turn at some node of this process: who sends many lets the ones before come
 * through first, and neither memory nor a queue is filled.
 */
const waiting = new Map<string, number>()
/** those who ask for room, by run */
const asking = new Map<string, (() => void)[]>()

/** So many may wait when another comes. */
const few = 8

export function enters(run: string | undefined): void {
  if (run !== undefined) waiting.set(run, (waiting.get(run) ?? 0) + 1)
}

export function leaves(run: string | undefined): void {
  if (run === undefined) return
  const left = (waiting.get(run) ?? 0) - 1
  if (left > 0) waiting.set(run, left)
  else waiting.delete(run)
  if (left >= few) return
  for (const go of asking.get(run) ?? []) go()
  asking.delete(run)
}

/** Settles as soon as few messages of the run wait. */
export function roomFor(run: string): Promise<void> {
  if ((waiting.get(run) ?? 0) < few) return Promise.resolve()
  return new Promise((resolve) => asking.set(run, [...(asking.get(run) ?? []), resolve]))
}
