/** How a matrix starts. One function a scheme; each says whose it is. */
import { Matrix, QrDecomposition } from 'ml-matrix'
import type { Random } from '../../random/random'
import { sizeOf } from '../../tensor/tensor'

/** @param shape [rows, columns]: a row an output, a column an input, so that fan-in is the number of columns */
export type Draw = (shape: readonly number[], random: Random) => Float64Array

const drawn = (shape: readonly number[], next: () => number) =>
  Float64Array.from({ length: sizeOf(shape) }, next)

export const zeros: Draw = (shape) => new Float64Array(sizeOf(shape))

/** U(-limit, limit) */
export const uniformWithin =
  (limit: (shape: readonly number[]) => number): Draw =>
  (shape, random) => {
    const bound = limit(shape)
    return drawn(shape, () => random.uniform(-bound, bound))
  }

/** N(0, deviation²) */
const normalOf =
  (deviation: (shape: readonly number[]) => number): Draw =>
  (shape, random) => {
    const scale = deviation(shape)
    return drawn(shape, () => scale * random.normal())
  }

/** Glorot & Bengio 2010: U(±√(6 / (rows + columns))). */
export const glorotUniform = uniformWithin(([rows, columns]) => Math.sqrt(6 / (rows + columns)))

/** Glorot & Bengio 2010: N(0, 2 / (rows + columns)). */
export const glorotNormal = normalOf(([rows, columns]) => Math.sqrt(2 / (rows + columns)))

/** He et al. 2015, for relu: N(0, 2 / columns). */
export const heNormal = normalOf(([, columns]) => Math.sqrt(2 / columns))

/** LeCun et al. 1998: N(0, 1 / columns). */
export const lecunNormal = normalOf(([, columns]) => Math.sqrt(1 / columns))

/** Le, Jaitly & Hinton 2015 draw what is not recurrent from N(0, 0.001²). */
export const tiny = normalOf(() => 0.001)

/**
 * Saxe, McClelland & Ganguli 2013: Q of a Gaussian matrix's QR, signs fixed so that it is uniform (Mezzadri 2007). The
 * matrices of several gates are drawn one by one.
 */
export const orthogonal: Draw = ([rows, size], random) => {
  const blocks = Array.from({ length: rows / size }, () => {
    const gaussian = new Matrix(size, size).apply(function (this: Matrix, row, column) {
      this.set(row, column, random.normal())
    })
    const { orthogonalMatrix, upperTriangularMatrix } = new QrDecomposition(gaussian)
    const signs = upperTriangularMatrix.diagonal().map(Math.sign)
    return orthogonalMatrix.to1DArray().map((value, index) => value * (signs[index % size] || 1))
  })
  return Float64Array.from(blocks.flat())
}

/** One in every diagonal, gate by gate. */
export const identity: Draw = ([rows, size]) =>
  Float64Array.from({ length: rows * size }, (_, index) =>
    (((index / size) % size) | 0) === index % size ? 1 : 0,
  )
