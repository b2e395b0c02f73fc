/** Holds an unrolled network together that comes from elsewhere, a message say. */
import { describe, ExpectedError, numberIn } from '../expected'
import { rowWithin, wholeWithin } from '../limits'
import { decoderLanesOf, lanesOf } from '../rnn-cell/lanes'
import { sameShape, showShape, type Tensor } from '../tensor/tensor'
import { checkMemory } from './memory'
import { networkOf } from './network'
import type { Unrolled } from './unrolled'

/**
 * The same, if every tensor has the shape that its cell and its steps ask for.
 *
 * @throws ExpectedError naming the tensor that has not, or a number of steps or sequences that cannot be
 */
export function checkedUnrolled(unrolled: Unrolled): Unrolled {
  const { cell, topology, steps, batch, inputSteps, readouts, strands, fed, checkpointEvery } = unrolled
  checkNumbers(unrolled)
  const { kind, hasCellState, lanes } = networkOf(cell, topology, inputSteps)
  const { inputSize, hiddenSize, outputSize } = cell.sizes
  const own = lanesOf(cell)
  if (strands.length !== own.length)
    throw new ExpectedError(`${lanes.length} strands of states`, `${strands.length}`)
  const states = [checkpointEvery ? Math.ceil(steps / checkpointEvery) + 1 : steps + 1, batch, hiddenSize]
  strands.forEach(({ layer, reverse, hidden, cellState, gates }, strand) => {
    if (layer !== own[strand].layer || reverse !== own[strand].reverse)
      throw new ExpectedError(
        `unrolled.strands[${strand}] of layer ${own[strand].layer}, reverse ${own[strand].reverse}`,
        `layer ${describe(layer)}, reverse ${describe(reverse)}`,
      )
    check(`strands[${strand}].hidden`, hidden, states)
    if (hasCellState) check(`strands[${strand}].cellState`, cellState, states)
    if (gates && !checkpointEvery)
      check(`strands[${strand}].gates`, gates, [steps, kind.keeps, batch, hiddenSize])
  })
  check('inputs', unrolled.inputs, [inputSteps, batch, inputSize])
  if (steps > inputSteps) {
    const [{ inputSize: fedSize }] = topology === 'encoder-decoder' ? decoderLanesOf(cell) : [cell.sizes]
    check('fed.inputs', fed?.inputs, [steps - inputSteps, batch, fedSize])
    checkFlags('fed.throughOutput', fed?.throughOutput, (steps - inputSteps) * batch)
  }
  check('outputs', unrolled.outputs, [readouts.length, batch, outputSize])
  check('logits', unrolled.logits, [readouts.length, batch, outputSize])
  if (unrolled.present) checkFlags('present', unrolled.present, steps * batch)
  if (unrolled.readoutMask) checkFlags('readoutMask', unrolled.readoutMask, readouts.length * batch)
  return unrolled
}

/** What shapes cannot tell: there are shapes of any length around no numbers at all. */
function checkNumbers({ cell, steps, batch, inputSteps, readouts, checkpointEvery }: Unrolled): void {
  numberIn('unrolled.steps', steps, { min: 1, integer: true })
  wholeWithin('unrolled.batch', batch, 1, 'maxBatch')
  wholeWithin('unrolled.inputSteps', inputSteps, 1, 'maxSteps')
  wholeWithin('unrolled.steps - inputSteps', steps - inputSteps, 0, 'maxSteps')
  if (checkpointEvery !== undefined)
    numberIn('unrolled.checkpointEvery', checkpointEvery, { min: 1, integer: true })
  checkMemory(
    cell,
    { steps, inputSteps, readouts: rowWithin('maxSteps', readouts, 'readouts') as number[] },
    batch,
    checkpointEvery,
  )
  if (readouts.length === 0) throw new ExpectedError('unrolled.readouts, the steps that were read', 'none')
  let before = 0
  for (let index = 0; index < readouts.length; index++) {
    const t = readouts[index]
    if (!(Number.isInteger(t) && t > before && t <= steps))
      throw new ExpectedError(`unrolled.readouts rising from 1 to ${steps}`, describe(t))
    before = t
  }
}

function check(name: string, tensor: Tensor | undefined, shape: readonly number[]): void {
  if (!tensor || !sameShape(tensor.shape, shape))
    throw new ExpectedError(
      `unrolled.${name} of shape ${showShape(shape)}`,
      tensor ? showShape(tensor.shape) : 'none',
    )
}

function checkFlags(name: string, flags: Uint8Array | undefined, length: number): void {
  if (flags?.length !== length)
    throw new ExpectedError(`${length} flags in unrolled.${name}`, `${flags?.length ?? 'none'}`)
}
