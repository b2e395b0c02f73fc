/** Where a calculation first left the finite numbers: forward first, then backward. */
import type { ParameterName, Parameters } from '../rnn-cell/parameters'
import { entry } from '../tensor/axes'
import { allFinite, type Dtype, type Tensor } from '../tensor/tensor'

export interface Nonfinite {
  /** h (hidden state), c (cell state, if it has a layer), o (output), L (loss), norm, or the parameter whose gradient it is */
  readonly tensor: 'h' | 'c' | 'o' | 'L' | 'norm' | ParameterName
  /**
   * t, from 1; the initial state of h is 0, in the reverse direction T+1. Missing for the loss and the norm, which have
   * none, and for a sum of finite terms.
   */
  readonly step?: number
  /** from 1: of a cell state, and of h in a network of several layers or directions */
  readonly layer?: number
  /** it began there in the reverse direction, which goes from step T to 1 (and back from 1 to T) */
  readonly reverse?: true
}

/** The states of one layer in one direction. */
interface Strand {
  /** from 1 */
  readonly layer: number
  readonly reverse: boolean
  /** [T+1, B, H]: entry t is the state after step t, 0 the initial one; in reverse entry t-1 is, and T the initial one */
  readonly hidden: Tensor
  /** the same of an LSTM's cell state */
  readonly cellState?: Tensor
}

interface Calculated {
  /** layer by layer */
  readonly strands: readonly Strand[]
  /** steps before the first state in them, where they are but a stretch; default 0 */
  readonly from?: number
  /** o [L, B, O] at the times `readouts` */
  readonly outputs: Tensor
  readonly readouts: readonly number[]
  readonly loss: number
  /** ∂L/∂o */
  readonly der: Float64Array
  readonly terms: Readonly<Record<ParameterName, readonly number[]>>
  readonly parameters: Parameters
  readonly norm: number
  readonly precision: Dtype
}

/** Undefined if everything is finite, which is decided by the loss and the norm alone. */
export function firstNonfinite(calculated: Calculated): Nonfinite | undefined {
  const { strands, from = 0, outputs, readouts, loss, der, parameters, norm } = calculated
  if (Number.isFinite(loss) && Number.isFinite(norm)) return undefined
  const state = firstState(strands, from)
  if (state) return state
  const output = readouts.findIndex((_, index) => !allFinite(entry(outputs, index)))
  if (output >= 0) return { tensor: 'o', step: readouts[output] }
  if (!Number.isFinite(loss) || !allFinite(der)) return { tensor: 'L' }
  const term = firstTerm(calculated)
  if (term) return term
  const sum = Object.keys(parameters).find((name) => !allFinite(parameters[name].data))
  return { tensor: sum ?? 'norm' }
}

/** Where one strand, or one parameter of it, went bad. */
interface Beginning {
  readonly nonfinite: Nonfinite & { readonly step: number }
  /** strands of lower rank are calculated first, and feed it */
  readonly rank: number
  /** how far a strand has come when it is at a step */
  readonly turnAt: (step: number) => number
}

/**
 * The first beginning. One does not count if a strand that feeds it was bad at that step already. Of those that went the
 * same way the earliest is the first.
 */
function first(beginnings: readonly Beginning[]): Nonfinite | undefined {
  const turn = ({ nonfinite, turnAt }: Beginning) => turnAt(nonfinite.step)
  const origins = beginnings.filter(
    ({ rank, nonfinite }) =>
      !beginnings.some((other) => other.rank < rank && other.turnAt(nonfinite.step) >= turn(other)),
  )
  return origins.reduce<Beginning | undefined>(
    (best, one) =>
      best && (best.nonfinite.reverse !== one.nonfinite.reverse || turn(best) <= turn(one)) ? best : one,
    undefined,
  )?.nonfinite
}

/** A cell state is calculated before the hidden state of the same step. */
function firstState(strands: readonly Strand[], from: number): Nonfinite | undefined {
  const beginnings = strands.flatMap(({ layer, reverse, hidden, cellState }) => {
    const end = hidden.shape[0]
    const turnAt = (step: number) => (reverse ? end - step : step - from)
    for (let turn = 0; turn < end; turn++) {
      const index = reverse ? end - 1 - turn : turn
      const where = { step: reverse ? index + 1 : from + index, ...(reverse && ({ reverse } as const)) }
      if (cellState && !allFinite(entry(cellState, index)))
        return { nonfinite: { tensor: 'c', ...where, layer }, rank: layer, turnAt }
      if (!allFinite(entry(hidden, index)))
        return {
          nonfinite: { tensor: 'h', ...where, ...(strands.length > 1 && { layer }) },
          rank: layer,
          turnAt,
        }
    }
    return []
  })
  return first(beginnings)
}

/** The way back goes from the last layer to the first, and in the reverse direction from step 1 on. */
function firstTerm({ terms, precision }: Calculated): Nonfinite | undefined {
  const bad = (value: number) => !Number.isFinite(precision === 'float32' ? Math.fround(value) : value)
  const beginnings = Object.entries(terms).flatMap(([tensor, norms]) => {
    const reverse = tensor.endsWith('r')
    const step = 1 + (reverse ? norms.findIndex(bad) : norms.findLastIndex(bad))
    if (step === 0) return []
    return {
      nonfinite: { tensor, step, ...(reverse && ({ reverse } as const)) },
      rank: -Number(/\d+/.exec(tensor) ?? 1),
      turnAt: (at: number) => (reverse ? at : -at),
    }
  })
  return first(beginnings)
}
