/**
 * Readings as they come, of many topics: what to predict from now, and what has become known since. Each new reading is
 * the truth of an earlier prediction; together they become windows with targets, and a replay buffer of recent windows
 * gives the batches to learn from.
 */
import { lru } from 'tiny-lru'
import { ExpectedError } from '../../expected'
import { random } from '../../random/random'
import type { Scale } from '../scaling'
import { looksLikeSeconds, timesOf } from './clock'
import { batchOf, type StreamBatch } from './draw'
import { checkFields, type StreamOptions, settingsOf } from './options'
import { checkGaps, checkOrder, turnOf } from './order'
import { type Fields, fieldsOf, readingsIn, valuesOf } from './reading'
import { replayBuffer } from './replay'
import { checkFixed } from './running-scale/running-scale'
import { packed, type StreamState, unpacked } from './state'
import { type Stretch, stretchesOf } from './stretch'
import { type NumberedStep, type Topic, topicSeries } from './topic'

/** What became of readings. */
export interface Taken {
  /** steps that are whole now, to be predicted from; several, if a gap in between was too long */
  readonly stretches: readonly Stretch[]
  /** windows that are whole now, and in the replay buffer */
  readonly windows: number
  /** readings that were late or there already, and not used */
  readonly late: number
  readonly duplicates: number
  /** whether so many were late in a row that the clock must have been wrong before, and the topic has begun anew */
  readonly setBack: boolean
  /** whether a topic was forgotten for the one that has come */
  readonly evicted: boolean
  /** whether the first time of the topic can hardly be ms since 1970 */
  readonly seconds: boolean
  /** where a gap is to be an error: that there was one */
  readonly error?: ExpectedError
}

export interface SensorStream {
  /**
   * A reading of a topic, or many, oldest first.
   *
   * @param readings a number, an array, an object by field names; or an array of arrays or objects
   * @param time when they came, or when the one was that has no time field of its own
   * @throws ExpectedError for what is no reading, or out of order where that is an error; nothing is changed then
   */
  take(topic: string, readings: unknown, time: unknown): Taken
  /** a training batch; undefined as long as the replay buffer has fewer windows than a batch */
  batch(): StreamBatch | undefined
  /** batches so far */
  readonly step: number
  /** windows in the replay buffer */
  readonly windows: number
  /** topics that are known */
  readonly topics: number
  /** undefined before the first reading */
  readonly fields: { readonly inputs: readonly string[]; readonly targets: readonly string[] } | undefined
  /** the scale of a topic as it is now */
  scale(topic: string): Scale | undefined
  /**
   * Scales stay as they are.
   *
   * @param topic default: all that there are; topics to come have scales that follow
   * @param on false: they follow again
   */
  freeze(topic?: string, on?: boolean): void
  /** forgets a topic and its windows; default: all of them */
  forget(topic?: string): void
  /** what `sensorStream(options, state)` goes on from, bit for bit; safe in JSON */
  state(): StreamState
  readonly settings: ReturnType<typeof settingsOf>
}

/**
 * @param state of an earlier stream with the same options
 * @throws ExpectedError for an option out of its range, or a state of other options
 */
export function sensorStream(options: StreamOptions = {}, state?: StreamState): SensorStream {
  const settings = settingsOf(options)
  const topics = lru<Topic>(settings.topics)
  const replay = replayBuffer(settings.replay)
  const before = state && unpacked(state, settings)
  let fields: Fields | undefined = before?.fields
  let step = before?.step ?? 0
  let generator = random(before?.random ?? settings.seed)
  for (const topic of before?.topics ?? []) topics.set(topic.name, topic)
  // there may be fewer topics now than there were
  for (const window of before?.replay ?? [])
    if (topics.peek(window.topic.name) === window.topic) replay.add(window)

  const begin = (name: string, of: Fields): { topic: Topic; evicted: boolean } => {
    const topic = topicSeries(name, settings, of)
    const evicted = topics.setWithEvicted(name, topic)
    if (evicted) replay.forget(evicted.value)
    return { topic, evicted: Boolean(evicted) }
  }
  const known = () => topics.values().filter((topic) => topic !== undefined)

  const take = (name: string, given: unknown, time: unknown): Taken => {
    const readings = readingsIn(given)
    const of = fields ?? fieldsOf(readings[0], settings)
    checkFixed(settings, of.names)
    if (!fields) checkFields(settings, of.names.length)
    const values = readings.map((reading) => valuesOf(reading, of))
    const times = timesOf(readings, time, settings)
    checkOrder(times, topics.peek(name)?.latest, settings)
    checkGaps(times, topics.peek(name)?.latest, of.names.length, settings)

    // from here on nothing is refused
    fields = of
    const before = topics.get(name)
    const { topic, evicted } = before ? { topic: before, evicted: false } : begin(name, of)
    const seconds = !before && settings.time === 'field' && looksLikeSeconds(times[0])
    const dropped = { next: 0, late: 0, duplicate: 0 }
    const steps: NumberedStep[] = []
    const gaps: number[] = []
    let windows = 0
    let setBack = false
    times.forEach((time, place) => {
      const arrival = { time, values: values[place] }
      const { turn, isDropped } = turnOf(time, topic.latest, settings)
      let grown = isDropped ? undefined : topic.push(arrival, turn)
      if (!grown && turn === 'late' && topic.dropLate(time)) {
        setBack = true
        grown = topic.push(arrival, 'next')
      }
      if (!grown) {
        dropped[turn] += 1
        return
      }
      for (const window of grown.windows) replay.add({ topic, steps: window })
      windows += grown.windows.length
      steps.push(...grown.steps)
      gaps.push(...grown.gaps)
    })
    return {
      stretches: stretchesOf(steps, topic.scale(), of),
      windows,
      late: dropped.late,
      duplicates: dropped.duplicate,
      setBack,
      evicted,
      seconds,
      ...(settings.gaps === 'error' && gaps.length > 0 && { error: gapError(name, gaps) }),
    }
  }

  return {
    take,
    batch() {
      if (!fields || replay.size < settings.batch) return undefined
      step += 1
      return batchOf(replay.draw(settings.batch, generator), step, settings, fields)
    },
    get step() {
      return step
    },
    get windows() {
      return replay.size
    },
    get topics() {
      return topics.size
    },
    get fields() {
      const namesAt = (places: readonly number[]) => places.map((place) => fields?.names[place] as string)
      return fields && { inputs: namesAt(fields.inputs), targets: namesAt(fields.targets) }
    },
    scale: (topic) => topics.peek(topic)?.scale(),
    freeze(topic, on = true) {
      for (const one of known()) if (topic === undefined || one.name === topic) one.freeze(on)
    },
    forget(name) {
      if (name === undefined) {
        replay.clear()
        topics.clear()
        fields = undefined
        step = 0
        generator = random(settings.seed)
        return
      }
      const topic = topics.peek(name)
      if (topic) replay.forget(topic)
      topics.delete(name)
    },
    state: () => packed({ fields, step, random: generator.state(), topics: known(), replay: replay.all() }),
    settings,
  }
}

const gapError = (topic: string, gaps: readonly number[]): ExpectedError =>
  new ExpectedError(
    `a reading at every step of topic "${topic}"`,
    `a gap of ${gaps.join(', ')} step${gaps.length === 1 && gaps[0] === 1 ? '' : 's'}; its window starts anew`,
  )
