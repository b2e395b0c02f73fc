/** How parameters start. One function a scheme; each says whose it is. */
import { Matrix, QrDecomposition } from 'ml-matrix'
import type { Random } from '../random/random'
import { type Dtype, floats, sizeOf, type Tensor, tensor } from '../tensor/tensor'
import { forEachParameter, type ParameterName } from './parameters'

type Shape = readonly number[]
type Draw = (shape: Shape, random: Random) => Float64Array
type Scheme = Readonly<Record<ParameterName, Draw>>

const drawn = (shape: Shape, next: () => number) => Float64Array.from({ length: sizeOf(shape) }, next)

const zeros: Draw = (shape) => new Float64Array(sizeOf(shape))

/** U(-bound, bound) */
const uniformWithin =
  (bound: (shape: Shape) => number): Draw =>
  (shape, random) => {
    const limit = bound(shape)
    return drawn(shape, () => random.uniform(-limit, limit))
  }

/** Glorot & Bengio 2010: U(±√(6 / (rows + columns))). */
const glorot = uniformWithin(([rows, columns]) => Math.sqrt(6 / (rows + columns)))

/** Le, Jaitly & Hinton 2015 draw what is not recurrent from N(0, 0.001²). */
const tiny: Draw = (shape, random) => drawn(shape, () => 0.001 * random.normal())

/** Saxe, McClelland & Ganguli 2013: Q of a Gaussian matrix's QR, signs fixed so that it is uniform (Mezzadri 2007). */
const orthogonal: Draw = (shape, random) => {
  const [size] = shape
  const gaussian = new Matrix(size, size).apply(function (this: Matrix, row, column) {
    this.set(row, column, random.normal())
  })
  const { orthogonalMatrix, upperTriangularMatrix } = new QrDecomposition(gaussian)
  const signs = upperTriangularMatrix.diagonal().map(Math.sign)
  return Float64Array.from(orthogonalMatrix.to1DArray(), (value, index) => value * (signs[index % size] || 1))
}

const identity: Draw = ([size]) =>
  Float64Array.from({ length: size * size }, (_, index) => (index % (size + 1) === 0 ? 1 : 0))

/** PyTorch's nn.RNN: every parameter U(±1/√H); the readout likewise, as nn.Linear(H, O) does. */
const uniform = (hiddenSize: number): Scheme => {
  const draw = uniformWithin(() => 1 / Math.sqrt(hiddenSize))
  return { W: draw, U: draw, b: draw, V: draw, c: draw }
}

const schemes = {
  uniform,
  glorot: () => ({ W: glorot, U: glorot, b: zeros, V: glorot, c: zeros }),
  /** Keras's SimpleRNN: W orthogonal, the others Glorot. */
  orthogonal: () => ({ W: orthogonal, U: glorot, b: zeros, V: glorot, c: zeros }),
  /** The IRNN of Le, Jaitly & Hinton 2015; made for relu. */
  identity: () => ({ W: identity, U: tiny, b: zeros, V: tiny, c: zeros }),
} satisfies Record<string, (hiddenSize: number) => Scheme>

export type InitializerName = keyof typeof schemes
export const initializerNames = Object.keys(schemes) as InitializerName[]

/**
 * Parameters of the given shapes, drawn in the order of `shapes`.
 *
 * @param gain factor on the recurrent matrix W
 */
export function initialize(
  name: InitializerName,
  shapes: Record<ParameterName, number[]>,
  gain: number,
  random: Random,
  dtype: Dtype,
): Record<ParameterName, Tensor> {
  const scheme: Scheme = schemes[name](shapes.W[0])
  const make = (parameter: ParameterName): Tensor => {
    const data = floats(dtype, sizeOf(shapes[parameter]))
    data.set(scheme[parameter](shapes[parameter], random))
    if (parameter === 'W') for (let index = 0; index < data.length; index++) data[index] *= gain
    return tensor(dtype, shapes[parameter], data)
  }
  return forEachParameter(make)
}
