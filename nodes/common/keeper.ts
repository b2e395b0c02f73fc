/**
 * Keeps a node's numbers where neither a redeploy nor, in a store of files, a restart wipes them: in flow context, in the
 * store the dialog names, as one JSON-safe value, written twice a second at most if nothing else is said, and on close. A
 * large one is written less often, so that keeping takes a twentieth of the time at most. A store that fails is tried
 * again, and training goes on. What is there and cannot be used is not written over: it is put aside first.
 */
import type { SafetensorsFile } from '../../src'
import { flowStore } from './flow-store'
import { fileOf, textOf } from './kept-text'
import { isInFlows, type NodeContext } from './node'
import { storeFile } from './store-file'
import { trouble } from './trouble'

const usualInterval = 500
const share = 20
/** How long a store that has failed is left alone. */
const again = 2000
/** Node-RED's store of files leaves a part of a file behind for each time that it tries to write on a full disk. */
const againOnDisk = 10_000

/** What is to be kept; undefined to keep nothing any more. */
type Make = () => SafetensorsFile | undefined

export interface Keeper {
  /**
   * What was kept, as `parse` reads it; undefined if nothing was. What is damaged is no reason not to start: it is warned
   * of. If `parse` returns undefined, it is of another kind; if what was put aside before is not, the two change places.
   */
  read<Kept>(parse: (file: SafetensorsFile) => Kept | undefined): Kept | undefined
  /** warns if what was read was of another kind, so that the node starts anew, and says where it is put aside */
  sayAnew(): void
  /** where in flow context that is put */
  readonly aside: string
  /** what was read is not used after all, or not all of it */
  putAside(): void
  /** keeps what `make` returns when the time has come */
  write(make: () => SafetensorsFile): void
  /** nothing is kept any more, until something else is */
  forget(): void
  /**
   * @param removed the node is gone for good: forget; otherwise write what is still waiting
   * @param last what is kept at the end, if it is more than what was kept on the way
   */
  close(removed: boolean, last?: () => SafetensorsFile): Promise<void>
}

/**
 * @param options name: of one of several things that a node keeps; interval: milliseconds between two writes at least
 */
export function keeper(
  context: NodeContext,
  store: string | undefined,
  { name, interval = usualInterval }: { name?: string; interval?: number } = {},
): Keeper {
  const { RED, node } = context
  const place = flowStore(node, store)
  const file = storeFile(RED, node, store)
  const key = name ? `${node.type}:${node.id}:${name}` : `${node.type}:${node.id}`
  const asideKey = `${key}:aside`
  const refused = trouble(context, key, store || 'default')
  const behind = trouble(context, `${key}:file`, store || 'default')
  let waiting: Make | undefined
  let timer: NodeJS.Timeout | undefined
  let fileTimer: NodeJS.Timeout | undefined
  let rest = interval
  let leastRest = interval
  let closed = false
  /** what was found */
  let found: unknown
  /** what was found and is not used, as long as it stands where the next write goes */
  let unused: { readonly value: unknown } | undefined
  /** something of this node may stand there */
  let isKept = false
  /** the store would not say what is there */
  let isUnknown = false
  /** what was found is of another kind, and so is what was put aside before */
  let isOther = false
  /** what the store is told at the moment */
  let telling: Promise<void> | undefined

  const setAside = (value: unknown) => {
    unused = { value }
  }

  async function put(value: string | undefined): Promise<void> {
    if (isUnknown) {
      const there = place.get(key)
      isUnknown = false
      if (isThere(there)) setAside(there)
    }
    if (unused) {
      await place.set(asideKey, unused.value)
      unused = undefined
    }
    const before = fileTimer || closed ? undefined : await file?.stamp()
    isKept = value !== undefined
    await place.set(key, value)
    if (before !== undefined && value !== undefined) watchFile(before)
  }

  /** The file has to be another one soon. */
  function watchFile(before: string, patience = file?.patience): void {
    clearTimeout(fileTimer)
    if (closed) return
    fileTimer = setTimeout(async () => {
      if ((await file?.stamp()) === before) {
        behind.begin(`nothing was written to ${file?.path} for ${(file?.patience as number) / 1000} s`)
        leastRest = againOnDisk
        watchFile(before, again)
      } else {
        fileTimer = undefined
        leastRest = interval
        behind.end()
      }
    }, patience)
    fileTimer.unref()
  }

  async function tell(make: Make): Promise<void> {
    const begun = performance.now()
    try {
      const kept = make()
      const text = kept && textOf(kept)
      rest = Math.max(leastRest, share * (performance.now() - begun))
      await put(text)
      refused.end()
    } catch (error) {
      refused.begin(error instanceof Error ? error.message : String(error))
      rest = Math.max(rest, again)
      if (!closed) write(waiting ?? make)
    }
  }

  const writeNow = () => {
    timer = undefined
    const make = waiting
    if (!make) return
    if (telling) return write(make)
    waiting = undefined
    telling = tell(make).finally(() => {
      telling = undefined
    })
  }

  function write(make: Make): void {
    waiting = make
    timer ??= setTimeout(writeNow, rest)
  }

  return {
    read(parse) {
      try {
        found = place.get(key)
      } catch (error) {
        isUnknown = true
        refused.begin((error as Error).message)
        return undefined
      }
      isKept = isThere(found)
      if (!isKept) return undefined
      try {
        const kept = parse(fileOf(found))
        if (kept !== undefined) return kept
        setAside(found)
      } catch (error) {
        setAside(found)
        const reason = (error as Error).message
        node.warn(RED._(`${node.type}.message.unreadable`, { reason, place: asideKey }))
        return undefined
      }
      try {
        const earlier = place.get(asideKey)
        const kept = isThere(earlier) ? parse(fileOf(earlier)) : undefined
        isOther = kept === undefined
        return kept
      } catch {
        isOther = true
        return undefined
      }
    },
    aside: asideKey,
    sayAnew() {
      if (isOther) node.warn(RED._(`${node.type}.message.startsAnew`, { place: asideKey }))
    },
    putAside() {
      if (isThere(found)) setAside(found)
    },
    write,
    forget() {
      if (isKept || waiting) write(() => undefined)
    },
    async close(removed, last) {
      closed = true
      clearTimeout(timer)
      clearTimeout(fileTimer)
      await telling
      // with a flow Node-RED takes its files away: to write one at the same time would keep the next flow from starting
      if (removed && !isInFlows(RED, node.z)) return
      if (removed) {
        unused = undefined
        isUnknown = false
        waiting = () => undefined
        await place.set(asideKey, undefined).catch(() => undefined)
      } else if (last) waiting = last
      if (waiting) await tell(waiting)
    },
  }
}

const isThere = (value: unknown): boolean => value !== undefined && value !== null
