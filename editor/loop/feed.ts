/**
 * What the editor knows of the loops it looks at: the whole once, then digests as they come. It says that it looks only
 * while somebody can see it, and the runtime forgets what is not said again.
 */
import { type Curve, curve } from '../../nodes/watch/curve'
import {
  type Alert,
  digestTopic,
  type LoopDigest,
  leaseTime,
  type Point,
  type Validation,
} from '../../nodes/watch/wire'
import { fetchLoop, lookAt } from './runtime'

export interface LoopState {
  /** the latest digest; its points are in the curve */
  readonly digest: LoopDigest
  readonly points: Curve<Point>
  readonly validations: Validation[]
  readonly alerts: Alert[]
}

const mostPoints = 2000
const mostMarks = 500
const silence = leaseTime / 2
/** Loops that the runtime lets one editor look at. */
const mostLoops = 64

const loops = new Map<string, LoopState>()
const fetching = new Set<string>()
/** when something was last heard of each */
const heardAt = new Map<string, number>()
const listeners = new Set<() => void>()
let wanted: () => string[] = () => []

export const stateOfLoop = (id: string): LoopState | undefined => loops.get(id)

/** @returns ends the listening */
export function onChange(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

const changed = () => {
  for (const listener of listeners) listener()
}

/** @param ids which loops are to be looked at, asked again and again */
export function startFeed(ids: () => string[]): void {
  wanted = ids
  RED.comms.subscribe(digestTopic, (_, digests) => {
    for (const digest of digests as LoopDigest[]) take(digest)
    changed()
  })
  // a runtime that was restarted knows of no editor
  RED.comms.on?.('connect', () => {
    loops.clear()
    heardAt.clear()
    lookNow()
  })
  document.addEventListener('visibilitychange', lookNow)
  setInterval(lookNow, leaseTime / 3)
}

/** Says at once what is looked at: for a loop that has just come into view. */
export function lookNow(): void {
  const ids = wanted().slice(0, mostLoops)
  for (const id of [...loops.keys(), ...heardAt.keys()])
    if (!ids.includes(id)) {
      loops.delete(id)
      heardAt.delete(id)
    }
  if (document.hidden || ids.length === 0) return
  lookAt(ids).catch(() => undefined)
  // of a loop that is silent, or was not looked at for a while, the whole is asked for again
  for (const id of ids)
    if (performance.now() - (heardAt.get(id) ?? Number.NEGATIVE_INFINITY) > silence) fetchWhole(id)
}

function fetchWhole(id: string): void {
  if (fetching.has(id)) return
  fetching.add(id)
  fetchLoop(id)
    .then((whole) => {
      if (!wanted().includes(id)) return
      // nothing has passed through the loop yet, or it is gone
      if (!whole) {
        if (loops.delete(id)) changed()
        return
      }
      heardAt.set(id, performance.now())
      const points = curve<Point>(mostPoints, ([, , norm]) => norm ?? Number.NaN)
      loops.set(id, { digest: whole, points, validations: [], alerts: [] })
      append(id, whole)
      changed()
    })
    .catch(() => undefined)
    .finally(() => fetching.delete(id))
}

function take(digest: LoopDigest): void {
  const { id } = digest
  if (!wanted().includes(id)) return
  heardAt.set(id, performance.now())
  const before = loops.get(id)?.digest
  const follows = before && digest.begun === before.begun && digest.number === before.number + 1
  if (follows) append(id, digest)
  else if (!before || digest.begun !== before.begun || digest.number > before.number) fetchWhole(id)
}

function append(id: string, digest: LoopDigest): void {
  const state = loops.get(id) as LoopState
  const last = (list: readonly (readonly [number, ...unknown[]])[]) => list.at(-1)?.[0] ?? 0
  const shown = last(state.points.points())
  for (const point of digest.points) if (point[0] > shown) state.points.add(point)
  const [validated, alerted] = [last(state.validations), last(state.alerts)]
  loops.set(id, {
    ...state,
    digest: {
      ...digest,
      through: digest.through ?? state.digest.through,
      cell: digest.cell ?? state.digest.cell,
    },
    validations: [...state.validations, ...digest.validations.filter(([step]) => step > validated)].slice(
      -mostMarks,
    ),
    alerts: [...state.alerts, ...digest.alerts.filter(([step]) => step > alerted)].slice(-mostMarks),
  })
}
