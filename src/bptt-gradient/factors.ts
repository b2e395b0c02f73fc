/**
 * Every factor of the sum, as numbers to look at: ∂L/∂h_t, ∂h_t/∂h_i, and the immediate partials ∂⁺h_i/∂W as
 * δ and h_{i-1}. Unlike the gradient this builds the Jacobians, so it is for one sequence and small sizes.
 */

import { addProduct } from '../kernel/reference'
import { activations } from '../rnn-cell/activation'
import { type CellSizes, forEachParameter, type ParameterName, parameterShapes } from '../rnn-cell/parameters'
import { stepJacobian } from '../rnn-cell/rnn'
import { entry } from '../tensor/axes'
import { toNested } from '../tensor/nested'
import { type Floats, sizeOf, tensor } from '../tensor/tensor'
import type { Unrolled } from '../unroll/unroll'

/** The largest count of numbers that `factorsOf` hands over. */
export const maxFactorNumbers = 250_000

/** Term i of the loss at t: δ = φ'(a_i) ∘ (∂h_t/∂h_i)ᵀ ∂L_t/∂h_t; W = δ h_{i-1}ᵀ, U = δ x_iᵀ, b = δ. */
export interface FactorTerm {
  readonly i: number
  /** ∂h_t/∂h_i [H][H], entry [row][column] = ∂h_t[row]/∂h_i[column] */
  readonly dhdh: number[][]
  readonly delta: number[]
  readonly W: number[][]
  readonly U: number[][]
  readonly b: number[]
}

export interface LossFactors {
  readonly t: number
  /** ∂L_t/∂o_t [O] */
  readonly dLdo: number[]
  /** ∂L_t/∂h_t [H] */
  readonly dLdh: number[]
  /** the terms of V [O][H] and c [O] */
  readonly V: number[][]
  readonly c: number[]
  /** i = 1 … t */
  readonly terms: FactorTerm[]
}

export interface Factors {
  /** which sequence of the batch, counted from 0 */
  readonly sequence: number
  /** x_1 … x_T */
  readonly inputs: number[][]
  /** h_0 … h_T */
  readonly hidden: number[][]
  /** t rising, one entry a loss */
  readonly losses: LossFactors[]
  /** all terms of all losses added up: this sequence's share of the gradient, with a batch of one the gradient */
  readonly sum: Record<ParameterName, number[] | number[][]>
}

export interface OmittedFactors {
  /** why there are none */
  readonly omitted: string
}

/**
 * The factors for the first sequence of the batch, or the reason why there are none.
 *
 * @param der ∂L/∂o [L, B, O] of the whole batch: a mean over B sequences gives each a share of 1/B
 */
export function factorsOf(unrolled: Unrolled, der: Float64Array): Factors | OmittedFactors {
  const { cell, steps, batch, readouts } = unrolled
  const { inputSize, hiddenSize, outputSize } = cell.sizes
  const pairs = readouts.reduce((sum, t) => sum + t, 0)
  const numbers =
    pairs * (2 * hiddenSize * hiddenSize + hiddenSize * (inputSize + 2)) + steps * (hiddenSize + inputSize)
  if (numbers > maxFactorNumbers)
    return { omitted: `the factors of this network are ${numbers} numbers, more than ${maxFactorNumbers}` }

  const hidden = Array.from({ length: steps + 1 }, (_, t) => entry(unrolled.hidden, t).slice(0, hiddenSize))
  const inputs = Array.from({ length: steps }, (_, t) => entry(unrolled.inputs, t).slice(0, inputSize))
  const losses = readouts.map((t, index) => {
    const start = index * batch * outputSize
    const dLdo = der.slice(start, start + outputSize)
    const dLdh = new Float64Array(hiddenSize)
    addProduct(dLdh, dLdo, cell.parameters.V.data, 1, hiddenSize, outputSize)
    return {
      t,
      dLdo: [...dLdo],
      dLdh: [...dLdh],
      V: outer(dLdo, hidden[t]),
      c: [...dLdo],
      terms: termsOf(unrolled, t, dLdh, hidden, inputs),
    }
  })
  return {
    sequence: 0,
    inputs: inputs.map((x) => [...x]),
    hidden: hidden.map((h) => [...h]),
    losses,
    sum: sumOf(cell.sizes, losses),
  }
}

function sumOf(sizes: CellSizes, losses: readonly LossFactors[]): Factors['sum'] {
  const shapes = parameterShapes(sizes)
  const sums = forEachParameter((name) => new Float64Array(sizeOf(shapes[name])))
  const add = (name: ParameterName, term: readonly number[] | readonly number[][]) => {
    for (const [index, value] of term.flat().entries()) sums[name][index] += value
  }
  for (const { V, c, terms } of losses) {
    add('V', V)
    add('c', c)
    for (const { W, U, b } of terms) {
      add('W', W)
      add('U', U)
      add('b', b)
    }
  }
  return forEachParameter((name) => toNested(tensor('float64', shapes[name], sums[name])) as number[])
}

/** ∂h_t/∂h_i = Π_{j=t..i+1} ∂h_j/∂h_{j-1}, multiplied out from the left. */
function termsOf(
  { cell }: Unrolled,
  t: number,
  dLdh: Float64Array,
  hidden: Floats[],
  inputs: Floats[],
): FactorTerm[] {
  const { hiddenSize } = cell.sizes
  const { der } = activations[cell.activation]
  const terms: FactorTerm[] = []
  let dhdh = Float64Array.from({ length: hiddenSize ** 2 }, (_, index) =>
    index % (hiddenSize + 1) === 0 ? 1 : 0,
  )
  for (let i = t; i >= 1; i--) {
    const dLdhi = new Float64Array(hiddenSize)
    addProduct(dLdhi, dLdh, dhdh, 1, hiddenSize, hiddenSize)
    const delta = dLdhi.map((value, unit) => der(hidden[i][unit]) * value)
    terms.unshift({
      i,
      dhdh: toNested(tensor('float64', [hiddenSize, hiddenSize], dhdh)) as number[][],
      delta: [...delta],
      W: outer(delta, hidden[i - 1]),
      U: outer(delta, inputs[i - 1]),
      b: [...delta],
    })
    const longer = new Float64Array(hiddenSize ** 2)
    addProduct(longer, dhdh, stepJacobian(cell, hidden[i]), hiddenSize, hiddenSize, hiddenSize)
    dhdh = longer
  }
  return terms
}

const outer = (column: Floats, row: Floats): number[][] =>
  Array.from(column, (a) => Array.from(row, (b) => a * b))
