/**
 * From a gradient to an update: an additive Δ, as in optax. The optimizer owns the moments, never the
 * parameters. A step that would leave the finite numbers is skipped: moments and step count stay as they were.
 */
import type { Gradient } from '../bptt-gradient/bptt-gradient'
import { ExpectedError, numberIn, oneOf } from '../expected'
import type { Cell } from '../rnn-cell/cell'
import { type ParameterName, parameterNames } from '../rnn-cell/parameters'
import type { Update } from '../rnn-cell/update'
import { allFinite, sameShape, showShape, type Tensor } from '../tensor/tensor'
import { adam } from './adam'
import type { Moments, RuleInput, RuleStep } from './rule'
import { sgd } from './sgd'

export const optimizerRules = ['sgd', 'adam'] as const
export type OptimizerRule = (typeof optimizerRules)[number]

export interface OptimizerOptions {
  /** default adam */
  rule?: OptimizerRule
  /** η; default 1e-3 for adam, 1e-2 for sgd */
  learningRate?: number
  /** sgd: μ; default 0 */
  momentum?: number
  /** sgd: default false */
  nesterov?: boolean
  /** adam: default 0.9 */
  beta1?: number
  /** adam: default 0.999 */
  beta2?: number
  /** adam: default 1e-8 */
  epsilon?: number
}

export interface OptimizerState {
  readonly rule: OptimizerRule
  /** updates made so far */
  readonly step: number
  readonly moments: Partial<Readonly<Record<ParameterName, Moments>>>
}

export interface OptimizerUpdate extends Update {
  /** number of this update, from 1; of a skipped one the number of the last that was made */
  readonly step: number
  readonly learningRate: number
  /** nothing to add, because the gradient or what would come of it is not finite */
  readonly skipped: boolean
}

export interface Optimizer {
  /**
   * @param gradient of the shapes of the cell's parameters
   * @param learningRate for this step only
   * @throws ExpectedError if the gradient does not fit the cell
   */
  update(gradient: Pick<Gradient, 'parameters'>, cell: Cell, learningRate?: number): OptimizerUpdate
  /** What `optimizer(options, state)` continues from, bit for bit. */
  state(): OptimizerState
}

/** The learning rate that suits a rule if nothing is known. */
export const defaultLearningRate = (rule: OptimizerRule): number => (rule === 'adam' ? 1e-3 : 1e-2)

/**
 * @param state of an earlier optimizer of the same rule
 * @throws ExpectedError for an option out of its range
 */
export function optimizer(options: OptimizerOptions = {}, state?: OptimizerState): Optimizer {
  const name = oneOf('rule', options.rule ?? 'adam', optimizerRules)
  const usual = checkedLearningRate(options.learningRate ?? defaultLearningRate(name))
  const rule = chooseRule(name, options)
  if (state && state.rule !== name)
    throw new ExpectedError(`a state of the rule ${name}`, `one of ${state.rule}`)
  let step = state?.step ?? 0
  let moments = state?.moments ?? {}

  return {
    update({ parameters }, cell, learningRate = usual) {
      checkedLearningRate(learningRate)
      checkShapes(parameters, cell)
      const before = parameterNames.every((parameter) => fits(moments[parameter], parameters[parameter]))
        ? { step, moments }
        : { step: 0, moments: {} as typeof moments }
      const skipped: OptimizerUpdate = { parameters: {}, step, learningRate, skipped: true }
      const deltas: Partial<Record<ParameterName, Tensor>> = {}
      const nextMoments: Partial<Record<ParameterName, Moments>> = {}
      for (const parameter of parameterNames) {
        const gradient = parameters[parameter]
        const stepped = rule({
          gradient: gradient.data,
          moments: before.moments[parameter],
          learningRate,
          step: before.step + 1,
        })
        if (!staysFinite(stepped, cell.parameters[parameter])) return skipped
        deltas[parameter] = { ...gradient, data: stepped.delta }
        nextMoments[parameter] = stepped.moments
      }
      step = before.step + 1
      moments = nextMoments
      return { parameters: deltas, step, learningRate, skipped: false }
    },
    state: () => ({ rule: name, step, moments }),
  }
}

const checkedLearningRate = (value: number) => numberIn('learningRate', value, { min: 0 })

function chooseRule(name: OptimizerRule, options: OptimizerOptions): (input: RuleInput) => RuleStep {
  const below1 = (option: 'momentum' | 'beta1' | 'beta2', usual: number) => {
    const value = numberIn(option, options[option] ?? usual, { min: 0, max: 1 })
    if (value === 1) throw new ExpectedError(`${option} below 1`, '1')
    return value
  }
  if (name === 'sgd') {
    const momentum = below1('momentum', 0)
    const nesterov = options.nesterov ?? false
    if (nesterov && momentum === 0) throw new ExpectedError('a momentum above 0 for Nesterov', '0')
    return (input) => sgd(input, { momentum, nesterov })
  }
  const settings = {
    beta1: below1('beta1', 0.9),
    beta2: below1('beta2', 0.999),
    epsilon: numberIn('epsilon', options.epsilon ?? 1e-8, { min: 0 }),
  }
  return (input) => adam(input, settings)
}

function checkShapes(gradient: Gradient['parameters'], cell: Cell): void {
  for (const name of parameterNames) {
    const { shape } = cell.parameters[name]
    if (!sameShape(gradient[name]?.shape ?? [], shape))
      throw new ExpectedError(
        `a gradient of ${name} of shape ${showShape(shape)}`,
        gradient[name] ? showShape(gradient[name].shape) : 'none',
      )
  }
}

/** Whether moments are of a tensor's size and precision; those of another cell are forgotten, with their step count. */
const fits = (moments: Moments = {}, gradient: Tensor): boolean =>
  Object.values(moments).every(
    (moment) => moment.length === gradient.data.length && moment.constructor === gradient.data.constructor,
  )

const staysFinite = ({ delta, moments }: RuleStep, parameter: Tensor): boolean =>
  Object.values(moments).every(allFinite) &&
  allFinite(delta) &&
  allFinite(delta.map((change, index) => parameter.data[index] + change))
