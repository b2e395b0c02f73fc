/**
 * What a kind of cell is: one step forward, and the same step backwards. A step works on a batch of B sequences. What
 * is kept of a step, and δ, are laid out gate by gate: block k is [B, H].
 */
import type { Floats } from '../tensor/tensor'
import type { Activation } from './activation'
import type { CellForm } from './form'

/** The parameters of one lane, by their names without its suffix, and what else its steps need. */
export interface Weights {
  readonly W: Floats
  readonly U: Floats
  readonly b: Floats
  readonly bn?: Floats
  readonly p?: Floats
  readonly inputSize: number
  readonly hiddenSize: number
  /** φ, with the form's clip */
  readonly activation: Activation
  /** of the gates, with the form's clip */
  readonly gateActivation: Activation
  /** φ without clip, for the way from an LSTM's c to its h */
  readonly outputActivation: Activation
}

/** What is carried from step to step: h [B, H], and of an LSTM c [B, H]. */
export interface State<Numbers extends Floats = Floats> {
  readonly hidden: Numbers
  readonly cellState?: Numbers
}

export interface Step {
  /** B */
  readonly batch: number
  /** x_t [B, D] */
  readonly input: Floats
  /** of t-1 */
  readonly before: State
  /** of t */
  readonly after: State
  /** what the way back needs besides, [keeps, B, H] */
  readonly gates: Floats
}

export interface StepBack extends Step {
  /** ∂L/∂h_t and ∂L/∂c_t, the latter without what reaches L through h_t */
  readonly gradient: State<Float64Array>
  /** δ: ∂L/∂a for what is added to U x_t, [g, B, H] */
  readonly delta: Float64Array
  /** ∂L/∂(W h_{t-1}), [g, B, H]; the same array as `delta` where the product is simply added */
  readonly recurrentDelta: Float64Array
  /** ∂L/∂h_{t-1} and ∂L/∂c_{t-1} through this step */
  readonly gradientBefore: State<Float64Array>
}

/** Adds ∂⁺L/∂(a parameter), with h_{t-1} and c_{t-1} held constant, to `out`: the immediate partial. */
export type Immediate = (weights: Weights, step: StepBack, out: Float64Array) => void

export interface KindOfForm {
  /** blocks of `gates` */
  readonly keeps: number
  /** whether `recurrentDelta` differs from `delta` */
  readonly hasRecurrentDelta: boolean
  /** writes `after` and `gates` */
  forward(weights: Weights, step: Step): void
  /** writes `delta`, `recurrentDelta` and `gradientBefore` */
  backward(weights: Weights, step: StepBack): void
  /** by the name of the parameter */
  readonly immediate: Readonly<Record<string, Immediate>>
}

export interface CellKind {
  /** the gates, in the order in which they are stacked along the rows */
  readonly gates: readonly string[]
  readonly hasCellState: boolean
  shapes(form: CellForm, inputSize: number): Record<string, number[]>
  /** its steps under the options of a form */
  of(form: CellForm): KindOfForm
}
