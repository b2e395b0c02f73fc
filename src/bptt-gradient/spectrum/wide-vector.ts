/**
 * Vectors whose components each have an exponent of their own, and matrix times vector on them. A long
 * product of Jacobians can shrink one component to 1e-400 of another and let it win in the end, so one scale
 * for the whole vector is not enough. All scales are powers of two: scaling costs no digit.
 */
import { addProduct, addProductTransposed } from '../../kernel/reference'
import { norm } from '../../tensor/norm'

/** A band is this many powers of two wide. */
const bandWidth = 128
const bandTop = 2 ** (bandWidth / 2)
const bandBottom = 1 / bandTop

/** 2^(bandWidth · bands): 0 and Infinity where a double ends. */
export const bandScale = (bands: number): number => 2 ** (bandWidth * bands)

/** ln of `value` in a band: ln(value · 2^(bandWidth · band)) */
export const logInBand = (value: number, band: number): number =>
  Math.log(value) + (value === 0 ? 0 : band * bandWidth * Math.LN2)

/** Component k is values[k] · 2^(bandWidth · bands[k]); values[k] is 0 or within [bandBottom, bandTop). */
export interface WideVector {
  readonly values: Float64Array
  readonly bands: Int32Array
}

/** The part of a matrix [S, S] whose entries lie within 2^±384 of its band. */
interface Layer {
  readonly matrix: Float64Array
  readonly band: number
}

/** A square matrix [S, S], row major, as the sum of its layers: mostly one, the matrix itself. */
export interface Factor {
  readonly size: number
  readonly layers: readonly Layer[]
}

const layerBand = 6
const layerTop = bandScale(layerBand / 2)

/** @param matrix finite numbers [size, size] */
export function factor(matrix: Float64Array, size: number): Factor {
  const bandOf = (value: number) =>
    Math.abs(value) >= layerTop ? layerBand : Math.abs(value) < 1 / layerTop ? -layerBand : 0
  const bands = [...new Set(matrix.filter((value) => value !== 0).map(bandOf))]
  if (bands.length === 1) return { size, layers: [{ matrix, band: bands[0] }] }
  const layers = bands.map((band) => ({
    matrix: matrix.map((value) => (bandOf(value) === band ? value : 0)),
    band,
  }))
  return { size, layers }
}

const zeros = (size: number): WideVector => ({ values: new Float64Array(size), bands: new Int32Array(size) })

/** into[index] += value · 2^(bandWidth · band) */
function add(into: WideVector, index: number, value: number, band: number): void {
  if (value === 0) return
  let scaled = value
  let own = band
  for (; Math.abs(scaled) >= bandTop; own++) scaled *= bandScale(-1)
  for (; Math.abs(scaled) < bandBottom; own--) scaled *= bandScale(1)
  const before = into.values[index]
  const apart = own - into.bands[index]
  if (before === 0) {
    into.values[index] = scaled
    into.bands[index] = own
  } else {
    into.values[index] = 0
    if (apart > 0) add(into, index, before * bandScale(-apart) + scaled, own)
    else add(into, index, before + scaled * bandScale(apart), own - apart)
  }
}

/** A vector of doubles as a wide one. */
export function widen(vector: Float64Array): WideVector {
  const wide = zeros(vector.length)
  for (const [index, value] of vector.entries()) add(wide, index, value, 0)
  return wide
}

/**
 * J x, or Jᵀ x: one plain product for each layer of J and each band that x has numbers in, mostly one of
 * both.
 */
export function multiply({ size, layers }: Factor, x: WideVector, transposed: boolean): WideVector {
  const product = zeros(size)
  const part = new Float64Array(size)
  const plain = new Float64Array(size)
  for (const { matrix, band } of layers) {
    const scale = bandScale(-band)
    for (const one of bandsOf(x)) {
      for (let index = 0; index < size; index++)
        part[index] = x.bands[index] === one ? x.values[index] * scale : 0
      plain.fill(0)
      if (transposed) addProduct(plain, part, matrix, 1, size, size)
      else addProductTransposed(plain, part, matrix, 1, size, size)
      for (let index = 0; index < size; index++) add(product, index, plain[index], one + band)
    }
  }
  return product
}

/** The different bands of the components that are not 0. */
function bandsOf({ values, bands }: WideVector): number[] {
  const found: number[] = []
  for (let index = 0; index < values.length; index++)
    if (values[index] !== 0 && !found.includes(bands[index])) found.push(bands[index])
  return found
}

/** The vector in doubles under one scale: x = values · 2^(bandWidth · band). The zero vector has band 0. */
export function narrow({ values, bands }: WideVector): { values: Float64Array; band: number } {
  const used = bandsOf({ values, bands })
  const band = used.length === 0 ? 0 : Math.max(...used)
  const scaled = values.map((value, index) => (value === 0 ? 0 : value * bandScale(bands[index] - band)))
  return { values: scaled, band }
}

/** ln ‖x‖₂; -Infinity for the zero vector. */
export function logNorm(x: WideVector): number {
  const { values, band } = narrow(x)
  return logInBand(norm(values), band)
}
