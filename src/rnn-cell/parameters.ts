/** The parameters of a cell: their names, and their shapes from its sizes. */
import type { Tensor } from '../tensor/tensor'

export interface CellSizes {
  /** D, features of an input x_t */
  readonly inputSize: number
  /** H, numbers in the hidden state h_t */
  readonly hiddenSize: number
  /** O, numbers in the readout o_t */
  readonly outputSize: number
}

/** W [H,H], U [H,D], b [H] of h_t = φ(W h_{t-1} + U x_t + b); V [O,H], c [O] of o_t = V h_t + c. */
export type ParameterName = 'W' | 'U' | 'b' | 'V' | 'c'
export type Parameters = Readonly<Record<ParameterName, Tensor>>

/** In the order in which they are drawn, stored and listed. */
export const parameterNames: readonly ParameterName[] = ['W', 'U', 'b', 'V', 'c']

export const parameterShapes = ({
  inputSize,
  hiddenSize,
  outputSize,
}: CellSizes): Record<ParameterName, number[]> => ({
  W: [hiddenSize, hiddenSize],
  U: [hiddenSize, inputSize],
  b: [hiddenSize],
  V: [outputSize, hiddenSize],
  c: [outputSize],
})

/** The same thing made for every parameter. */
export const forEachParameter = <T>(make: (name: ParameterName) => T): Record<ParameterName, T> => ({
  W: make('W'),
  U: make('U'),
  b: make('b'),
  V: make('V'),
  c: make('c'),
})
