/** Backward step by step, in plain TypeScript: what defines the gradient, and what can do everything. */
import { mapParameters, type ParameterName, type Parameters } from '../rnn-cell/parameters'
import { norm } from '../tensor/norm'
import { asDtype, type Tensor, tensor } from '../tensor/tensor'
import { readoutPartials } from '../unroll/readout'
import { sequenceOf } from '../unroll/sequence-of'
import { type Tape, tapeOf } from '../unroll/tape'
import type { Unrolled } from '../unroll/unrolled'
import { backward } from './backward'
import type { Norms } from './pass'
import { type Regularization, type RegularizerOptions, regularizer } from './regularizer'
import { type Scaled, scaleByPowerOfTwo } from './scaled'
import type { Window } from './windows'

export interface Computed {
  readonly parameters: Parameters
  readonly terms: Readonly<Record<ParameterName, number[]>>
  readonly sequenceTerms?: Readonly<Record<ParameterName, Tensor>>
  readonly norms: { readonly forward: Norms; readonly reverse?: Norms }
  readonly regularization?: Regularization
}

/** @param der ∂L/∂(V s_t + c) [L, B, O] */
export function gradientBySteps(
  unrolled: Unrolled,
  tape: Tape,
  der: Float64Array,
  windows: readonly Window[],
  regularizing: RegularizerOptions | undefined,
): Computed {
  const { cell, steps } = unrolled
  const omega = regularizing && regularizer(unrolled, regularizing)
  const sums = mapParameters(cell.parameters, ({ data }) => new Float64Array(data.length))
  const part = mapParameters(cell.parameters, ({ data }) => new Float64Array(data.length))
  const terms = mapParameters(cell.parameters, () => new Array<number>(steps).fill(0))
  const add = (name: ParameterName, t: number, exponent: number, fill: (term: Float64Array) => void) => {
    const term = part[name].fill(0)
    fill(term)
    scaleByPowerOfTwo(term, exponent)
    terms[name][t - 1] = norm(term)
    for (let index = 0; index < term.length; index++) sums[name][index] += term[index]
  }

  const norms = backward(unrolled, tape, der, windows, {
    strand(t, { strand, step, exponent }) {
      const weights = tape.network.weightsAt(strand, t)
      const lane = tape.network.laneAt(strand, t)
      for (const [name, immediate] of Object.entries(tape.network.kind.immediate)) {
        const own = name + lane.suffix
        if (sums[own]) add(own, t, exponent, (term) => immediate(weights, step, term))
      }
      omega?.add(t, lane, step)
    },
    readout(index, { values, exponent }: Scaled) {
      if (cell.readout === 'none') return
      const t = unrolled.readouts[index]
      const state = tape.readable(t)
      for (const [name, immediate] of Object.entries(readoutPartials))
        add(name, t, exponent, (term) => immediate(cell, values, state, unrolled.batch, term))
    },
  })
  const regularization = omega?.addTo(sums)

  const parameters = mapParameters(cell.parameters, ({ shape }, name) =>
    asDtype(tensor('float64', shape, sums[name]), cell.precision),
  )
  return { parameters, terms, norms, ...(regularization && { regularization }) }
}

/** Norms of the terms of each sequence by itself, [T, B]. */
export function sequenceTermsBySteps(
  unrolled: Unrolled,
  der: Float64Array,
  windows: readonly Window[],
): Record<ParameterName, Tensor> {
  const { batch, steps, cell } = unrolled
  const size = unrolled.outputs.shape[2]
  const norms = mapParameters(cell.parameters, () => tensor('float64', [steps, batch]))
  for (let sequence = 0; sequence < batch; sequence++) {
    const own = sequenceOf(unrolled, sequence, 1)
    const ownDer = der.filter((_, index) => Math.floor(index / size) % batch === sequence)
    const { terms } = gradientBySteps(own, tapeOf(own), ownDer, windows, undefined)
    for (const [name, ofSteps] of Object.entries(terms))
      ofSteps.forEach((value, step) => {
        norms[name].data[step * batch + sequence] = value
      })
  }
  return norms
}
