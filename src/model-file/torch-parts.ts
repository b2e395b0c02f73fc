/** Which tensors of a file are the recurrent network, which its decoder, and which the readout: told by their names. */
import { ExpectedError } from '../expected'
import type { Tensor } from '../tensor/tensor'
import { short } from './short'
import { type LaneName, readLaneName } from './torch-names'

/** Lanes that share a prefix. */
export interface RecurrentPart {
  readonly prefix: string
  readonly names: readonly LaneName[]
}

export interface TorchParts {
  readonly recurrent: RecurrentPart
  readonly decoder?: RecurrentPart
  /** the names of its two tensors */
  readonly readout?: { readonly weight: string; readonly bias: string }
}

/** @throws ExpectedError for a file without a recurrent network, or with more than can be told apart */
export function torchParts(tensors: ReadonlyMap<string, Tensor>): TorchParts {
  const byPrefix = new Map<string, LaneName[]>()
  const others: string[] = []
  for (const name of tensors.keys()) {
    const read = readLaneName(name)
    if (read) byPrefix.set(read.prefix, [...(byPrefix.get(read.prefix) ?? []), read])
    else others.push(name)
  }
  const parts = [...byPrefix].map(([prefix, names]) => ({ prefix, names }))
  if (parts.length === 0)
    throw new ExpectedError(
      'weight_ih_l0, weight_hh_l0 … as torch.nn.RNN, GRU and LSTM name them',
      listed(others),
    )
  const readout = readoutOf(others, tensors)
  return { ...recurrentParts(parts), ...(readout && { readout }) }
}

function recurrentParts(parts: readonly RecurrentPart[]): Omit<TorchParts, 'readout'> {
  if (parts.length === 1) return { recurrent: parts[0] }
  const isDecoder = ({ prefix }: RecurrentPart) => prefix.split('.').includes('decoder')
  const [recurrent, ...more] = parts.filter((part) => !isDecoder(part))
  const [decoder, ...moreDecoders] = parts.filter(isDecoder)
  if (recurrent && decoder && more.length === 0 && moreDecoders.length === 0) return { recurrent, decoder }
  throw new ExpectedError(
    'one recurrent network, or two of which one is called decoder',
    listed(parts.map(({ prefix, names }) => (prefix === '' ? names[0].name : `${short(prefix)}*`))),
  )
}

function readoutOf(others: readonly string[], tensors: ReadonlyMap<string, Tensor>): TorchParts['readout'] {
  if (others.length === 0) return undefined
  const [bias, weight] = [...others].sort()
  const stem = weight?.match(/^(.+)\.weight$/s)?.[1]
  const isPair = others.length === 2 && stem !== undefined && bias === `${stem}.bias`
  if (isPair && tensors.get(weight)?.shape.length === 2) return { weight, bias }
  throw new ExpectedError(
    'nothing beside the recurrent network but one readout, a matrix *.weight and its *.bias',
    listed(others),
  )
}

const listed = (names: readonly string[]): string =>
  names.length === 0
    ? 'a file without tensors'
    : names.length > 4
      ? `${names.slice(0, 3).map(short).join(', ')} and ${names.length - 3} more`
      : names.map(short).join(', ')
