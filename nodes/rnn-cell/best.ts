/** The best cell so far, judged by the loss on held-out sequences, and when it is no use to go on. */
import { type Cell, numberIn } from '../../src'
import { numberField } from '../common/fields'

export interface BestConfig {
  keepBest?: boolean
  patience?: string
  minDelta?: string
}

export interface Best {
  readonly cell: Cell
  readonly version: number
  readonly loss: number
}

export interface Judged {
  /** undefined as long as nothing was judged */
  readonly best: Best | undefined
  /** passes since the best that were no better */
  readonly since: number
}

export type Verdict = 'better' | 'worse' | 'stop'

export interface Judge {
  readonly state: Judged
  /** a pass over held-out sequences begins: this cell is what is judged */
  begins(cell: Cell, version: number): void
  /** the pass of that version has ended; undefined if it never began here */
  ends(version: number, loss: number): Verdict | undefined
  startAgain(): void
}

/** Passes that may be under way at once. */
const mostPasses = 4

/**
 * As PyTorch Lightning's EarlyStopping: better is a loss below the best by more than min delta; after as many passes
 * without one as patience says training is to stop.
 *
 * @returns undefined if the best is not kept
 */
export function readJudge(
  { keepBest, patience, minDelta }: BestConfig,
  restored: Judged | undefined,
): Judge | undefined {
  if (!keepBest) return undefined
  const most = numberField('patience', patience)
  if (most !== undefined) numberIn('patience', most, { min: 1, integer: true })
  const delta = numberIn('min delta', numberField('min delta', minDelta) ?? 0, { min: 0 })
  const none: Judged = { best: undefined, since: 0 }
  let state = restored ?? none
  let passes: { cell: Cell; version: number }[] = []

  return {
    get state() {
      return state
    },
    begins(cell, version) {
      if (passes.at(-1)?.version === version) return
      passes = [...passes, { cell, version }].slice(-mostPasses)
    },
    ends(version, loss) {
      const pass = passes.find((one) => one.version === version)
      passes = passes.filter((one) => one.version > version)
      if (!pass) return undefined
      // a loss that is not finite is no better than any
      if (loss < (state.best?.loss ?? Number.POSITIVE_INFINITY) - (state.best ? delta : 0)) {
        state = { best: { ...pass, loss }, since: 0 }
        return 'better'
      }
      state = { ...state, since: state.since + 1 }
      return most !== undefined && state.since >= most ? 'stop' : 'worse'
    },
    startAgain() {
      state = none
      passes = []
    },
  }
}
