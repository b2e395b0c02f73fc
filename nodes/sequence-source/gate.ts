/** Holds a loop where a person wants it held: while paused, a message that asks for a batch waits, the latest alone. */
import { oneOf } from '../../src'
import type { RnnMessage } from '../common/message'

const gateControls = ['pause', 'resume', 'step', 'stop'] as const
export type GateControl = (typeof gateControls)[number]

export interface Gate {
  readonly isPaused: boolean
  /** whether the message has to wait; one that has not may go through once */
  holds(msg: RnnMessage): boolean
  /** a batch has gone out, and is to come back */
  wentOut(): void
  /** it has come back, or will not any more */
  cameBack(): void
  /**
   * @returns the message that is to go through now: what waited, or where nothing goes around `msg` itself; undefined
   *   where what goes around has to come back first
   */
  control(how: Exclude<GateControl, 'stop'>, msg: RnnMessage): RnnMessage | undefined
  /** a start from the beginning: nothing is held any more */
  open(): void
}

/** A batch takes longer than this, in milliseconds, only in very large networks. */
const patience = 3000

export const readControl = (given: unknown): GateControl => oneOf('msg.control', given, gateControls)

export function gate(): Gate {
  let isPaused = false
  let held: RnnMessage | undefined
  /** batches that may still go out while paused */
  let allowed = 0
  let isOut = false
  let outSince = 0

  const take = (msg: RnnMessage): RnnMessage => {
    const { control: _, ...rest } = held ?? msg
    held = undefined
    return rest
  }

  return {
    get isPaused() {
      return isPaused
    },
    holds(msg) {
      if (!isPaused) return false
      if (allowed > 0) {
        allowed -= 1
        return false
      }
      held = msg
      return true
    },
    wentOut() {
      isOut = true
      outSince = performance.now()
    },
    cameBack() {
      isOut = false
    },
    control(how, msg) {
      if (how === 'resume') {
        // asked to go on though nothing holds it, a batch that has long been awaited seems to be lost
        const isLost = !isPaused && performance.now() - outSince > patience
        isPaused = false
        allowed = 0
        return held || !isOut || isLost ? take(msg) : undefined
      }
      isPaused = true
      if (how === 'pause') return undefined
      // asked for once more, the batch that is awaited seems to be lost
      const isLost = allowed > 0
      allowed = 1
      return held || !isOut || isLost ? take(msg) : undefined
    },
    open() {
      isPaused = false
      held = undefined
      allowed = 0
      isOut = false
    },
  }
}
