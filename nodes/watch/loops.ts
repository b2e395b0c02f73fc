/**
 * What the nodes of a loop tell as a message passes. While no editor looks nothing is computed and nothing is sent: a few
 * numbers are noted, and the latest batch is not given away.
 */
import { lru } from 'tiny-lru'
import type { Evaluation } from '../../src'
import type { RnnMessage } from '../common/message'
import { finiteOrNull } from '../common/missing'
import { forgetAnswers } from './answers'
import { wholeOf } from './digest'
import { addRecent, type Batch, closePoint, type Loop, newLoop, takeStep } from './loop'
import { publisher } from './publisher'
import { viewers } from './viewers'
import type { LoopDigest, Progress } from './wire'

/** Loops of which something is remembered: more than a person has, fewer than a message could name. */
const mostLoops = 256

type SourceFacts = Pick<Progress, 'paused' | 'done'>

const loops = lru<Loop>(mostLoops)
const sources = new Map<string, SourceFacts>()
const watching = viewers()

const allLoops = (): Loop[] => loops.values().filter((loop) => loop !== undefined)

const stateOf = (source: string | undefined): SourceFacts =>
  (source !== undefined && sources.get(source)) || { paused: false, done: false }

const digests = publisher(stateOf)
export const { publishBy } = digests

const tell = (loop: Loop): void => {
  if (watching.sees(loop.id)) digests.touch(loop)
  else forgetAnswers(loop)
}

const loopOf = ({ cell }: RnnMessage): Loop | undefined =>
  cell?.id === undefined ? undefined : loops.get(cell.id)

/** bptt-gradient has a gradient. @param node its id */
export function seeGradient(node: string, msg: RnnMessage, batch: Omit<Batch, 'step'>): void {
  const id = msg.cell?.id
  if (typeof id !== 'string') return
  const loop = loops.get(id) ?? newLoop(id, node)
  loops.set(id, loop)
  closePoint(loop)
  const step = takeStep(loop, msg)
  const { gradient, explosion } = batch
  loop.bptt = node
  loop.batch = { step, ...batch }
  loop.passedAt = performance.now()
  loop.open = [step, finiteOrNull(gradient.loss), finiteOrNull(gradient.norm), null, null]
  if (explosion.state !== loop.state) addRecent(loop.alerts, [step, explosion.state])
  loop.state = explosion.state
  tell(loop)
}

/** bptt-gradient has the evaluation of a whole pass over held-out sequences. */
export function seeValidation(msg: RnnMessage, { loss, rmse, accuracy }: Evaluation): void {
  const loop = loopOf(msg)
  if (!loop) return
  const { sequence } = msg
  const isOfRun = sequence?.run === loop.run && sequence?.step !== undefined
  const step = isOfRun ? loop.offset + (sequence?.step as number) : loop.step
  loop.figure = rmse !== undefined ? 'rmse' : accuracy !== undefined ? 'accuracy' : undefined
  const figures = [loss, rmse ?? accuracy, sequence?.naive].map(finiteOrNull)
  addRecent(loop.validations, [step, figures[0], figures[1], figures[2]])
  tell(loop)
}

/** clip-gradient has clipped, or not. */
export function seeClip(msg: RnnMessage, normAfter: number): void {
  const open = loopOf(msg)?.open
  if (open) open[3] = finiteOrNull(normAfter)
}

/** optimizer has made an update: the step is over. */
export function seeUpdate(msg: RnnMessage, learningRate: number): void {
  const loop = loopOf(msg)
  if (!loop?.open) return
  loop.open[4] = finiteOrNull(learningRate)
  closePoint(loop)
  tell(loop)
}

/** sequence-source is held, goes on or has ended. */
export function seeSource(source: string, facts: SourceFacts): void {
  const { paused, done } = stateOf(source)
  sources.set(source, facts)
  if (facts.paused === paused && facts.done === done) return
  for (const loop of allLoops()) if (loop.source === source) tell(loop)
}

export function look(ids: readonly string[]): void {
  for (const id of ids) {
    const loop = loops.get(id)
    // the pace is that since somebody looks
    if (loop && !watching.sees(id)) loop.pace = { time: performance.now(), step: loop.step, rate: null }
  }
  watching.look(ids)
}
/** Batches that came no longer ago are followed by others. */
const underWay = 2000

/** Whether batches go around now. */
export const isUnderWay = ({ source, passedAt }: Loop): boolean => {
  const { paused, done } = stateOf(source)
  return !paused && !done && performance.now() - passedAt < underWay
}
export const findLoop = (id: string): Loop | undefined => loops.get(id)

export function wholeLoop(id: string): LoopDigest | undefined {
  const loop = loops.get(id)
  return loop && wholeOf(loop, stateOf)
}

/** A node has ended: what it knew is let go of. The curve stays for a node that comes back under the same id. */
export function leave(node: string): void {
  sources.delete(node)
  for (const loop of allLoops().filter(({ bptt }) => bptt === node)) {
    loop.batch = undefined
    forgetAnswers(loop)
  }
}

/** After a deploy: loops whose rnn-cell is gone are forgotten. */
export function keepOnly(exists: (node: string) => boolean): void {
  for (const { id } of allLoops()) if (!exists(id)) loops.delete(id)
}
