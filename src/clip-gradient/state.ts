/** What a clipper remembers from one gradient to the next: nothing, except with a running rule. */
import { describe, ExpectedError } from '../expected'
import type { AutoClipState } from './auto-clip'
import type { ClipRule } from './options'
import type { ZClipState } from './z-clip'

export type RunningClipRule = 'auto-clip' | 'z-clip'
export type FixedClipRule = Exclude<ClipRule, RunningClipRule>

/** Survives JSON. */
export type ClipperState = AutoClipState | ZClipState | { readonly rule: FixedClipRule }

/** Whether a rule remembers earlier gradients. */
export const isRunning = (rule: ClipRule | undefined): rule is RunningClipRule =>
  rule === 'auto-clip' || rule === 'z-clip'

/**
 * The state to begin with.
 *
 * @param given of an earlier clipper of the same rule
 * @throws ExpectedError if it is of another rule or damaged
 */
export function clipperState(rule: ClipRule, given?: ClipperState): ClipperState {
  if (given && given.rule !== rule)
    throw new ExpectedError(`a state of the rule ${rule}`, `one of ${describe(given.rule)}`)
  if (rule === 'auto-clip') {
    const { history = [] } = (given ?? {}) as Partial<AutoClipState>
    return { rule, history: finiteNorms('history', history) }
  }
  if (rule === 'z-clip') {
    const { norms = [], statistics } = (given ?? {}) as Partial<ZClipState>
    if (statistics) finiteNorms('statistics', [statistics.mean, statistics.deviation])
    return { rule, norms: finiteNorms('norms', norms), ...(statistics && { statistics }) }
  }
  return { rule }
}

function finiteNorms(name: string, norms: readonly number[]): readonly number[] {
  if (Array.isArray(norms) && norms.every((norm) => Number.isFinite(norm) && norm >= 0)) return norms
  throw new ExpectedError(`${name} of the state to be finite numbers from 0`, describe(norms))
}
