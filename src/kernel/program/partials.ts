/**
 * The outer products that add up to the gradient: of W δ_t h_{t-1}ᵀ, of U δ_t x_tᵀ, of V ∂L/∂o_t s_tᵀ, of the biases
 * the sums of δ_t, over steps and sequences.
 */
import { at, entryRead, type Frame, inputParts, readRuns, topStrands } from './machine'
import { gateSize, readSize } from './plan'
import type { Matrix } from './product-of-rows'

/** One block of one parameter's gradient. */
export interface Partial {
  readonly name: string
  /** where the block begins in the gradient, and the numbers from row to row of it */
  readonly offset: number
  readonly ldOut: number
  /** rows of the block, [steps, B, m] */
  readonly a: Matrix
  /** columns of the block, [steps, B, n]; none of a bias */
  readonly b?: Matrix
  /** the steps: first … first + steps - 1 */
  readonly first: number
  readonly steps: number
  /** whose exponents `a` is under; none of the readout */
  readonly strand?: number
  /** of peepholes: `a` is not multiplied by rows but, gate by gate, by c_{t-1} or c_t [steps, B, H] */
  readonly cellStates?: { readonly before: number; readonly after: number }
  /** an earlier partial has already written the block */
  readonly accumulate: boolean
}

export const partialsOf = (frame: Frame): Partial[] => [
  ...frame.stretches.flatMap((_, stretch) =>
    frame.plan.lanes.flatMap((_, strand) => [
      ...recurrentPartials(frame, stretch, strand),
      ...inputPartials(frame, stretch, strand),
      ...peepholePartials(frame, stretch, strand),
    ]),
  ),
  ...readoutPartials(frame),
]

/** ∂L/∂(U x + b) of a stretch, some columns of [B, G]. */
function deltaOf(frame: Frame, first: number, strand: number, column: number, columns: number): Matrix {
  const { plan, layout } = frame
  const ld = gateSize(plan)
  return {
    pointer: at(frame, layout.strands[strand].delta, (first - 1) * plan.batch * ld + column),
    ld,
    columns,
  }
}

function recurrentPartials(frame: Frame, stretchIndex: number, strand: number): Partial[] {
  const { plan, layout, stretches } = frame
  const { kind, hiddenSize, batch, resetAfter } = plan
  const { first, steps, lanes } = stretches[stretchIndex]
  const { suffix, reverse } = lanes[strand]
  const own = layout.strands[strand]
  const state = batch * hiddenSize
  const states = (pointer: number, entry: number): Matrix => ({
    pointer: at(frame, pointer, entry * state),
    ld: hiddenSize,
    columns: hiddenSize,
  })
  const before = states(own.hidden, reverse ? first : first - 1)
  const of = (a: Matrix, b: Matrix, row: number): Partial => ({
    name: `W${suffix}`,
    offset: row * hiddenSize,
    ldOut: hiddenSize,
    a,
    b,
    first,
    steps,
    strand,
    accumulate: false,
  })
  if (kind !== 'gru') return [of(deltaOf(frame, first, strand, 0, gateSize(plan)), before, 0)]
  const inner = states(own.inner, first - 1)
  const innerDelta = states(own.innerDelta, first - 1)
  const opening = of(deltaOf(frame, first, strand, 0, 2 * hiddenSize), before, 0)
  if (!resetAfter)
    return [opening, of(deltaOf(frame, first, strand, 2 * hiddenSize, hiddenSize), inner, 2 * hiddenSize)]
  const { b: _, ...bias } = of(innerDelta, before, 0)
  return [opening, of(innerDelta, before, 2 * hiddenSize), { ...bias, name: `bn${suffix}`, offset: 0 }]
}

function inputPartials(frame: Frame, stretchIndex: number, strand: number): Partial[] {
  const { first, steps, lanes } = frame.stretches[stretchIndex]
  const { suffix, inputSize } = lanes[strand]
  const a = deltaOf(frame, first, strand, 0, gateSize(frame.plan))
  const shared = { a, first, steps, strand, accumulate: false }
  return [
    ...inputParts(frame, stretchIndex, strand).map(({ pointer, size, column }) => ({
      ...shared,
      name: `U${suffix}`,
      offset: column,
      ldOut: inputSize,
      b: { pointer, ld: size, columns: size },
    })),
    { ...shared, name: `b${suffix}`, offset: 0, ldOut: a.columns },
  ]
}

function peepholePartials(frame: Frame, stretchIndex: number, strand: number): Partial[] {
  const { plan, layout, stretches } = frame
  const { first, steps, lanes } = stretches[stretchIndex]
  const { suffix, reverse } = lanes[strand]
  if (!plan.peepholes) return []
  const { cellState } = layout.strands[strand]
  const state = plan.batch * plan.hiddenSize
  const [before, after] = reverse ? [first, first - 1] : [first - 1, first]
  return [
    {
      name: `p${suffix}`,
      offset: 0,
      ldOut: plan.hiddenSize,
      a: deltaOf(frame, first, strand, 0, gateSize(plan)),
      cellStates: {
        before: at(frame, cellState, before * state),
        after: at(frame, cellState, after * state),
      },
      first,
      steps,
      strand,
      accumulate: false,
    },
  ]
}

function readoutPartials(frame: Frame): Partial[] {
  const { plan, layout } = frame
  const { outputSize, batch, hiddenSize } = plan
  if (outputSize === 0) return []
  return readRuns(plan).flatMap(({ readout, count, t }, run) => {
    const a = {
      pointer: at(frame, layout.logitGradient, readout * batch * outputSize),
      ld: outputSize,
      columns: outputSize,
    }
    const shared = { a, first: t, steps: count, accumulate: run > 0 }
    const ofStrands = topStrands(frame).map((strand, index) => ({
      ...shared,
      name: 'V',
      offset: index * hiddenSize,
      ldOut: readSize(plan),
      b: {
        pointer: at(frame, layout.strands[strand].hidden, entryRead(frame, strand, t) * batch * hiddenSize),
        ld: hiddenSize,
        columns: hiddenSize,
      },
    }))
    return [...ofStrands, { ...shared, name: 'c', offset: 0, ldOut: outputSize }]
  })
}
