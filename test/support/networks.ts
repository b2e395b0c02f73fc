/** Random networks with data for property tests: every cell, topology and loss, with what may go with them. */
import fc from 'fast-check'
import should from 'should'
import {
  activationNames,
  type BpttOptions,
  bpttGradient,
  type Cell,
  cellTypes,
  type Dtype,
  type Floats,
  feedNames,
  type Gradient,
  gateActivationNames,
  isTensor,
  readoutNames,
  rnnCell,
  type Tensor,
  topologyNames,
  type Unrolled,
  type UnrollOptions,
  unroll,
} from '../../src'
import { dataFor } from './network-data'

export interface Case {
  readonly cell: Cell
  /** [B, T, D] */
  readonly inputs: Tensor
  readonly unroll: UnrollOptions
  readonly targets: Tensor
  readonly loss: BpttOptions
}

export const lossKinds = [
  'mse',
  'mae',
  'huber',
  'cross-entropy',
  'cross-entropy of probabilities',
  'binary-cross-entropy',
] as const

const sizes = (most: number) => fc.integer({ min: 1, max: most })

const draws = (maxSteps: number) => ({
  type: fc.constantFrom(...cellTypes),
  activation: fc.constantFrom(...activationNames),
  gateActivation: fc.constantFrom(...gateActivationNames),
  resetAfter: fc.boolean(),
  peepholes: fc.boolean(),
  clip: fc.constantFrom<(number | undefined)[]>(undefined, undefined, 0.7, 3),
  layers: fc.constantFrom(1, 1, 2, 3),
  bidirectional: fc.boolean(),
  decoder: fc.boolean(),
  readout: fc.constantFrom(...readoutNames),
  topology: fc.constantFrom(...topologyNames),
  /** of the inputs, and of what is fed */
  steps: sizes(maxSteps),
  fedSteps: sizes(Math.min(maxSteps, 8)),
  feed: fc.constantFrom(...feedNames),
  teacherForcing: fc.constantFrom(0, 0, 0.5, 1),
  padding: fc.constantFrom('none', 'lengths', 'mask'),
  /** where only the first step is given an input: all sequences but one pause there */
  pausesFirst: fc.boolean(),
  padsTargets: fc.boolean(),
  pastEnd: fc.constantFrom('zero' as const, 'hold' as const),
  loss: fc.constantFrom(...lossKinds),
  reduction: fc.constantFrom('mean' as const, 'sum' as const),
  batch: sizes(4),
  inputSize: sizes(3),
  hiddenSize: sizes(5),
  outputSize: sizes(4),
  gain: fc.double({ min: 0.3, max: 1.6, noNaN: true }),
  seed: fc.integer({ min: 1, max: 1_000_000 }),
})

export type Draws = ReturnType<typeof draws>
export type Drawn = { [Name in keyof Draws]: Draws[Name] extends fc.Arbitrary<infer Value> ? Value : never }

/** Without what has kinks, where a difference is no derivative. */
export const smooth: Partial<Draws> = {
  activation: fc.constantFrom('tanh', 'sigmoid', 'linear'),
  gateActivation: fc.constant('sigmoid'),
  clip: fc.constant(undefined),
}

/** Of one layer and direction, with inputs at all steps. */
export const plain: Partial<Draws> = {
  layers: fc.constant(1),
  bidirectional: fc.constant(false),
  topology: fc.constantFrom('many-to-one', 'many-to-many'),
}

/**
 * Random networks. A failing property shows what was drawn, from which everything else follows.
 *
 * @param maxSteps the longest inputs
 * @param own what is to be drawn otherwise
 */
export const cases = (precision: Dtype, maxSteps = 12, own: Partial<Draws> = {}): fc.Arbitrary<Case> =>
  fc
    .record({ ...draws(maxSteps), ...own })
    .map((drawn) =>
      Object.assign(networkOf(drawn, precision), { [fc.toStringMethod]: () => JSON.stringify(drawn) }),
    )

/** What goes with what was drawn first: the topology, the loss, the feed. */
function networkOf(drawn: Drawn, precision: Dtype): Case {
  const { type, topology, loss, feed, teacherForcing, hiddenSize } = drawn
  const isFed = topology === 'one-to-many' || topology === 'encoder-decoder'
  const bidirectional = drawn.bidirectional && !isFed
  const decoder = drawn.decoder && !bidirectional
  const activated = loss.startsWith('cross-entropy') ? 'softmax' : 'sigmoid'
  const ofLogits = loss.includes('cross-entropy') && !['linear', 'none', activated].includes(drawn.readout)
  const readout = ofLogits ? activated : drawn.readout
  const outputSize = readout === 'none' ? hiddenSize * (bidirectional ? 2 : 1) : drawn.outputSize
  const hearsItself = isFed && (feed !== 'zeros' || teacherForcing > 0)
  const inputSize = hearsItself && !(topology === 'encoder-decoder' && decoder) ? outputSize : drawn.inputSize
  const cell = rnnCell({
    type,
    activation: drawn.activation,
    ...(type !== 'rnn' && { gateActivation: drawn.gateActivation }),
    ...(type === 'gru' && { resetAfter: drawn.resetAfter }),
    ...(type === 'lstm' && { peepholes: drawn.peepholes }),
    clip: drawn.clip,
    layers: drawn.layers,
    bidirectional,
    decoder,
    readout,
    inputSize,
    hiddenSize,
    outputSize,
    gain: drawn.gain,
    seed: drawn.seed,
    precision,
  })
  return { cell, ...dataFor(cell, drawn) }
}

/** By what defines a network: step by step in plain TypeScript, where numbers agree to the last bit. */
export const stepByStep = <Given extends Pick<Case, 'unroll' | 'loss'>>(network: Given): Given => ({
  ...network,
  unroll: { ...network.unroll, kernel: 'reference' },
  loss: { ...network.loss, kernel: 'reference' },
})

export const run = ({ cell, inputs, unroll: options }: Case): Unrolled => unroll(cell, inputs, options)

export const gradientOf = (network: Case, more: BpttOptions = {}): Gradient =>
  bpttGradient(run(network), network.targets, { ...network.loss, ...more })

/** The states of `lastState`, one after the other. */
export const statesOf = (state: Tensor | { h: Tensor; c: Tensor }): Tensor[] =>
  isTensor(state) ? [state] : [state.h, state.c]

/** Holds a gradient to another, each tensor and its terms to a tolerance; `floor` is a share of the whole norm. */
export function shouldBeNear(got: Gradient, wanted: Gradient, bound: number, floor = 1e-3): void {
  should(got.loss).be.approximately(wanted.loss, bound * Math.max(1, Math.abs(wanted.loss)))
  should(Object.keys(got.parameters)).eql(Object.keys(wanted.parameters))
  for (const [name, { data }] of Object.entries(wanted.parameters)) {
    should(relativeError(got.parameters[name].data, data, floor * wanted.norm)).be.belowOrEqual(bound, name)
    should(relativeError(got.terms[name], wanted.terms[name], floor * wanted.norm)).be.belowOrEqual(
      bound,
      `terms of ${name}`,
    )
  }
}

/** ‖a - b‖ / max(‖a‖, ‖b‖, floor) */
export function relativeError(a: Floats | number[], b: Floats | number[], floor = 0): number {
  should(a.length).equal(b.length)
  let difference = 0
  let left = 0
  let right = 0
  for (let index = 0; index < a.length; index++) {
    difference += (a[index] - b[index]) ** 2
    left += a[index] ** 2
    right += b[index] ** 2
  }
  const scale = Math.max(Math.sqrt(left), Math.sqrt(right), floor)
  return scale === 0 ? 0 : Math.sqrt(difference) / scale
}
