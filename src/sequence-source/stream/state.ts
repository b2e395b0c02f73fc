/**
 * A stream written down. The steps of all windows stand one after another as base64 of their numbers, those that windows
 * share only once; the rest are plain numbers.
 */
import { describe, ExpectedError } from '../../expected'
import type { StreamSettings } from './options'
import type { Fields } from './reading'
import type { ReplayWindow } from './replay'
import type { Step, StepKind } from './step'
import { type Topic, type TopicState, topicSeries } from './topic'

export interface StreamState {
  /** of the windows: T + horizon */
  readonly span: number
  readonly fields?: Fields
  /** training batches so far */
  readonly step: number
  readonly random: readonly number[]
  /** from the one that was not heard of for longest to the latest */
  readonly topics: readonly PackedTopic[]
  /** oldest first: the place of its topic, and where in the steps of that the window begins */
  readonly replay: readonly (readonly [topic: number, start: number])[]
}

export interface PackedTopic extends TopicState {
  /** base64 of float64, little endian: a number a field, step after step; the latest `recent` are its own */
  readonly values: string
  /** a letter a step: o observed, f filled, m masked */
  readonly kinds: string
  readonly recent: number
}

export interface StreamParts {
  readonly fields: Fields | undefined
  readonly step: number
  readonly random: readonly number[]
  readonly topics: readonly Topic[]
  readonly replay: readonly ReplayWindow[]
}

const letters: Readonly<Record<StepKind, string>> = { observed: 'o', filled: 'f', masked: 'm' }
const kindOf: Readonly<Record<string, StepKind>> = { o: 'observed', f: 'filled', m: 'masked' }

export function packed({ fields, step, random, topics, replay }: StreamParts): StreamState {
  const places = new Map(topics.map((topic, place) => [topic, place]))
  const rows = topics.map(() => new Map<Step, number>())
  /** Windows of a topic overlap in their order, so that what is new comes at the end. */
  const place = (topic: number, steps: readonly Step[]): number => {
    for (const one of steps) if (!rows[topic].has(one)) rows[topic].set(one, rows[topic].size)
    return steps.length === 0 ? rows[topic].size : (rows[topic].get(steps[0]) as number)
  }
  const windows = replay.map(({ topic, steps }) => {
    const of = places.get(topic) as number
    return [of, place(of, steps)] as const
  })
  return {
    span: replay[0]?.steps.length ?? 0,
    ...(fields && { fields }),
    step,
    random,
    topics: topics.map((topic, of) => {
      const recent = topic.recent()
      place(of, recent)
      const all = [...rows[of].keys()]
      return {
        ...topic.state(),
        values: toBase64(all.flatMap(({ values }) => values)),
        kinds: all.map(({ kind }) => letters[kind]).join(''),
        recent: recent.length,
      }
    }),
    replay: windows,
  }
}

/** @throws ExpectedError if it is no state, or one of windows of another length */
export function unpacked(state: StreamState, settings: StreamSettings): StreamParts {
  if (!Array.isArray(state?.topics) || !Array.isArray(state.replay))
    throw new ExpectedError('the state of a stream', describe(state))
  const { fields, step, random, span } = state
  if (state.replay.length > 0 && span !== settings.span)
    throw new ExpectedError(`a state with windows of ${settings.span} steps`, `one of ${span}`)
  const rows = state.topics.map((topic) => stepsOf(topic, fields?.names.length ?? 0))
  const topics = state.topics.map((topic, place) => {
    const recent = topic.recent === 0 ? [] : rows[place].slice(-topic.recent)
    return topicSeries(topic.name, settings, fields as Fields, topic, recent)
  })
  const replay = state.replay.map(([topic, start]) => ({
    topic: topics[topic],
    steps: rows[topic].slice(start, start + span),
  }))
  return { fields, step, random, topics, replay }
}

function stepsOf({ values, kinds }: PackedTopic, size: number): Step[] {
  const numbers = fromBase64(values)
  return Array.from(kinds, (letter, row) => ({
    values: Array.from(numbers.subarray(row * size, (row + 1) * size)),
    kind: kindOf[letter],
  }))
}

const toBase64 = (numbers: readonly number[]): string =>
  Buffer.from(Float64Array.from(numbers).buffer).toString('base64')

const fromBase64 = (text: string): Float64Array =>
  new Float64Array(new Uint8Array(Buffer.from(text, 'base64')).buffer)
