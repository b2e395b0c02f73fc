/**
 * A gradient held to finite differences of the loss, which know nothing of backpropagation: central ones of fourth order,
 * (8 (L(θ+e) - L(θ-e)) - (L(θ+2e) - L(θ-2e))) / 12e, in float64 whatever the precision of the network.
 */
import { ExpectedError, numberIn } from '../expected'
import { withParameters } from '../rnn-cell/cell'
import { mapParameters, type ParameterName, type Parameters } from '../rnn-cell/parameters'
import { norm } from '../tensor/norm'
import { asDtype } from '../tensor/tensor'
import { replay } from '../unroll/replay'
import type { Unrolled } from '../unroll/unrolled'
import type { BpttOptions } from './asked'
import { compare } from './compare'

export interface GradientCheck {
  /** the largest of the relative errors below */
  readonly largest: number
  /** the parameter that has it */
  readonly at: ParameterName
  readonly parameters: Readonly<Record<ParameterName, CheckedParameter>>
}

export interface CheckedParameter {
  /** ‖g - d‖ / max(‖g‖, ‖d‖, a thousandth of the norm of the whole gradient), g from backpropagation, d the differences */
  readonly relativeError: number
  /** how many of its numbers were moved, evenly spread */
  readonly checked: number
  readonly of: number
}

export interface GradientCheckOptions extends BpttOptions {
  /** numbers of each parameter that are moved at most; each takes four forward passes. Default 100. */
  entries?: number
}

/** Where both do not agree, a smaller step is less likely to go over a kink of relu, |·| or a clip. */
const shifts = [1e-3, 1e-5]
const agreement = 1e-4

/**
 * Checks ∂L/∂θ of an unrolled network.
 *
 * @param gradient as `bpttGradient` computed it for these targets and options, in any precision
 * @throws ExpectedError if the gradient is none of the loss alone (truncated, or with Ω), or is not finite
 */
export function gradientCheck(
  unrolled: Unrolled,
  targets: unknown,
  gradient: Parameters,
  options: GradientCheckOptions = {},
): GradientCheck {
  const most = numberIn('entries', options.entries ?? 100, { min: 1, integer: true })
  if (options.k1 !== undefined || options.k2 !== undefined)
    throw new ExpectedError('the whole gradient, which differences can be compared with', 'a truncated one')
  if (options.regularizer) throw new ExpectedError('the gradient of the loss alone', 'one with Ω added')
  const whole = norm(...Object.values(gradient).map(({ data }) => data))
  if (!Number.isFinite(whole)) throw new ExpectedError('a finite gradient', 'one that is not')

  const cell = {
    ...unrolled.cell,
    precision: 'float64' as const,
    parameters: mapParameters(unrolled.cell.parameters, (tensor) => asDtype(tensor, 'float64')),
  }
  const lossAt = (name: ParameterName, index: number, shift: number): number => {
    const { shape, dtype, data } = cell.parameters[name]
    const moved = data.slice()
    moved[index] += shift
    const other = withParameters(cell, { [name]: { shape, dtype, data: moved } })
    return compare(replay(unrolled, other), targets, options).loss
  }
  const difference = (name: ParameterName, index: number, e: number): number => {
    const near = lossAt(name, index, e) - lossAt(name, index, -e)
    const far = lossAt(name, index, 2 * e) - lossAt(name, index, -2 * e)
    return (8 * near - far) / (12 * e)
  }
  const nearest = (name: ParameterName, index: number, own: number): number => {
    const wide = difference(name, index, shifts[0])
    if (Math.abs(wide - own) <= agreement * Math.max(Math.abs(own), 1e-3 * whole)) return wide
    const narrow = difference(name, index, shifts[1])
    return Math.abs(narrow - own) < Math.abs(wide - own) ? narrow : wide
  }

  const parameters = mapParameters(gradient, ({ data }, name): CheckedParameter => {
    const checked = Math.min(data.length, most)
    const entries = Array.from({ length: checked }, (_, index) => Math.floor((index * data.length) / checked))
    const own = Float64Array.from(entries, (index) => data[index])
    const differences = Float64Array.from(entries, (index, place) => nearest(name, index, own[place]))
    const scale = Math.max(norm(own), norm(differences), 1e-3 * whole)
    const error = norm(own.map((value, index) => value - differences[index]))
    return { relativeError: scale === 0 ? 0 : error / scale, checked, of: data.length }
  })
  const names = Object.keys(parameters)
  const at = names.reduce((worst, name) =>
    parameters[name].relativeError > parameters[worst].relativeError ? name : worst,
  )
  return { largest: parameters[at].relativeError, at, parameters }
}
