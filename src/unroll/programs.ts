/**
 * The programs that have been made, each with a memory of its own. One that is at work is not handed out again. Which
 * tape lies in which memory is told by the bytes of its states, so that the way back finds what the way forward left.
 */
import { lru } from 'tiny-lru'
import { bestKernel } from '../kernel/best-kernel'
import { giveMemory, takeMemory } from '../kernel/memories'
import type { KernelMemory } from '../kernel/memory'
import { type Program, program, programBytes, type TermsKind } from '../kernel/program/program'
import type { Cell } from '../rnn-cell/cell'
import type { Parameters } from '../rnn-cell/parameters'
import type { Floats } from '../tensor/tensor'
import { type Extent, programKey, programPlan } from './compile'
import type { ProgramInput } from './run-program'
import type { Unrolled } from './unrolled'

export interface Runner {
  /** of the plan, see `programKey` */
  readonly key: string
  readonly program: Program
  readonly memory: KernelMemory
  /** views of the parameters */
  readonly parameters: Readonly<Record<string, Floats>>
  /** what was loaded */
  loaded?: Parameters
  /** counts the ways forward: a tape is there until the next */
  generation: number
  busy: boolean
  /** dropped while it was busy */
  dismissed?: boolean
}

const mostRunners = 32
const mostBytes = 2 ** 30

const runners = lru<Runner>()
let bytesHeld = 0
const tapes = new WeakMap<object, Tape>()

/** Those that were not used for longest make room. One that is larger than everything is kept alone. */
function keep(key: string, runner: Runner): void {
  const bytes = bytesOf(runner)
  while (runners.first && (runners.size >= mostRunners || bytesHeld + bytes > mostBytes)) {
    dismiss(runners.first.value)
    runners.evict()
  }
  runners.set(key, runner)
  bytesHeld += bytes
}

const bytesOf = ({ program: { needs } }: Runner): number => needs.backward

/** Its memory is free once nobody works in it. */
function dismiss(runner: Runner): void {
  bytesHeld -= bytesOf(runner)
  if (runner.busy) runner.dismissed = true
  else giveUp(runner)
}

/** For one that was dropped while it was at work, and has ended. */
export function giveBack(runner: Runner): void {
  if (runner.dismissed) giveUp(runner)
  runner.dismissed = false
}

/** What a thread that has died was writing in its memory may be half done: it is not used any more. */
export function drop(runner: Runner): void {
  const own = runners.keys().find((key) => runners.peek(key) === runner)
  if (own === undefined) return
  runners.delete(own)
  dismiss(runner)
}

/** From now on another program may write where its tape was. */
function giveUp(runner: Runner): void {
  runner.generation += 1
  giveMemory(runner.memory)
}

/** A runner that is not at work. */
export function runnerFor(cell: Cell, extent: Extent): Runner {
  const key = programKey(cell, extent)
  for (let copy = 0; ; copy++) {
    const own = `${key} ${copy}`
    const found = runners.get(own)
    if (found?.busy) continue
    if (found) return found
    const runner = newRunner(key, cell, extent)
    keep(own, runner)
    return runner
  }
}

function newRunner(key: string, cell: Cell, extent: Extent): Runner {
  const plan = programPlan(cell, extent)
  const { forward, sequenceTerms } = programBytes(plan)
  const memory = takeMemory(sequenceTerms)
  memory.reserve(forward)
  const own = program(plan, memory.memory, bestKernel(memory.memory, plan.dtype))
  const parameters = Object.fromEntries(
    plan.parameters.map(([name, count]) => [name, own.floats(own.layout.parameters[name], count)]),
  )
  return { key, program: own, memory, parameters, generation: 0, busy: false }
}

/** Gives the memory of all programs back, once nobody holds a tape of theirs. */
export function releasePrograms(): void {
  runners.forEach(dismiss)
  runners.clear()
}

/** Makes room for the way back, and for the terms of each sequence if they are asked for. */
export function growForBackward({ memory, program: { needs } }: Runner, terms: TermsKind): void {
  memory.reserve(terms === 'sequence' ? needs.sequenceTerms : needs.backward)
}

/** Copies the parameters in, unless they are there already. */
export function loadParameters(runner: Runner, { parameters }: Cell): void {
  if (runner.loaded === parameters) return
  for (const name in runner.parameters) runner.parameters[name].set(parameters[name].data)
  runner.loaded = parameters
}

interface Tape {
  readonly runner: Runner
  readonly generation: number
  readonly key: string
  readonly inputs: Floats
  readonly fed?: Floats
  readonly present?: Uint8Array
}

/** The runner has gone forward: its tape is the one with these states. */
export function rememberTape(runner: Runner, states: Floats, { inputs, fed, present }: ProgramInput): void {
  const { generation, key } = runner
  tapes.set(states.buffer, { runner, generation, key, inputs: inputs.data, fed: fed?.data, present })
}

/** The runner whose memory still holds the tape of an unrolled network, as nobody has altered it. */
export function runnerWithTape(unrolled: Unrolled): Runner | undefined {
  const tape = tapes.get(unrolled.strands[0].hidden.data.buffer)
  if (!tape) return undefined
  const { runner, generation, key } = tape
  const { cell, inputs, fed, present } = unrolled
  const isThere =
    runner.generation === generation &&
    !runner.busy &&
    sameNumbers(runner.loaded, cell.parameters) &&
    isSame(tape.inputs, inputs.data) &&
    isSame(tape.fed, fed?.inputs.data) &&
    isSame(tape.present, present) &&
    key === programKey(cell, { ...unrolled, masked: present !== undefined })
  return isThere ? runner : undefined
}

/** The same bytes at the same place: what travels in a message is another view of them. */
const isSame = (a: Bytes | undefined, b: Bytes | undefined): boolean =>
  a === b || (a !== undefined && a.buffer === b?.buffer && a.byteOffset === b.byteOffset)
type Bytes = Floats | Uint8Array

const sameNumbers = (a: Parameters | undefined, b: Parameters): boolean =>
  a === b || (a !== undefined && Object.keys(b).every((name) => isSame(a[name]?.data, b[name].data)))
