/** What torch.nn.RNN, GRU and LSTM call the tensors of a lane: `weight_ih_l0`, or in reverse `bias_hh_l1_reverse`. */
import type { CellForm } from '../rnn-cell/form'
import { decoderLanesOf, type Lane, lanesOf } from '../rnn-cell/lanes'

/** PyTorch's own four; the peepholes, which it has not; and the projection of an LSTM, which a cell has not. */
export type LaneTensor = 'weight_ih' | 'weight_hh' | 'bias_ih' | 'bias_hh' | 'peephole' | 'weight_hr'

/** A name taken apart. */
export interface LaneName {
  readonly name: string
  /** before it, with the dot: of a module in which the network lies */
  readonly prefix: string
  readonly tensor: LaneTensor
  /** from 1 */
  readonly layer: number
  readonly reverse: boolean
}

export const laneName = (tensor: LaneTensor, { layer, reverse }: Pick<Lane, 'layer' | 'reverse'>): string =>
  `${tensor}_l${layer - 1}${reverse ? '_reverse' : ''}`

const pattern = /^(|.*\.)(weight_ih|weight_hh|bias_ih|bias_hh|peephole|weight_hr)_l(0|[1-9]\d*)(_reverse)?$/s

/** undefined for the name of something else. */
export function readLaneName(name: string): LaneName | undefined {
  const [, prefix, tensor, index, reverse] = name.match(pattern) ?? []
  if (tensor === undefined) return undefined
  return {
    name,
    prefix,
    tensor: tensor as LaneTensor,
    layer: Number(index) + 1,
    reverse: reverse !== undefined,
  }
}

/** Our files' own prefix of a decoder. */
export const decoderPrefix = 'decoder.'
/** Our files' own stem of the readout, an nn.Linear. */
export const readoutStem = 'readout'

/** All lanes of a form, each with the prefix of its part. */
export const prefixedLanes = (
  form: CellForm,
  prefixes: { recurrent: string; decoder: string },
): { prefix: string; lane: Lane }[] => [
  ...lanesOf(form).map((lane) => ({ prefix: prefixes.recurrent, lane })),
  ...(form.decoder ? decoderLanesOf(form).map((lane) => ({ prefix: prefixes.decoder, lane })) : []),
]
