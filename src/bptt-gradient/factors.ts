/**
 * Every factor of the sum, as numbers to look at: ∂L/∂h_t, ∂h_t/∂h_i, and the immediate partials ∂⁺h_i/∂W as
 * δ and h_{i-1}. Unlike the gradient this builds the Jacobians, so it is for one sequence and small sizes. Of several
 * layers, and of an LSTM, h is the whole state s: h (and c) of layer 1, then of layer 2 …
 */
import { addProduct } from '../kernel/reference'
import { parameterCount } from '../rnn-cell/cell'
import type { ParameterName } from '../rnn-cell/parameters'
import { toNested } from '../tensor/nested'
import { tensor } from '../tensor/tensor'
import { readoutPartials, throughReadout } from '../unroll/readout'
import { sequenceOf } from '../unroll/sequence-of'
import { tapeOf } from '../unroll/tape'
import type { Unrolled } from '../unroll/unrolled'
import { backward } from './backward'
import { scaleByPowerOfTwo } from './scaled'
import { stateOf, stateSize, stepJacobians } from './step-jacobians'
import { type Window, withLossAt } from './windows'

/** The largest count of numbers that `factorsOf` hands over. */
export const maxFactorNumbers = 250_000

type Nested = number[] | number[][]

/** Term i of the loss at t: δ = φ'(a_i) ∘ (∂h_t/∂h_i)ᵀ ∂L_t/∂h_t; W = δ h_{i-1}ᵀ, U = δ x_iᵀ, b = δ. */
export interface FactorTerm {
  readonly i: number
  /** ∂h_t/∂h_i [S][S], entry [row][column] = ∂h_t[row]/∂h_i[column] */
  readonly dhdh: number[][]
  /** δ of every gate, layer by layer */
  readonly delta: number[]
  /** by parameter: W, U, b … of every layer */
  readonly [parameter: string]: number | Nested
}

export interface LossFactors {
  readonly t: number
  /** ∂L_t/∂(V h_t + c) [O], which is ∂L_t/∂o_t of a linear readout */
  readonly dLdo: number[]
  /** ∂L_t/∂h_t [S] */
  readonly dLdh: number[]
  /** the terms of V [O][S] and c [O]; none with readout none */
  readonly V?: number[][]
  readonly c?: number[]
  /** i rising to t */
  readonly terms: FactorTerm[]
}

export interface Factors {
  /** which sequence of the batch, counted from 0 */
  readonly sequence: number
  /** x_1, x_2 … as each step took them in */
  readonly inputs: number[][]
  /** h_0 … h_T */
  readonly hidden: number[][]
  /** t rising, one entry a loss */
  readonly losses: LossFactors[]
  /** all terms of all losses added up: this sequence's share of the gradient, with a batch of one the gradient */
  readonly sum: Record<ParameterName, Nested>
}

export interface OmittedFactors {
  /** why there are none */
  readonly omitted: string
}

/** Why there are no factors, if there are none. */
function omission(whole: Unrolled): string | undefined {
  if (whole.cell.bidirectional) return 'the factors are those of one direction; this cell has two'
  if (whole.fed?.throughOutput.includes(1))
    return 'the factors are those of a chain of states; here outputs are fed back as well'
  if (whole.checkpointEvery) return 'the factors need every state; this network keeps only some'
  const numbers = numbersIn(whole)
  if (numbers <= maxFactorNumbers) return undefined
  return `the factors of this network are ${numbers} numbers, more than ${maxFactorNumbers}`
}

function numbersIn(unrolled: Unrolled): number {
  const { cell, steps, readouts } = unrolled
  const size = stateSize(unrolled)
  const pairs = readouts.reduce((sum, t) => sum + t, 0)
  return pairs * (size * size + parameterCount(cell)) + steps * (size + cell.sizes.inputSize)
}

/** How many numbers `factorsOf` would hand over: 0 where it leaves them out. */
export const factorNumbers = (unrolled: Unrolled): number => (omission(unrolled) ? 0 : numbersIn(unrolled))

/**
 * The factors for the first sequence of the batch, or the reason why there are none.
 *
 * @param logitGradient ∂L/∂(V s_t + c) [L, B, O] of the whole batch: a mean over B sequences gives each a share of 1/B
 */
export function factorsOf(
  whole: Unrolled,
  logitGradient: Float64Array,
  windows: readonly Window[],
): Factors | OmittedFactors {
  const { cell, steps, batch, readouts } = whole
  const omitted = omission(whole)
  if (omitted) return { omitted }
  const size = stateSize(whole)
  const unrolled = sequenceOf(whole, 0, 1)
  const outputSize = unrolled.outputs.shape[2]
  const share = new Float64Array(readouts.length * outputSize)
  readouts.forEach((_, index) => {
    const start = index * batch * outputSize
    share.set(logitGradient.subarray(start, start + outputSize), index * outputSize)
  })
  const jacobians = stepJacobians(whole, 0)
  const losses = readouts.map((t, index) => {
    const dLdo = share.subarray(index * outputSize, (index + 1) * outputSize)
    const dLds = new Float64Array(size)
    const throughV = throughReadout(cell, dLdo, 1)
    dLds.set(throughV, topHidden(unrolled))
    return {
      t,
      dLdo: [...dLdo],
      dLdh: [...dLds],
      ...(cell.readout !== 'none' && readoutTerms(unrolled, t, dLdo)),
      terms: withJacobians(termsOf(unrolled, share, t, windows), jacobians, t, size),
    }
  })
  const tape = tapeOf(unrolled)
  return {
    sequence: 0,
    inputs: Array.from({ length: steps }, (_, index) => [...tape.step(0, index + 1).input]),
    hidden: Array.from({ length: steps + 1 }, (_, t) => stateOf(unrolled, t)),
    losses,
    sum: sumOf(unrolled, losses),
  }
}

/** Where in s the last layer's h begins. */
const topHidden = (unrolled: Unrolled): number => {
  const { layers } = unrolled.cell
  return ((layers - 1) * stateSize(unrolled)) / layers
}

function readoutTerms(unrolled: Unrolled, t: number, dLdo: Float64Array): { V: number[][]; c: number[] } {
  const { cell } = unrolled
  const state = tapeOf(unrolled).readable(t)
  const term = (name: 'V' | 'c') => {
    const { shape, data } = cell.parameters[name]
    const out = new Float64Array(data.length)
    readoutPartials[name](cell, dLdo, state, 1, out)
    return toNested(tensor('float64', shape, out))
  }
  return { V: term('V') as number[][], c: term('c') as number[] }
}

type BareTerm = Omit<FactorTerm, 'dhdh'> & { i: number; delta: number[] }

/** The terms of the loss at t, i rising. */
function termsOf(unrolled: Unrolled, share: Float64Array, t: number, windows: readonly Window[]): BareTerm[] {
  const tape = tapeOf(unrolled)
  const { cell } = unrolled
  const found = new Map<number, BareTerm>()
  const own = withLossAt(windows, t).map((window) => ({ ...window, from: t }))
  backward(unrolled, tape, share, own, {
    strand(i, { strand, step, exponent }) {
      const weights = tape.network.weightsAt(strand, i)
      const { suffix } = tape.network.laneAt(strand, i)
      const scaled = (values: Float64Array) => {
        scaleByPowerOfTwo(values, exponent)
        return values
      }
      const parts: Record<string, Nested> = {}
      for (const [name, immediate] of Object.entries(tape.network.kind.immediate)) {
        const parameter = cell.parameters[name + suffix]
        if (!parameter) continue
        const out = new Float64Array(parameter.data.length)
        immediate(weights, step, out)
        parts[name + suffix] = toNested(tensor('float64', parameter.shape, scaled(out))) as Nested
      }
      // the last layer comes first
      const delta = [...scaled(step.delta.slice()), ...(found.get(i)?.delta ?? [])]
      found.set(i, { ...found.get(i), ...parts, i, delta })
    },
    readout() {},
  })
  return [...found.values()].sort((a, b) => a.i - b.i)
}

/** ∂s_t/∂s_i = Π_{j=t..i+1} ∂s_j/∂s_{j-1}, multiplied out from the left. */
function withJacobians(
  terms: readonly BareTerm[],
  jacobians: readonly Float64Array[],
  t: number,
  size: number,
): FactorTerm[] {
  let product = Float64Array.from({ length: size ** 2 }, (_, index) => (index % (size + 1) === 0 ? 1 : 0))
  const products = new Map([[t, product]])
  for (let j = t; j > (terms[0]?.i ?? t); j--) {
    const longer = new Float64Array(size ** 2)
    addProduct(longer, product, jacobians[j - 1], size, size, size)
    product = longer
    products.set(j - 1, product)
  }
  return terms.map(({ i, delta, ...parameters }) => ({
    i,
    dhdh: toNested(tensor('float64', [size, size], products.get(i) as Float64Array)) as number[][],
    delta,
    ...parameters,
  }))
}

function sumOf({ cell }: Unrolled, losses: readonly LossFactors[]): Factors['sum'] {
  return Object.fromEntries(
    Object.entries(cell.parameters).map(([name, { shape, data }]) => {
      const sum = new Float64Array(data.length)
      const add = (term: unknown) => {
        for (const [index, value] of ((term as Nested | undefined)?.flat() ?? []).entries())
          sum[index] += value
      }
      for (const loss of losses) {
        if (name === 'V' || name === 'c') add(loss[name])
        else for (const term of loss.terms) add(term[name])
      }
      return [name, toNested(tensor('float64', shape, sum)) as Nested]
    }),
  )
}
