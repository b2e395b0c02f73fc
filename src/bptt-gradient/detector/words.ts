/** Numbers and findings in words. */
import type { Nonfinite } from '../nonfinite'

/** What went bad first, in words. */
export function nonfiniteReason({ tensor, step, layer, reverse }: Nonfinite): string {
  const where = step === undefined ? '' : ` from step ${step} on${inReverse(reverse)}`
  return `${nameOf(tensor, layer)} is not finite${where}`
}

/** A state may have a layer; c without one is the readout's bias. */
function nameOf(tensor: string, layer: number | undefined): string {
  const of = layer === undefined ? '' : ` of layer ${layer}`
  if (tensor === 'h') return `the hidden state h${of}`
  if (tensor === 'c' && layer !== undefined) return `the cell state c${of}`
  if (tensor === 'o') return 'the output o'
  if (tensor === 'L') return 'the loss'
  return tensor === 'norm' ? "the gradient's norm" : `the gradient of ${tensor}`
}

export const inReverse = (reverse: boolean | undefined): string =>
  reverse ? ' in the reverse direction' : ''

export const range = ([first, last]: readonly [number, number]): string =>
  first === last ? `step ${first}` : `steps ${first} to ${last}`

export const show = (value: number): string => Number(value.toPrecision(3)).toString()

/** A factor given as its natural logarithm, in words: it may be far outside of floating point. */
export function times(logFactor: number): string {
  if (logFactor === Number.POSITIVE_INFINITY) return 'to exactly zero'
  const decades = logFactor / Math.LN10
  return decades < 6 ? `${show(Math.exp(logFactor))}-fold` : `10^${decades.toFixed(1)}-fold`
}
