/**
 * Who gets credit from which loss: the norms of the terms by pairs (t, i), loss at t and step i. Each loss goes back on
 * its own, which takes O(T² H²) time, and only norms are kept.
 */
import { numberIn } from '../expected'
import { checkSize } from '../limits'
import { mapParameters } from '../rnn-cell/parameters'
import { norm } from '../tensor/norm'
import { tapeOf } from '../unroll/tape'
import type { Unrolled } from '../unroll/unrolled'
import { backward } from './backward'
import { scaleByPowerOfTwo } from './scaled'
import { type Window, withLossAt } from './windows'

/** Of losses and of steps, where nothing is said. */
export const usualCap = 256

export interface CreditOptions {
  /** the most losses, and the most steps, that are looked at; of more only every stride-th is. Default 256. */
  cap?: number
}

export interface Credit {
  /** the times t of the losses: rows */
  readonly losses: number[]
  /** the steps i: columns */
  readonly steps: number[]
  /** 1 if all losses and steps are there */
  readonly stride: number
  /** by parameter: entry [row][column] is the norm of the term of step i in the gradient of the loss at t */
  readonly norms: Readonly<Record<string, number[][]>>
}

/**
 * @param logitGradient ∂L/∂(V s_t + c) [L, B, O]
 * @throws ExpectedError for a cap that leaves too many pairs
 */
export function creditOf(
  unrolled: Unrolled,
  logitGradient: Float64Array,
  windows: readonly Window[],
  { cap = usualCap }: CreditOptions,
): Credit {
  const { cell, steps, readouts } = unrolled
  const most = numberIn('cap', cap, { min: 1, integer: true })
  const stride = Math.ceil(steps / most)
  const every = (times: readonly number[]) =>
    times.filter((_, index) => (times.length - 1 - index) % stride === 0)
  const losses = every(readouts)
  const columns = every(Array.from({ length: steps }, (_, index) => index + 1))
  const columnOf = new Map(columns.map((step, column) => [step, column]))

  const tape = tapeOf(unrolled)
  const { kind } = tape.network
  const recurrent = Object.keys(cell.parameters).filter((name) => name !== 'V' && name !== 'c')
  const parts = mapParameters(cell.parameters, ({ data }) => new Float64Array(data.length))
  checkSize('maxElements', losses.length * columns.length * recurrent.length, 'numbers of credit')
  const norms: Record<string, number[][]> = Object.fromEntries(
    recurrent.map((name) => [name, losses.map(() => new Array<number>(columns.length).fill(0))]),
  )
  losses.forEach((t, row) => {
    const alone = withLossAt(windows, t)
    // what comes after the loss has no part in it; in a bidirectional network it has
    const own = cell.bidirectional ? alone : alone.map((window) => ({ ...window, from: t }))
    backward(unrolled, tape, logitGradient, own, {
      strand(i, { strand, step, exponent }) {
        const column = columnOf.get(i)
        if (column === undefined) return
        const weights = tape.network.weightsAt(strand, i)
        const { suffix } = tape.network.laneAt(strand, i)
        for (const [name, immediate] of Object.entries(kind.immediate)) {
          const part = parts[name + suffix]
          if (!part) continue
          immediate(weights, step, part.fill(0))
          scaleByPowerOfTwo(part, exponent)
          norms[name + suffix][row][column] = norm(part)
        }
      },
      readout() {},
    })
  })
  return { losses, steps: columns, stride, norms }
}
