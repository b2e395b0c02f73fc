/** The cases of test/fixtures, and what definitions outside of this package, or other software, say of them. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import should from 'should'
import {
  type BpttOptions,
  bpttGradient,
  type CellOptions,
  type ClipOptions,
  fromNested,
  type Gradient,
  isTensor,
  lastState,
  type OptimizerOptions,
  rnnCell,
  type Tensor,
  type Unrolled,
  type UnrollOptions,
  unroll,
} from '../../src'
import { swapFirstAxes } from '../../src/tensor/axes'

export type Nested = number | readonly Nested[]
export type NestedParameters = Readonly<Record<string, Nested>>

/** What comes out of a forward pass. */
export interface ExpectedForward {
  /** after the readout's activation [B][L][O] */
  readonly outputs: Nested
  /** PyTorch's h_n [K][B][H]: layer 1 forward, layer 1 reverse, layer 2 forward … */
  readonly state: Nested
  /** PyTorch's c_n, of an LSTM */
  readonly cellState?: Nested
}

export interface ForwardCase {
  readonly name: string
  readonly cell: CellOptions
  readonly unroll: UnrollOptions
  /** [B][T][D] */
  readonly inputs: Nested
  readonly expected: ExpectedForward
}

export interface FixtureCase extends ForwardCase {
  readonly targets: Nested
  readonly loss: BpttOptions
  readonly expected: ExpectedForward & {
    readonly loss: number
    /** one entry for every parameter, in its shape */
    readonly gradient: NestedParameters
  }
}

/** Numbers by name, in the shape of what this package hands out. */
export type Numbers = number | null | readonly Numbers[] | { readonly [name: string]: Numbers }

export interface PytorchCase extends FixtureCase {
  readonly expected: FixtureCase['expected'] & {
    /** log ‖∂L/∂s_t‖, null for the logarithm of zero; missing where gradients are truncated */
    readonly growth?: readonly (number | null)[]
    readonly reverseGrowth?: readonly (number | null)[]
    /** norms by name, one a step */
    readonly terms: Readonly<Record<string, readonly number[]>>
    /** of the first sequence: inputs, hidden and losses of `Factors` */
    readonly factors?: Numbers
  }
}

export interface OptimizerCase {
  readonly name: string
  readonly options: OptimizerOptions
  /** four numbers */
  readonly parameters: readonly number[]
  readonly gradients: readonly (readonly number[])[]
  /** validation losses, each told before the gradient of the same place; null: none */
  readonly losses?: readonly (number | null)[]
  /** one entry for every gradient */
  readonly expected: {
    /** null: no update was made, because the gradient waits for others */
    readonly learningRates: readonly (number | null)[]
    readonly parameters: readonly (readonly number[])[]
  }
}

export interface ClipCase {
  readonly name: string
  /** as JSON says it: infinity is 'inf' */
  readonly options: Omit<ClipOptions, 'normType'> & { readonly normType?: number | 'inf' }
  readonly gradient: NestedParameters
  /** of the adaptive rule */
  readonly parameters?: NestedParameters
  readonly expected: {
    readonly gradient: NestedParameters
    readonly normBefore: number
    readonly normAfter: number
    readonly clipped: boolean
  }
}

/** A model file, and what PyTorch computes with the network that is in it. */
export interface FileCase extends Omit<ForwardCase, 'cell'> {
  /** base64 */
  readonly file: string
}

interface Families {
  rnn: FixtureCase
  gru: FixtureCase
  lstm: FixtureCase
  topologies: FixtureCase
  losses: FixtureCase
  onnxruntime: ForwardCase
  optimizers: OptimizerCase
  clips: ClipCase
  pytorch: PytorchCase
  'pytorch-optimizers': OptimizerCase
  'pytorch-clips': ClipCase
  'files-to-pytorch': FileCase & ForwardCase
  'files-from-pytorch': FileCase
}

/** All cases of a family, in the order of the file. */
export const fixtures = <Family extends keyof Families>(family: Family): Families[Family][] =>
  JSON.parse(readFileSync(join(__dirname, '../fixtures', `${family}.json`), 'utf8'))

/** Every number within the tolerance of the expected one's size, which counts as `least` where it is less. */
export function agrees(
  name: string,
  got: Tensor,
  expected: Nested,
  { tolerance = 1e-9, least = 1 }: { tolerance?: number; least?: number } = {},
): void {
  const { shape, data } = fromNested(expected, 'float64')
  should(got.shape).eql(shape, `the shape of ${name}`)
  for (let index = 0; index < data.length; index++) {
    const bound = tolerance * Math.max(least, Math.abs(data[index]))
    should(Math.abs(got.data[index] - data[index]) <= bound).be.true(
      `${name}[${index}] is ${got.data[index]}, but should be ${data[index]}`,
    )
  }
}

/** [B, H] of a single lane as [1, B, H] */
const stacked = (state: Tensor): Tensor =>
  state.shape.length === 2 ? { ...state, shape: [1, ...state.shape] } : state

/** Outputs and last states. */
export function forwardAgrees(unrolled: Unrolled, expected: ExpectedForward, tolerance?: number): void {
  const last = lastState(unrolled)
  const { h, c } = isTensor(last) ? { h: last, c: undefined } : last
  agrees('outputs', swapFirstAxes(unrolled.outputs), expected.outputs, { tolerance })
  agrees('h', stacked(h), expected.state, { tolerance })
  should(c !== undefined).equal(expected.cellState !== undefined)
  if (c && expected.cellState) agrees('c', stacked(c), expected.cellState, { tolerance })
}

/** The loss, and ∂loss/∂parameter of every parameter. */
export function gradientAgrees(
  { loss, parameters }: Gradient,
  expected: Pick<FixtureCase['expected'], 'loss' | 'gradient'>,
): void {
  agrees('loss', fromNested([loss], 'float64'), [expected.loss])
  should(Object.keys(parameters).sort()).eql(Object.keys(expected.gradient).sort())
  for (const [name, slope] of Object.entries(expected.gradient))
    agrees(`the gradient of ${name}`, parameters[name], slope)
}

/** Unrolled and differentiated as the case says. */
export function runCase({ cell, unroll: options, inputs, targets, loss }: FixtureCase): {
  unrolled: Unrolled
  gradient: Gradient
} {
  const unrolled = unroll(rnnCell(cell), inputs, { ...options, ...(options.teacherForcing && { targets }) })
  return { unrolled, gradient: bpttGradient(unrolled, targets, loss) }
}
