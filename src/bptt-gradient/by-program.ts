/** Backward by a program: ∂L/∂outputs goes into its memory, gradient, terms and norms are taken out. */
import type { Program, TermsKind } from '../kernel/program/program'
import { mapParameters, type ParameterName } from '../rnn-cell/parameters'
import { norm } from '../tensor/norm'
import { type Tensor, tensor } from '../tensor/tensor'
import { growForBackward, type Runner, runnerWithTape } from '../unroll/programs'
import { loadTape } from '../unroll/run-program'
import type { Unrolled } from '../unroll/unrolled'
import type { Task } from '../unroll/work'
import type { Computed } from './by-steps'
import { emptyNorms, type Norms } from './pass'
import { logHypot } from './scaled'

/**
 * The runner that went forward, if its tape is still there, and otherwise one that has to go forward again. Undefined
 * where steps must be taken one by one: behind checkpoints, and where gradients flow through what was fed back.
 */
export function runnerFor(unrolled: Unrolled): { runner: Runner; missing: readonly Task[] } | undefined {
  const { cell, strands, checkpointEvery, fed } = unrolled
  if (checkpointEvery || fed?.throughOutput.includes(1)) return undefined
  const found = runnerWithTape(strands[0].hidden.data, cell)
  if (found) return { runner: found, missing: [] }
  return { runner: loadTape(unrolled), missing: [{ action: 'forward', terms: 'none' }] }
}

/** What the way back starts from. */
export function loadLoss(runner: Runner, der: Float64Array, terms: TermsKind): void {
  growForBackward(runner, terms)
  const { program } = runner
  program.floats(program.layout.logitGradient, der.length).set(der)
}

export const wayBack = (terms: TermsKind): readonly Task[] => [
  { action: 'backward', terms },
  { action: 'gradients', terms },
]

export function takeGradient(runner: Runner, unrolled: Unrolled, terms: TermsKind): Computed {
  const { program } = runner
  const { cell } = unrolled
  const parameters = mapParameters(cell.parameters, ({ shape, data }, name) =>
    tensor(cell.precision, shape, program.floats(program.layout.gradients[name], data.length).slice()),
  )
  return {
    parameters,
    terms: terms === 'batch' ? batchTerms(program) : {},
    ...(terms === 'sequence' && { sequenceTerms: sequenceTerms(program) }),
    norms: {
      forward: normsOf(program, false),
      ...(cell.bidirectional && { reverse: normsOf(program, true) }),
    },
  }
}

/**
 * Whether norms and terms could be had as sums of squares, beside a gradient that is there: their squares may leave the
 * range of floating point before it does.
 */
export function squaresAreInRange({ parameters, terms }: Computed): boolean {
  const isTooSmall = ({ dtype, data }: Tensor) => {
    const size = dtype === 'float64' ? norm(data) : 0
    return size > 0 && size < leastSize
  }
  return (
    Object.values(terms).every((own) => own.every(Number.isFinite)) &&
    !Object.values(parameters).some(isTooSmall)
  )
}

/** Of a smaller float64 the square loses digits. The kernels sum the squares of float32 up in float64. */
const leastSize = 1e-140

/** The steps back before step t of a direction. */
const turnOf = ({ plan }: Program, reverse: boolean, t: number): number => (reverse ? t - 1 : plan.steps - t)

/** 2^exponent by which δ of step t was carried, where its terms were read before it was restored. */
function factorsOf(program: Program, strand: number | undefined): ((t: number) => number) | undefined {
  const { plan, layout } = program
  if (strand === undefined || plan.shards.length > 1) return undefined
  const exponents = program.integers(layout.shards[0].exponents[strand], plan.steps)
  if (exponents.every((exponent) => exponent === 0)) return undefined
  const { reverse } = plan.lanes[strand]
  return (t) => 2 ** exponents[turnOf(program, reverse, t)]
}

function batchTerms(program: Program): Record<ParameterName, number[]> {
  const { steps } = program.plan
  return collect(program, steps, ({ slot }, own, from, to) => {
    const squares = program.doubles(slot.batch, steps)
    for (let t = from; t <= to; t++) own[t - 1] += squares[t - 1]
  })
}

/** ‖δ hᵀ‖ = ‖δ‖ ‖h‖ */
function sequenceTerms(program: Program): Record<ParameterName, Tensor> {
  const { steps, batch } = program.plan
  const all = collect(program, steps * batch, ({ slot, b }, own, from, to) => {
    const rows = program.doubles(slot.rows, steps * batch)
    const columns = program.doubles(slot.columns, steps * batch)
    for (let index = (from - 1) * batch; index < to * batch; index++)
      own[index] += rows[index] * (b ? columns[index] : 1)
  })
  return mapParameters(all, (own) => tensor('float64', [steps, batch], Float64Array.from(own)))
}

/**
 * Roots of the squares that the partials of each parameter add up to. All of them are of one strand, and under its
 * exponents, which would take the squares themselves out of the range of floating point.
 */
function collect(
  program: Program,
  count: number,
  add: (partial: Program['partials'][number], squares: number[], from: number, to: number) => void,
): Record<ParameterName, number[]> {
  const { parameters, steps } = program.plan
  return Object.fromEntries(
    parameters.map(([name]) => {
      const squares = new Array<number>(count).fill(0)
      const own = program.partials.filter((partial) => partial.name === name)
      for (const partial of own) add(partial, squares, partial.first, partial.first + partial.steps - 1)
      // a decoder's own parameters have no part where there is no decoder
      const factor = own[0]?.cellStates ? undefined : factorsOf(program, own[0]?.strand)
      const perStep = count / steps
      return [
        name,
        squares.map(
          (square, index) => Math.sqrt(square) * (factor ? factor(Math.floor(index / perStep) + 1) : 1),
        ),
      ]
    }),
  )
}

/**
 * Norms of what was carried, over the strands of one direction. In a network of one direction they count before a layer
 * adds what comes from the one above at the same step.
 */
function normsOf(program: Program, reverse: boolean): Norms {
  const { plan, layout } = program
  const { steps, lanes, bidirectional } = plan
  const norms = emptyNorms(steps)
  lanes.forEach((lane, strand) => {
    if (lane.reverse !== reverse) return
    const withExternal = bidirectional || strand === lanes.length - 1
    for (const shard of layout.shards) {
      const squares = program.doubles(shard.norms[strand], 2 * steps)
      const exponents = program.integers(shard.exponents[strand], steps)
      const logOf = (turn: number, which: 0 | 1) =>
        Math.log(squares[2 * turn + which]) / 2 + exponents[turn] * Math.LN2
      for (let t = 1; t <= steps; t++) {
        const turn = turnOf(program, reverse, t)
        const before = turn === 0 ? Number.NEGATIVE_INFINITY : logOf(turn - 1, 1)
        norms.gradient[t - 1] = logHypot(norms.gradient[t - 1], withExternal ? logOf(turn, 0) : before)
        norms.carried[t - 1] = logHypot(norms.carried[t - 1], logOf(turn, 1))
      }
    }
  })
  return norms
}
