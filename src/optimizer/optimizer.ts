/**
 * From a gradient to an update: an additive Δ, as in optax. The optimizer owns the moments, never the
 * parameters. A step that would leave the finite numbers is skipped: whatever it remembers stays as it was.
 */
import type { Gradient } from '../bptt-gradient/bptt-gradient'
import type { Clip } from '../clip-gradient/clip-gradient'
import { ExpectedError, numberIn, oneOf } from '../expected'
import type { Cell } from '../rnn-cell/cell'
import type { ParameterName, Parameters } from '../rnn-cell/parameters'
import type { Update } from '../rnn-cell/update'
import { allFinite, type Floats, sameShape, showShape, type Tensor } from '../tensor/tensor'
import { accumulate } from './accumulate'
import { staysFinite } from './finite'
import { belongsTo, type Memory } from './memory'
import { type OptimizerOptions, type OptimizerRule, optimizerRules } from './options'
import type { Moments, Rule } from './rule'
import { defaultLearningRate, ruleOf, ruleOptions } from './rules'
import { scheduled } from './schedule/schedule'
import { refuseUnused } from './used-options'

export { defaultLearningRate, type OptimizerOptions, type OptimizerRule, optimizerRules }

/** Plain numbers but for the arrays in `moments` and `accumulated.mean`. */
export interface OptimizerState extends Memory {
  readonly rule: OptimizerRule
}

export interface OptimizerUpdate extends Update {
  /** number of this update, from 1; if none was made, of the last one that was */
  readonly step: number
  /** of the schedule; adagrad's own decay is not in it */
  readonly learningRate: number
  /** nothing to add, because the gradient or what would come of it is not finite */
  readonly skipped: boolean
  /** gradients that wait for the next update; absent if there are none */
  readonly accumulated?: number
}

/** A gradient as bptt-gradient or clip-gradient hands it out. One with the regularizer Ω must have been clipped. */
export interface UsableGradient extends Pick<Gradient, 'parameters' | 'regularization'> {
  readonly clip?: Clip
}

export interface Optimizer {
  /**
   * One gradient: an update, or with `accumulate: N` N-1 empty ones and then an update.
   *
   * @param gradient of the shapes of the cell's parameters
   * @param learningRate instead of the optimizer's own, for this call: the schedule starts from it
   * @throws ExpectedError if the gradient does not fit the cell, or has Ω (Pascanu et al. 2013) but was not clipped
   */
  update(gradient: UsableGradient, cell: Cell, learningRate?: number): OptimizerUpdate
  /**
   * Tells the schedule reduce-on-plateau a validation loss; one that is not finite is no improvement.
   *
   * @returns what the schedule now multiplies the learning rate with; with any other schedule 1
   */
  validated(loss: number): number
  /** What `optimizer(options, state)` continues from, bit for bit. */
  state(): OptimizerState
}

/**
 * @param state of an earlier optimizer of the same rule
 * @throws ExpectedError for an option out of its range, or one that the rule or the schedule does not use
 */
export function optimizer(options: OptimizerOptions = {}, state?: OptimizerState): Optimizer {
  const name = oneOf('rule', options.rule ?? 'adam', optimizerRules)
  refuseUnused('rule', name, options, ruleOptions)
  const usual = checkedLearningRate(options.learningRate ?? defaultLearningRate(name))
  const rule = ruleOf(name, options)
  const perUpdate = numberIn('accumulate', options.accumulate ?? 1, { min: 1, integer: true })
  const schedule = scheduled(options.schedule ?? { name: 'constant' })
  if (state && state.rule !== name)
    throw new ExpectedError(`a state of the rule ${name}`, `one of ${state.rule}`)

  const fresh: Memory = { step: 0, moments: {}, scheduleState: schedule.plateau?.start(usual) }
  let memory: Memory = state
    ? {
        step: state.step,
        moments: state.moments,
        accumulated: state.accumulated,
        scheduleState: schedule.plateau && (state.scheduleState ?? fresh.scheduleState),
      }
    : fresh

  return {
    update({ parameters: gradients, regularization, clip }, cell, learningRate = usual) {
      checkedLearningRate(learningRate)
      if (regularization && (!clip || clip.rule === 'zero-nans'))
        throw new ExpectedError('a clipped gradient, since it has the regularizer Ω', 'one that was not')
      checkShapes(gradients, cell)
      const before = belongsTo(memory, gradients) ? memory : fresh
      const rate = schedule.rateAt(learningRate * (before.scheduleState?.factor ?? 1), before.step + 1)
      const none = (skipped: boolean): OptimizerUpdate => ({
        parameters: {},
        step: memory.step,
        learningRate: rate,
        skipped,
        ...(memory.accumulated && { accumulated: memory.accumulated.count }),
      })

      const accumulated = accumulate(before.accumulated, gradients)
      if (!Object.values(accumulated.mean).every(allFinite)) return none(true)
      const scheduleState = before.scheduleState && { ...before.scheduleState, learningRate }
      if (accumulated.count < perUpdate) {
        memory = { step: before.step, moments: before.moments, accumulated, scheduleState }
        return none(false)
      }
      const made = stepAll(rule, cell, accumulated.mean, before, rate)
      if (!made) return none(true)
      const step = before.step + 1
      memory = { step, moments: made.moments, scheduleState }
      return { parameters: made.deltas, step, learningRate: rate, skipped: false }
    },
    validated(loss) {
      if (!schedule.plateau || !memory.scheduleState) return 1
      const scheduleState = schedule.plateau.next(memory.scheduleState, loss)
      memory = { ...memory, scheduleState }
      return scheduleState.factor
    },
    state: () => ({ rule: name, ...memory }),
  }
}

/** The rule on every parameter; undefined if anything that comes of it is not finite. */
function stepAll(
  rule: Rule,
  cell: Cell,
  gradients: Readonly<Record<ParameterName, Floats>>,
  before: Memory,
  learningRate: number,
) {
  const deltas: Record<ParameterName, Tensor> = {}
  const moments: Record<ParameterName, Moments> = {}
  for (const [name, parameter] of Object.entries(cell.parameters)) {
    const gradient = gradients[name]
    const stepped = rule({
      parameter: parameter.data,
      gradient,
      moments: before.moments[name],
      learningRate,
      step: before.step + 1,
    })
    if (!staysFinite(stepped, parameter.data)) return undefined
    const dtype = gradient instanceof Float32Array ? 'float32' : 'float64'
    deltas[name] = { shape: parameter.shape, dtype, data: stepped.delta }
    moments[name] = stepped.moments
  }
  return { deltas, moments }
}

const checkedLearningRate = (value: number) => numberIn('learningRate', value, { min: 0 })

function checkShapes(gradients: Parameters, cell: Cell): void {
  for (const [name, { shape }] of Object.entries(cell.parameters)) {
    const given = Object.hasOwn(gradients, name) ? gradients[name] : undefined
    if (!given || !sameShape(given.shape, shape))
      throw new ExpectedError(
        `a gradient of ${name} of shape ${showShape(shape)}`,
        given ? showShape(given.shape) : 'none',
      )
  }
  const stray = Object.keys(gradients).find((name) => !Object.hasOwn(cell.parameters, name))
  if (stray !== undefined)
    throw new ExpectedError(`gradients of ${Object.keys(cell.parameters).join(', ')}`, `one of ${stray}`)
}
