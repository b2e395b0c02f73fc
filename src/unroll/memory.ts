/** What the steps of a batch will take up, told from its sizes before anything is made. */

import { checkSize, limitOf } from '../limits'
import type { Cell } from '../rnn-cell/cell'
import { directionsOf } from '../rnn-cell/form'
import { kindOf } from '../rnn-cell/kinds'
import type { Plan } from './topology'

/** Of each step of a lane, whatever its sizes: the calls of a program and their views. */
const bytesOfStep = 200

/**
 * Bytes for the way forward and the way back. Of a step that is about its states, twice, what its gates keep and their δ,
 * and the gradient from above; its input and its outputs twice each.
 *
 * @param every steps between two states that are kept, where the steps in between are taken again
 */
export function bytesOfSteps(cell: Cell, { steps, readouts }: Plan, batch: number, every?: number): number {
  const { gates, hasCellState } = kindOf(cell)
  const { inputSize, hiddenSize, outputSize } = cell.sizes
  const lanes = cell.layers * directionsOf(cell)
  const kept = every ? Math.ceil(steps / every) + Math.min(every, steps) : steps
  const states = hasCellState ? 2 : 1
  const ofGates = gates.length === 1 ? 1 : 2 * gates.length + 1
  const ofLane = (2 * states + ofGates + 1) * hiddenSize
  const numbers = batch * (lanes * kept * ofLane + 2 * steps * inputSize + 2 * readouts.length * outputSize)
  return numbers * (cell.precision === 'float32' ? 4 : 8) + lanes * kept * bytesOfStep
}

/** @throws ExpectedError if that is more than a batch may take */
export function checkMemory(cell: Cell, plan: Plan, batch: number, every?: number): void {
  const bytes = bytesOfSteps(cell, plan, batch, every)
  // the words are for an error alone: this is asked at every step of a training
  if (!(bytes <= limitOf('maxMemory')))
    checkSize('maxMemory', bytes, `bytes for ${plan.steps} steps of ${batch} sequences in this network`)
}
