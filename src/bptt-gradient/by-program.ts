/** Backward by a program: ∂L/∂outputs goes into its memory, gradient, terms and norms are taken out. */
import type { Program, TermsKind } from '../kernel/program/program'
import { mapParameters, type ParameterName } from '../rnn-cell/parameters'
import { norm } from '../tensor/norm'
import { pooledFloats } from '../tensor/pooled'
import { allFinite, type Tensor, tensor } from '../tensor/tensor'
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
  const { checkpointEvery, fed } = unrolled
  if (checkpointEvery || fed?.throughOutput.includes(1)) return undefined
  const found = runnerWithTape(unrolled)
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
  const parameters = mapParameters(cell.parameters, ({ shape, dtype, data: { length } }, name) => {
    const data = pooledFloats(dtype, length)
    data.set(program.floats(program.layout.gradients[name], length))
    return { shape, dtype, data }
  })
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
export function squaresAreInRange({ parameters, terms, sequenceTerms }: Computed): boolean {
  const isTooSmall = ({ dtype, data }: Tensor) => {
    const size = dtype === 'float64' ? norm(data) : 0
    return size > 0 && size < leastSize
  }
  return (
    Object.values(terms).every((own) => own.every(Number.isFinite)) &&
    Object.values(sequenceTerms ?? {}).every(({ data }) => allFinite(data)) &&
    !Object.values(parameters).some(isTooSmall)
  )
}

/** Of a smaller float64 the square loses digits. The kernels sum the squares of float32 up in float64. */
const leastSize = 1e-140

type Partials = Program['partials'][string]

/**
 * Roots of the squares that the partials of each parameter add up to. All of them are of one strand, and under its
 * exponents, which would take the squares themselves out of the range of floating point.
 */
function batchTerms(program: Program): Record<ParameterName, number[]> {
  const { steps } = program.plan
  const terms: Record<ParameterName, number[]> = {}
  for (const name in program.partials) {
    const partials = program.partials[name]
    const own = new Array<number>(steps).fill(0)
    for (const { slot, first, steps: count } of partials) {
      const squares = program.doubles(slot.batch, steps)
      for (let index = first - 1; index < first - 1 + count; index++) own[index] += squares[index]
    }
    const factor = factorOf(program, partials)
    for (let index = 0; index < steps; index++)
      own[index] = Math.sqrt(own[index]) * (factor ? factor(index + 1) : 1)
    terms[name] = own
  }
  return terms
}

/** ‖δ hᵀ‖ = ‖δ‖ ‖h‖ */
function sequenceTerms(program: Program): Record<ParameterName, Tensor> {
  const { steps, batch } = program.plan
  const terms: Record<ParameterName, Tensor> = {}
  for (const name in program.partials) {
    const partials = program.partials[name]
    const own = new Float64Array(steps * batch)
    for (const { slot, b, first, steps: count } of partials) {
      const rows = program.doubles(slot.rows, steps * batch)
      const columns = program.doubles(slot.columns, steps * batch)
      for (let index = (first - 1) * batch; index < (first - 1 + count) * batch; index++)
        own[index] += rows[index] * (b ? columns[index] : 1)
    }
    const factor = factorOf(program, partials)
    for (let index = 0; index < own.length; index++)
      own[index] = Math.sqrt(own[index]) * (factor ? factor(Math.floor(index / batch) + 1) : 1)
    terms[name] = tensor('float64', [steps, batch], own)
  }
  return terms
}

/**
 * 2^exponent by which δ of step t was carried, where its terms were read before it was restored. A decoder's own
 * parameters have no partials where there is no decoder.
 */
function factorOf(program: Program, [partial]: Partials): ((t: number) => number) | undefined {
  const { plan, layout } = program
  const strand = partial?.strand
  if (strand === undefined || partial.cellStates || plan.shards.length > 1) return undefined
  const exponents = program.integers(layout.shards[0].exponents[strand], plan.steps)
  if (!exponents.some((exponent) => exponent !== 0)) return undefined
  const { reverse } = plan.lanes[strand]
  return (t) => 2 ** exponents[reverse ? t - 1 : plan.steps - t]
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
      /** before the first step back there is nothing yet */
      let before = Number.NEGATIVE_INFINITY
      for (let turn = 0; turn < steps; turn++) {
        const index = reverse ? turn : steps - 1 - turn
        const exponent = exponents[turn] * Math.LN2
        const carried = Math.log(squares[2 * turn + 1]) / 2 + exponent
        const own = withExternal ? Math.log(squares[2 * turn]) / 2 + exponent : before
        norms.gradient[index] = logHypot(norms.gradient[index], own)
        norms.carried[index] = logHypot(norms.carried[index], carried)
        before = carried
      }
    }
  })
  return norms
}
