/** Which steps belong to which sequence, when the sequences of a batch have different lengths or gaps. */
import { describe, ExpectedError } from '../expected'
import { fromNested, isTensor } from '../tensor/nested'
import { sameShape, showShape, type Tensor } from '../tensor/tensor'
import type { Plan, Topology } from './topology'
import type { Unrolled } from './unrolled'

export interface PresenceOptions {
  /** valid input steps of each sequence, from 1 to T; default all */
  readonly lengths?: readonly number[]
  /** [B][T] of 1 and 0 (or true and false): a step of 0 keeps the state as it is; instead of lengths */
  readonly mask?: unknown
  /** valid output steps of each sequence where steps are fed (one-to-many, encoder-decoder); default all */
  readonly targetLengths?: readonly number[]
}

/**
 * [T · B], 1 where a step belongs to its sequence; undefined if all do.
 *
 * @throws ExpectedError for lengths or a mask that do not fit
 */
export function presence(
  { lengths, mask, targetLengths }: PresenceOptions,
  topology: Topology,
  { inputSteps, steps }: Plan,
  batch: number,
): Uint8Array | undefined {
  if (lengths && mask) throw new ExpectedError('lengths or a mask', 'both')
  const fedFrom = topology === 'one-to-many' ? 1 : inputSteps + 1
  const fedSteps = steps - fedFrom + 1
  if (targetLengths && (fedSteps === 0 || (topology !== 'one-to-many' && steps === inputSteps)))
    throw new ExpectedError('targetLengths for one-to-many or encoder-decoder', `them for ${topology}`)
  const given = lengths && readLengths('lengths', lengths, batch, inputSteps)
  const fed = targetLengths && readLengths('targetLengths', targetLengths, batch, fedSteps)
  const masked = mask === undefined || mask === null ? undefined : readMask(mask, batch, inputSteps)

  const present = new Uint8Array(steps * batch).fill(1)
  for (let t = 1; t <= steps; t++) {
    for (let sequence = 0; sequence < batch; sequence++) {
      const isGiven = t <= inputSteps
      const ended =
        (isGiven && given && t > given[sequence]) ||
        (isGiven && masked?.data[sequence * inputSteps + t - 1] === 0) ||
        (t >= fedFrom && fed && t - fedFrom + 1 > fed[sequence])
      if (ended) present[(t - 1) * batch + sequence] = 0
    }
  }
  return present.includes(0) ? present : undefined
}

function readLengths(name: string, given: unknown, batch: number, most: number): readonly number[] {
  const isList = (Array.isArray(given) || ArrayBuffer.isView(given)) && !(given instanceof DataView)
  if (!isList || (given as ArrayLike<unknown>).length !== batch)
    throw new ExpectedError(`${batch} ${name}, one a sequence`, describe(given))
  const lengths = Array.from({ length: batch }, (_, sequence) => (given as ArrayLike<number>)[sequence])
  const wrong = lengths.findIndex((length) => !(Number.isInteger(length) && length >= 1 && length <= most))
  if (wrong >= 0)
    throw new ExpectedError(
      `${name} from 1 to ${most}`,
      `${describe(lengths[wrong])} for sequence ${wrong + 1}`,
    )
  return lengths
}

function readMask(given: unknown, batch: number, steps: number): Tensor {
  const read = isTensor(given) ? given : fromNested(given, 'float64', ['sequence', 'step'], { flags: true })
  const fits = sameShape(read.shape, [batch, steps]) || (batch === 1 && sameShape(read.shape, [steps]))
  if (!fits) throw new ExpectedError(`a mask of shape [${batch}, ${steps}]`, showShape(read.shape))
  const wrong = read.data.find((value) => value !== 0 && value !== 1)
  if (wrong !== undefined) throw new ExpectedError('a mask of 0 and 1', `${wrong}`)
  return read
}

/** The first step at which a sequence is there, counted from 1. */
export function firstStep({ present, batch, steps }: Steps, sequence: number): number {
  let t = 1
  while (present?.[(t - 1) * batch + sequence] === 0 && t < steps) t++
  return t
}

/** The last one, where the reverse direction begins. */
export function lastStep({ present, batch, steps }: Steps, sequence: number): number {
  let t = steps
  while (present?.[(t - 1) * batch + sequence] === 0 && t > 1) t--
  return t
}

type Steps = Pick<Unrolled, 'present' | 'batch' | 'steps'>
