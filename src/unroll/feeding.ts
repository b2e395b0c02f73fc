/** What steps take in that were not given an input: zeros, what the network said before, or what it should have said. */
import { ExpectedError, numberIn, oneOf } from '../expected'
import { type Random, random } from '../random/random'
import type { Cell } from '../rnn-cell/cell'
import { decoderLanesOf } from '../rnn-cell/lanes'
import { argMax } from '../tensor/arg-max'
import { entry } from '../tensor/axes'
import { fromNested, isTensor } from '../tensor/nested'
import { asDtype, type Dtype, type Floats, sameShape, showShape, type Tensor, tensor } from '../tensor/tensor'
import { isFed, type Plan, type Topology } from './topology'
import type { Fed } from './unrolled'

export const feedNames = ['zeros', 'output', 'one-hot'] as const
/** output: o_{t-1}, with its gradient; one-hot: of the largest number in o_{t-1}, without */
export type Feed = (typeof feedNames)[number]

export interface FeedingOptions {
  /** one-to-many, encoder-decoder: what steps without an input take in; default zeros */
  feed?: Feed
  /** share of the fed inputs, drawn one by one, that are taken from `targets` instead (scheduled sampling, Bengio et
   *  al. 2015); 1 is teacher forcing; default 0 */
  teacherForcing?: number
  /** for teacher forcing: values [B][L][O], or classes [B][L], which are fed as one-hot */
  targets?: unknown
  /** of the draw for teacher forcing; default 1 */
  seed?: number
}

export interface Feeding {
  readonly fed: Fed
  /** nothing depends on what the network says: all of it is in `fed` from the start */
  readonly isKnown: boolean
  /** writes what step t takes in, given the outputs of the step before (none before the first readout) */
  feed(t: number, outputBefore: Floats | undefined): void
}

/** Undefined if no step is fed. */
export function feedingOf(
  cell: Cell,
  topology: Topology,
  { inputSteps, steps, readouts }: Plan,
  batch: number,
  options: FeedingOptions,
): Feeding | undefined {
  const feed = oneOf('feed', options.feed ?? 'zeros', feedNames)
  const ratio = numberIn('teacherForcing', options.teacherForcing ?? 0, { min: 0, max: 1 })
  if (!isFed(topology) && (feed !== 'zeros' || ratio > 0))
    throw new ExpectedError(
      `feed and teacherForcing for one-to-many or encoder-decoder`,
      `them for ${topology}`,
    )
  if (steps === inputSteps) return undefined
  const { outputSize } = cell.sizes
  const [{ inputSize }] = topology === 'encoder-decoder' ? decoderLanesOf(cell) : [cell.sizes]
  if ((feed !== 'zeros' || ratio > 0) && inputSize !== outputSize)
    throw new ExpectedError(
      `as many outputs as inputs (${inputSize}) to feed what was said, or for an encoder-decoder a decoder with weights of its own`,
      `${outputSize} outputs`,
    )
  const targets =
    ratio > 0 ? readTeacher(options.targets, batch, readouts.length, outputSize, cell.precision) : undefined
  const draw: Random = random(numberIn('seed', options.seed ?? 1, { integer: true }))
  const inputs = tensor(cell.precision, [steps - inputSteps, batch, inputSize])
  const throughOutput = new Uint8Array((steps - inputSteps) * batch)

  const isKnown = ratio === 1 || (feed === 'zeros' && ratio === 0)
  const own: Feeding = {
    fed: { inputs, throughOutput },
    isKnown,
    feed(t, outputBefore) {
      if (!outputBefore) return
      const into = entry(inputs, t - inputSteps - 1)
      // the readouts of steps that are fed follow one another
      const readout = t - 1 - readouts[0]
      for (let row = 0; row < batch; row++) {
        const own = into.subarray(row * inputSize, (row + 1) * inputSize)
        const said = outputBefore.subarray(row * outputSize, (row + 1) * outputSize)
        if (targets && (ratio === 1 || draw.uniform() < ratio)) {
          const start = (row * readouts.length + readout) * outputSize
          own.set(targets.data.subarray(start, start + outputSize))
        } else if (feed === 'one-hot') {
          own[argMax(said)] = 1
        } else if (feed === 'output') {
          own.set(said)
          throughOutput[(t - inputSteps - 1) * batch + row] = 1
        }
      }
    },
  }
  if (isKnown && ratio === 1)
    for (let t = inputSteps + 1; t <= steps; t++) if (readouts[0] < t) own.feed(t, nothing)
  return own
}

const nothing = new Float32Array(0)

/** What was fed once, for another cell of the same form: its own outputs where those were fed, else the same numbers. */
export function feedingAgain({ inputs, throughOutput }: Fed, inputSteps: number, precision: Dtype): Feeding {
  const read = asDtype(inputs, precision)
  const again = { ...read, data: read.data.slice() }
  const [, batch, size] = inputs.shape
  return {
    fed: { inputs: again, throughOutput },
    isKnown: !throughOutput.includes(1),
    feed(t, outputBefore) {
      const step = t - inputSteps - 1
      for (let row = 0; row < batch; row++) {
        if (!outputBefore || throughOutput[step * batch + row] === 0) continue
        const said = outputBefore.subarray(row * size, (row + 1) * size)
        entry(again, step).set(said, row * size)
      }
    },
  }
}

/** What teacher forcing draws from, as a tensor, which can be handed to another thread. */
export const teacherOf = (
  { teacherForcing, targets }: FeedingOptions,
  { precision }: Cell,
): Tensor | undefined => (teacherForcing ? asTensor(targets, precision) : undefined)

const asTensor = (given: unknown, precision: Dtype): Tensor =>
  isTensor(given) ? asDtype(given, precision) : fromNested(given, precision)

/** [B, L, O], classes as one-hot. */
function readTeacher(given: unknown, batch: number, length: number, size: number, precision: Dtype): Tensor {
  if (given === undefined) throw new ExpectedError('targets for teacher forcing', 'none')
  const read = asTensor(given, precision)
  const classes = [batch, length]
  const values = [...classes, size]
  const fits = (shape: readonly number[]) =>
    sameShape(read.shape, shape) || (batch === 1 && sameShape(read.shape, shape.slice(1)))
  if (fits(values) || (size === 1 && fits(classes))) return { ...read, shape: values }
  if (!fits(classes) && !fits([...classes, 1]))
    throw new ExpectedError(
      `targets for teacher forcing of shape ${showShape(values)} or classes ${showShape(classes)}`,
      showShape(read.shape),
    )
  const oneHot = tensor(precision, values)
  read.data.forEach((target, index) => {
    if (Number.isInteger(target) && target >= 0 && target < size) oneHot.data[index * size + target] = 1
  })
  return oneHot
}
