/**
 * Two nodes with the same dialog: one gets every message, the other only those that the first did not refuse. As long as a
 * refused message leaves no trace, both answer the same and keep the same, and every message ends once.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { inspect, isDeepStrictEqual } from 'node:util'
import { ExpectedError } from '../../../src'
import { withOwnClock } from './clock'
import { messageOf, type Strange } from './near-misses'
import { type Outcome, outputsOf, startNode, type ThinNode } from './thin-red'
import { FromGetter } from './values'

export interface Subject {
  readonly name: string
  readonly type: string
  readonly config: object
  /** of the messages that others get */
  readonly share: number
  /** a good message that nobody else has, as far as the node has come */
  good(choice: number, live: Live): object
}

/** What a good message has to agree with: the latest that the node has sent. */
export interface Live {
  run?: string
  step: number
  version: number
}

export interface Counts {
  messages: number
  accepted: number
  /** by their first words */
  readonly refused: Map<string, number>
}

export const newCounts = (): Counts => ({ messages: 0, accepted: 0, refused: new Map() })

/** Errors that tell something of a message that was taken in nevertheless. */
const isNews = ({ message }: Error) => /in a row that are not|its window starts anew/.test(message)

export async function passBoth(
  subject: Subject,
  messages: readonly Strange[],
  counts: Counts,
): Promise<void> {
  const { type, config, good } = subject
  const [all, some] = [startNode(type, config), startNode(type, config)]
  const outcomes: Outcome[] = []
  const refused: string[] = []
  const live: Live = { step: 0, version: 0 }
  await withOwnClock(async (stepClock) => {
    for (const strange of messages) {
      stepClock()
      live.step += 1
      const wrong = (what: string): never => {
        const show = ({ edits, choice, closed }: Strange) =>
          inspect(
            {
              choice,
              closed,
              edits: edits.map((edit) => ({ ...edit, value: edit.value() })),
              value: choice === undefined ? strange.value() : '-',
            },
            { depth: 5, maxStringLength: 50, maxArrayLength: 10 },
          )
        throw new Error(`${subject.name}: ${what}\n${show(strange)}\nrefused before: ${refused.join('; ')}`)
      }
      const found = { ...live }
      const make = () => messageOf(strange, (choice) => good(choice, found))
      const outcome = all.input(make())
      outcomes.push(outcome)
      await ended(outcome)
      if (outcome.escaped) wrong(`let an error out: ${(outcome.escaped as Error).stack}`)
      if (outcome.ends.length !== 1) wrong(`said ${outcome.ends.length} times that it is done`)
      counts.messages += 1
      const [error] = outcome.ends
      if (error) {
        counts.refused.set(kindOf(error), (counts.refused.get(kindOf(error)) ?? 0) + 1)
        const { cause } = error
        if (!(cause instanceof ExpectedError || cause instanceof FromGetter))
          wrong(`did not say what it expected: ${(cause as Error)?.stack ?? cause}`)
        refused.push(error.message)
        if (!isNews(error)) {
          if (outcome.sent.length > 0) wrong(`sent something, and then: ${error.message}`)
          continue
        }
      } else counts.accepted += 1
      const other = some.input(make())
      await ended(other)
      if (!same(outcome.ends.map(String), other.ends.map(String)) || !same(outcome.sent, other.sent))
        wrong(`remembers a message that it refused: ${differences(outcome, other)}`)
      for (const out of outcome.sent) follow(live, out)
    }
    const [kept, keptOfOther] = [await all.close(), await some.close()]
    if (!same(kept, keptOfOther))
      throw new Error(`${subject.name}: keeps something of a message that it refused`)
    for (const node of [all, some]) checkQuiet(subject, node)
    if (outcomes.some(({ ends }) => ends.length !== 1))
      throw new Error(`${subject.name}: was done twice with a message`)
  })
}

/** What takes a while is waited for. */
async function ended({ ends, escaped }: Outcome): Promise<void> {
  for (let turn = 0; ends.length === 0 && !escaped && turn < 10_000; turn++) await nextTurn()
}

function checkQuiet({ name }: Subject, { errors }: ThinNode): void {
  if (errors.length > 0) throw new Error(`${name}: said by itself: ${errors[0]}`)
}

/** What both have from the same maker is the same, though a getter in it throws or it is too deep to be looked at. */
function same(one: unknown, other: unknown): boolean {
  try {
    return isDeepStrictEqual(one, other)
  } catch (error) {
    if (error instanceof FromGetter || error instanceof RangeError) return true
    throw error
  }
}

function differences(one: Outcome, other: Outcome): string {
  const show = (outcome: Outcome) =>
    inspect([outcome.ends, outcome.sent], { depth: 7, maxArrayLength: 6, breakLength: 400 }).split('\n')
  const [ofOne, ofOther] = [show(one), show(other)]
  const differ = ofOne.findIndex((line, index) => line !== ofOther[index])
  return `\n${ofOne[differ]}\n${ofOther[differ]}`
}

function follow(live: Live, out: unknown): void {
  for (const { sequence, cell } of outputsOf(out).flat()) {
    const [run, version] = [readOff(sequence, 'run'), readOff(cell, 'version')]
    if (typeof run === 'string') live.run = run
    if (typeof version === 'number') live.version = version
  }
}

/** Undefined where it cannot be read. */
const readOff = (of: unknown, name: string): unknown =>
  typeof of === 'object' && of !== null ? Object.getOwnPropertyDescriptor(of, name)?.value : undefined

const kindOf = ({ name, message }: Error): string =>
  `${name}: ${message
    .replace(/[\d.]+(e[+-]?\d+)?/g, 'n')
    .replace(/, got.*/s, '')
    .slice(0, 90)}`
