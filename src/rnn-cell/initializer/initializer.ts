/** How the parameters of a cell start: a scheme for its matrices, and biases that open or close gates. */
import type { Random } from '../../random/random'
import { type Dtype, floats, sizeOf, type Tensor, tensor } from '../../tensor/tensor'
import { type CellForm, readableSize } from '../form'
import { setChronoBias, setForgetBias } from './biases'
import {
  type Draw,
  glorotNormal,
  glorotUniform,
  heNormal,
  identity,
  lecunNormal,
  orthogonal,
  tiny,
  uniformWithin,
  zeros,
} from './schemes'

/** What draws a recurrent matrix, another matrix, and a vector. */
interface Scheme {
  readonly recurrent: Draw
  readonly matrix: Draw
  readonly vector: Draw
}

/** PyTorch's nn.RNN, GRU, LSTM: every parameter U(±1/√H); the readout U(±1/√S), as nn.Linear(S, O) does. */
const uniform = (fanIn: number): Scheme => {
  const draw = uniformWithin(() => 1 / Math.sqrt(fanIn))
  return { recurrent: draw, matrix: draw, vector: draw }
}

const withZeroBias =
  (matrix: Draw, recurrent = matrix) =>
  (): Scheme => ({ recurrent, matrix, vector: zeros })

const schemes = {
  uniform,
  glorot: withZeroBias(glorotUniform),
  'glorot-normal': withZeroBias(glorotNormal),
  he: withZeroBias(heNormal),
  lecun: withZeroBias(lecunNormal),
  /** As Keras: W orthogonal, gate by gate, the others Glorot. */
  orthogonal: withZeroBias(glorotUniform, orthogonal),
  /** The IRNN of Le, Jaitly & Hinton 2015; made for relu. */
  identity: withZeroBias(tiny, identity),
  zeros: withZeroBias(zeros),
} satisfies Record<string, (fanIn: number) => Scheme>

export type InitializerName = keyof typeof schemes
export const initializerNames = Object.keys(schemes) as InitializerName[]

export interface Start {
  readonly initializer: InitializerName
  /** factor on the recurrent matrices */
  readonly gain: number
  readonly forgetBias?: number
  readonly chrono?: number
}

const isRecurrent = (name: string): boolean => name.startsWith('W')
const isBias = (name: string): boolean => name.startsWith('b') && !name.startsWith('bn')

/** Parameters of the given shapes, drawn in the order of `shapes`. */
export function initialize(
  { initializer, gain, forgetBias, chrono }: Start,
  form: CellForm,
  shapes: Readonly<Record<string, readonly number[]>>,
  random: Random,
  dtype: Dtype,
): Record<string, Tensor> {
  const ofLanes: Scheme = schemes[initializer](form.sizes.hiddenSize)
  const ofReadout: Scheme = schemes[initializer](readableSize(form))
  const parameters: Record<string, Tensor> = {}
  for (const [name, shape] of Object.entries(shapes)) {
    const { recurrent, matrix, vector } = name === 'V' || name === 'c' ? ofReadout : ofLanes
    const draw = isRecurrent(name) ? recurrent : shape.length === 2 ? matrix : vector
    const data = floats(dtype, sizeOf(shape))
    data.set(draw(shape, random))
    if (isRecurrent(name)) for (let index = 0; index < data.length; index++) data[index] *= gain
    if (isBias(name) && forgetBias !== undefined) setForgetBias(data, forgetBias)
    if (isBias(name) && chrono !== undefined) setChronoBias(data, form.type, chrono, random)
    parameters[name] = tensor(dtype, shape, data)
  }
  return parameters
}
