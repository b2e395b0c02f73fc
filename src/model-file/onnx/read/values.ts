/**
 * What is known of a value in a graph that is read: not its numbers, but what it stands for in a recurrent network. Axes
 * are told apart by names, so that a value can be followed wherever they are turned to.
 */
import { ExpectedError } from '../../../expected'
import type { Tensor } from '../../../tensor/tensor'
import type { NodeReader } from './node'

export type Axis = string

/** The axes of states; that of time and that of the batch have the names they have in the graph's input. */
export const directionAxis = 'directions'
export const hiddenAxis = 'hidden'
/** both directions side by side */
export const statesAxis = 'states'
export const outputAxis = 'outputs'

/** V h + c and what follows it, as far as it has come. */
export interface Readout {
  /** [O, S]; missing where the states themselves are scaled */
  readonly V?: Tensor
  readonly c?: Tensor
  readonly activation?: 'sigmoid' | 'softmax'
  /** back to the units of the data: times std, plus mean */
  readonly std?: Tensor
  readonly mean?: Tensor
}

/** Numbers that run through the network: inputs, states or outputs. */
export interface Signal {
  readonly kind: 'signal'
  readonly axes: readonly Axis[]
  /** layers it has come through; 0: an input of the graph */
  readonly layer: number
  /** of the graph's input where it begins */
  readonly featureAxis: Axis
  /** of the layer that it comes from */
  readonly isBidirectional: boolean
  /** of an input: less mean, divided by std */
  readonly mean?: Tensor
  readonly std?: Tensor
  /** only some of the steps or sequences: nothing for another layer to take in */
  readonly isCut?: boolean
  /** of a layer in both directions, only one of them */
  readonly half?: 'forward' | 'reverse'
  /** c of an LSTM, which no readout sees */
  readonly isCellState?: boolean
  readonly readout?: Readout
}

/** A whole number, or the size of an axis that the file leaves open. */
export type Entry = number | Axis

export type Value =
  | Signal
  /** constant numbers */
  | { readonly kind: 'numbers'; readonly tensor: Tensor }
  /** shapes, axes and indices */
  | { readonly kind: 'integers'; readonly entries: readonly Entry[]; readonly isScalar: boolean }
  /** states to begin with */
  | { readonly kind: 'zeros' }
  /** last states of several layers or directions, one after the other along the first axis */
  | { readonly kind: 'stack'; readonly parts: readonly Signal[] }
  /** left out */
  | { readonly kind: 'none' }

export const none: Value = { kind: 'none' }
export const zeros: Value = { kind: 'zeros' }

/** A shape is never longer; without a bound, one put beside itself a few times would have no end. */
const mostEntries = 64

export function integers(entries: readonly Entry[], isScalar = false): Value {
  if (entries.length <= mostEntries) return { kind: 'integers', entries, isScalar }
  throw new ExpectedError(`at most ${mostEntries} whole numbers in a shape`, `${entries.length}`)
}

/** The sizes of axes, as far as the file says. */
export type AxisSizes = Map<Axis, number>

/** Undefined if the file leaves it open. */
export function sizeOfAxis(axis: Axis, signal: Signal, sizes: AxisSizes): number | undefined {
  const directions = directionsOf(signal).length
  if (axis === directionAxis) return directions
  if (axis === outputAxis) return signal.readout?.V?.shape[0]
  const size = sizes.get(axis === statesAxis ? hiddenAxis : axis)
  return size !== undefined && axis === statesAxis ? directions * size : size
}

export const directionsOf = ({ isBidirectional }: Signal): readonly ('forward' | 'reverse')[] =>
  isBidirectional ? ['forward', 'reverse'] : ['forward']

/** The first input of a node. */
export function signalOf(node: NodeReader): Signal {
  const [from] = node.inputs
  return from?.kind === 'signal' ? from : node.refuse('inputs, states or outputs', from?.kind ?? 'nothing')
}
