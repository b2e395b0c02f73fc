/**
 * The parameters of a cell: their names, and their shapes from its sizes.
 *
 * Layer 1 has W [gH, H], U [gH, D] and b [gH], its g gates stacked along the rows as PyTorch stacks them (RNN: g = 1;
 * LSTM: i f g o; GRU: r z n). A GRU that resets after the product also has bn [H], the recurrent bias inside of it; an
 * LSTM with peepholes p [3H] (i f o). Layer k is called Wk Uk bk …, the reverse direction Wr, W2r …, a decoder of its
 * own Wd, W2d …. The readout is V [O, S], c [O].
 */
import type { Tensor } from '../tensor/tensor'

export interface CellSizes {
  /** D, features of an input x_t */
  readonly inputSize: number
  /** H, numbers in the hidden state h_t of a layer */
  readonly hiddenSize: number
  /** O, numbers in the readout o_t */
  readonly outputSize: number
}

export type ParameterName = string
export type Parameters = Readonly<Record<ParameterName, Tensor>>

/** The same thing made of every parameter. */
export const mapParameters = <From, To>(
  parameters: Readonly<Record<ParameterName, From>>,
  make: (parameter: From, name: ParameterName) => To,
): Record<ParameterName, To> =>
  Object.fromEntries(Object.entries(parameters).map(([name, parameter]) => [name, make(parameter, name)]))
