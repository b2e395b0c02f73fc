/**
 * Large work whose numbers leave the range of the kernels, in other ways than step by step, which would hold the event
 * loop up for seconds.
 */
import { mapParameters } from '../rnn-cell/parameters'
import { asDtype, floats, type Tensor } from '../tensor/tensor'
import type { Unrolled } from '../unroll/unrolled'
import type { Computed } from './by-steps'

/** What comes of a loss that is not finite: no number of it. */
export function lostGradient({ cell, steps }: Unrolled): Computed {
  const lost = () => new Array<number>(steps).fill(Number.NaN)
  const norms = () => ({ gradient: lost(), carried: lost() })
  return {
    parameters: mapParameters(cell.parameters, ({ shape, dtype, data }) => ({
      shape,
      dtype,
      data: floats(dtype, data.length).fill(Number.NaN),
    })),
    terms: mapParameters(cell.parameters, lost),
    norms: { forward: norms(), ...(cell.bidirectional && { reverse: norms() }) },
  }
}

/** The same network in float64, to go forward and back once more: there an exploding gradient has room. */
export function widened(unrolled: Unrolled): Unrolled {
  const { cell, strands, inputs, fed } = unrolled
  const wide = (tensor: Tensor): Tensor => asDtype(tensor, 'float64')
  return {
    ...unrolled,
    cell: { ...cell, precision: 'float64', parameters: mapParameters(cell.parameters, wide) },
    inputs: wide(inputs),
    ...(fed && { fed: { ...fed, inputs: wide(fed.inputs) } }),
    strands: strands.map(({ hidden, cellState, ...strand }) => ({
      ...strand,
      hidden: wide(hidden),
      ...(cellState && { cellState: wide(cellState) }),
    })),
  }
}

/** A gradient of the widened network as one of the network itself. */
export const narrowed = (computed: Computed, { cell: { precision } }: Unrolled): Computed => ({
  ...computed,
  parameters: mapParameters(computed.parameters, (tensor) => asDtype(tensor, precision)),
})
