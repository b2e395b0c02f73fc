/**
 * Hidden states between messages: none, one for all, or one for each topic. A bounded number of topics, and of numbers in
 * all their states; the one that was not used for longest goes first.
 */
import { lru } from 'tiny-lru'
import { allFinite, type CellState, limitOf, wholeWithin } from '../../src'

export const stateModes = ['fresh', 'carry', 'topic'] as const
/** fresh: each message starts anew; carry: where the last one ended; topic: where the last one of its topic ended */
export type StateMode = (typeof stateModes)[number]

/** A state fits only what it was made by: so many sequences at once, of a cell of this form. */
interface Kept {
  readonly form: string
  readonly state: CellState
}

export interface StateStore {
  readonly mode: StateMode
  /** topics at most */
  readonly most: number
  /** the state to start from; undefined: zeros */
  read(place: Place): CellState | undefined
  /**
   * A state that is not finite is not kept: from there nothing would ever be finite again.
   *
   * @returns whether that of another topic had to go
   */
  write(place: Place, state: CellState): boolean
  /** forgets one topic, or everything */
  forget(topic?: unknown): void
  readonly size: number
  /** all that is kept, what was not used for longest first: written again in this order, it is the same */
  entries(): (Place & { readonly topic: string; readonly state: CellState })[]
}

export interface Place {
  readonly topic: unknown
  /** batches to learn from, to validate with, and readings to predict from go on separately */
  readonly phase: string
  readonly form: string
}

export const usualTopics = 1000

/** @throws ExpectedError for a number of topics that is not a whole one from 1 */
export function stateStore(
  mode: StateMode,
  mostTopics: number = Math.min(usualTopics, limitOf('maxTopics')),
): StateStore {
  const most = wholeWithin('topics', mostTopics, 1, 'maxTopics')
  const byTopic = lru<Map<string, Kept>>(most)
  const keyOf = (topic: unknown) => (mode === 'topic' ? String(topic ?? '') : '')
  /** in all states */
  let numbers = 0
  const put = (phases: Map<string, Kept>, phase: string, kept: Kept | undefined) => {
    numbers += (kept ? numbersIn(kept) : 0) - numbersIn(phases.get(phase))
    if (kept) phases.set(phase, kept)
    else phases.delete(phase)
  }
  const drop = (phases: Map<string, Kept> | undefined) => {
    for (const phase of phases?.keys() ?? []) put(phases as Map<string, Kept>, phase, undefined)
  }
  return {
    mode,
    most,
    read({ topic, phase, form }) {
      // a topic counts as used when it is written: what is read may be refused yet
      const kept = byTopic.peek(keyOf(topic))?.get(phase)
      return kept?.form === form ? kept.state : undefined
    },
    write({ topic, phase, form }, state) {
      if (mode === 'fresh') return false
      const key = keyOf(topic)
      const phases = byTopic.get(key) ?? new Map<string, Kept>()
      put(phases, phase, isAllFinite(state) ? { form, state } : undefined)
      const one = byTopic.setWithEvicted(key, phases)
      let isFull = one !== null
      drop(one?.value)
      while (numbers > limitOf('maxElements') && byTopic.first && byTopic.size > 1) {
        drop(byTopic.first.value)
        byTopic.evict()
        isFull = true
      }
      return isFull
    },
    forget(topic) {
      if (mode === 'topic' && topic !== undefined && topic !== '') {
        drop(byTopic.peek(keyOf(topic)))
        byTopic.delete(keyOf(topic))
      } else {
        byTopic.clear()
        numbers = 0
      }
    },
    get size() {
      return byTopic.size
    },
    entries: () =>
      byTopic
        .keys()
        .flatMap((topic: string) =>
          [...(byTopic.peek(topic) ?? [])].map(([phase, kept]) => ({ topic, phase, ...kept })),
        ),
  }
}

function numbersIn(kept: Kept | undefined): number {
  if (!kept) return 0
  const { state } = kept
  return 'h' in state ? state.h.data.length + state.c.data.length : state.data.length
}

const isAllFinite = (state: CellState): boolean =>
  'h' in state ? allFinite(state.h.data) && allFinite(state.c.data) : allFinite(state.data)
