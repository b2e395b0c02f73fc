/** Which loops are shown: that of the selected node, and those that were pinned. */
import { cellsOn, loopOf } from './follow'

export interface Followed {
  readonly current?: string
  readonly pinned: readonly string[]
}

const pinsKey = 'recurrent-pins'
const mostPins = 6

let state: Followed = { pinned: [] }
const listeners = new Set<() => void>()

export const followed = (): Followed => state

export function onFollowed(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

const become = (next: Followed) => {
  state = next
  for (const listener of listeners) listener()
}

export function follow(id: string | undefined): void {
  if (id !== state.current) become({ ...state, current: id })
}

export function togglePin(id: string): void {
  const isPinned = state.pinned.includes(id)
  const pinned = isPinned
    ? state.pinned.filter((other) => other !== id)
    : [...state.pinned, id].slice(-mostPins)
  localStorage.setItem(pinsKey, JSON.stringify(pinned))
  become({ ...state, pinned })
}

/** Loops of the flow that the canvas shows. */
export const loopsInView = (): string[] => cellsOn(RED.workspaces.active()).map(({ id }) => id)

export function startFollowing(): void {
  RED.events.on('view:selection-changed', ({ nodes }: { nodes?: EditorNode[] }) => {
    const [found] = (nodes ?? []).map(loopOf).filter((id) => id !== undefined)
    if (found) follow(found)
  })
  // nodes come and go, flows are turned over: what is shown has to be there, and better be on the canvas
  const look = () => {
    const isThere = (id: string) => RED.nodes.node(id) !== null
    const pinned = state.pinned.filter(isThere)
    const inView = loopsInView()
    const stays =
      state.current !== undefined &&
      isThere(state.current) &&
      (inView.length === 0 || inView.includes(state.current))
    const current = stays
      ? state.current
      : (inView[0] ?? (state.current !== undefined && isThere(state.current) ? state.current : undefined))
    // a name may have changed even where the loop has not
    become({ current, pinned })
  }
  let isSoon = false
  const lookSoon = () => {
    if (isSoon) return
    isSoon = true
    setTimeout(() => {
      isSoon = false
      look()
    })
  }
  for (const event of [
    'workspace:change',
    'flows:loaded',
    'flows:change',
    'nodes:remove',
    'nodes:add',
    'nodes:change',
    'deploy',
  ])
    RED.events.on(event, lookSoon)
  state = { pinned: pinsKept() }
}

function pinsKept(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(pinsKey) ?? '[]')
    return Array.isArray(kept) ? kept.filter((id) => typeof id === 'string').slice(0, mostPins) : []
  } catch {
    return []
  }
}
