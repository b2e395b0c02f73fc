/** What the editor is told of a training loop, as JSON: over comms in digests, by GET as a whole. */
import type { CellType, ExplosionState, Topology } from '../../src'

/** null is a number that is not finite, or that there is none yet. */
export type Figure = number | null

/** One training step: every point is a step that was taken, none is made of several. */
export type Point = [step: number, loss: Figure, norm: Figure, clippedNorm: Figure, learningRate: Figure]

/** What a pass over the held-out sequences said: rmse or accuracy, and what a naive forecast would have had. */
export type Validation = [step: number, loss: Figure, figure: Figure, naive: Figure]

/** A change of the detector's state. */
export type Alert = [step: number, state: ExplosionState]

export interface Progress {
  /** batches trained on */
  step: number
  /** batches in the budget, if there is one */
  steps?: number
  epoch?: number
  /** steps a second */
  rate: Figure
  paused: boolean
  /** the budget is spent */
  done: boolean
}

/** The latest batch along time. Of many steps a bar stands for `stride`, and is the largest of them. */
export interface Through {
  topology: Topology
  steps: number
  batch: number
  inputSteps: number
  /** of L readouts the first and the last, and how many */
  readouts: [first: number, last: number, count: number]
  stride: number
  /** norms of the terms, by parameter */
  terms: Record<string, Figure[]>
  /** log ‖∂L/∂s_i‖ */
  growth: Figure[]
  /** the same of the reverse direction */
  reverse?: Figure[]
  state: ExplosionState
  reasons: string[]
  span?: [number, number]
}

export interface CellFacts {
  type: CellType
  activation: string
  layers: number
  bidirectional: boolean
  inputSize: number
  hiddenSize: number
  outputSize: number
}

export interface LoopDigest {
  /** of the rnn-cell */
  id: string
  /** rises by one a digest */
  number: number
  /** rises when training starts again from the beginning: what was told before is over */
  begun: number
  /** ids of the nodes of the loop */
  source?: string
  bptt: string
  cell?: CellFacts
  progress: Progress
  /** since the digest before; in the whole all that are kept */
  points: Point[]
  validations: Validation[]
  alerts: Alert[]
  /** rmse or accuracy, of a validation */
  figure?: 'rmse' | 'accuracy'
  through?: Through
}

export const digestTopic = 'recurrent/digest'

/** How long the runtime tells of what an editor has asked for, in milliseconds. */
export const leaseTime = 15_000

export const traceViews = ['credit', 'sum', 'weights', 'check'] as const
export type TraceView = (typeof traceViews)[number]

export const controls = ['pause', 'resume', 'step', 'reset'] as const
export type Control = (typeof controls)[number]
