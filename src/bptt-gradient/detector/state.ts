/** What a detector remembers from one gradient to the next: plain numbers, safe in JSON. */
import { describe, ExpectedError, numberIn } from '../../expected'
import type { Latch } from './hysteresis'
import type { SpikeState } from './spike'

export interface DetectorState {
  readonly spike: SpikeState
  readonly exploding: Latch
  readonly vanishing: Latch
}

export const freshState: DetectorState = {
  spike: { count: 0, mean: 0, variance: 0 },
  exploding: { on: false, calm: 0 },
  vanishing: { on: false, calm: 0 },
}

/** @throws ExpectedError if it is not the state of a detector */
export function checkedState({ spike, exploding, vanishing }: DetectorState): DetectorState {
  return {
    spike: {
      count: numberIn('spike.count of the state', spike?.count, { min: 0, integer: true }),
      mean: numberIn('spike.mean of the state', spike.mean),
      variance: numberIn('spike.variance of the state', spike.variance, { min: 0 }),
    },
    exploding: checkedLatch('exploding', exploding),
    vanishing: checkedLatch('vanishing', vanishing),
  }
}

function checkedLatch(name: string, latch: Latch | undefined): Latch {
  if (typeof latch?.on !== 'boolean')
    throw new ExpectedError(`${name}.on of the state to be true or false`, describe(latch?.on))
  return { on: latch.on, calm: numberIn(`${name}.calm of the state`, latch.calm, { min: 0, integer: true }) }
}
