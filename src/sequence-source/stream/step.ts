/** What the stages of a stream hand on to one another. */

/** A number a field. */
export type Values = readonly number[]

/** observed: from readings; filled: made up for a gap, never a target; masked: there is nothing */
export type StepKind = 'observed' | 'filled' | 'masked'

/** One step of the series of a topic. */
export interface Step {
  readonly values: Values
  readonly kind: StepKind
}

/** A reading whose place in time is known. */
export interface Arrival {
  /** ms since 1970 */
  readonly time: number
  /** undefined: at this time there was none */
  readonly values: Values | undefined
}
