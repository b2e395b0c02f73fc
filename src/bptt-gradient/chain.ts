/**
 * A gradient on its way back through the steps of strands that go in lock-step: one strand, or all the layers of a
 * network of one direction. It is carried as numbers times a power of two, one power for all.
 */

import { addThroughInput } from '../rnn-cell/gates'
import type { State, StepBack } from '../rnn-cell/kind'
import type { Floats } from '../tensor/tensor'
import { absentRows } from '../unroll/forward'
import type { Tape } from '../unroll/tape'
import type { Unrolled } from '../unroll/unrolled'
import { excessExponent, largestOf, logNorm, type Scaled, scaleByPowerOfTwo } from './scaled'

/** One strand's part in a step back; its arrays are used again for the next step. */
export interface StrandStep {
  readonly strand: number
  readonly step: StepBack
  readonly exponent: number
}

export interface Chain {
  /** adds ∂L/∂h [B, H] to one of the strands, counted from below */
  add(gradient: Scaled, position: number): void
  /** ∂L/∂ the state of all strands, h and c, as it is now */
  readonly gradients: readonly Float64Array[]
  readonly exponent: number
  /** log of its norm */
  logNorm(): number
  /**
   * Back through step t of every strand, the last layer first.
   *
   * @param visit sees each strand
   * @param passesOn whether somebody asks for what is returned
   * @returns ∂L/∂ what the lowest strand took in at t, [B, D]
   */
  back(t: number, visit: (step: StrandStep) => void, passesOn: boolean): Scaled | undefined
}

interface Buffers {
  gradient: State<Float64Array>
  gradientBefore: State<Float64Array>
  readonly delta: Float64Array
  readonly recurrentDelta: Float64Array
}

/** @param strands from the lowest layer up; each but the first takes in the states of the one before it */
export function chain(unrolled: Unrolled, tape: Tape, strands: readonly number[]): Chain {
  const { batch, cell, present } = unrolled
  const { kind, hasCellState, gateCount } = tape.network
  const size = batch * cell.sizes.hiddenSize
  const zeroState = (): State<Float64Array> => ({
    hidden: new Float64Array(size),
    ...(hasCellState && { cellState: new Float64Array(size) }),
  })
  const buffers: Buffers[] = strands.map(() => {
    const delta = new Float64Array(gateCount * size)
    return {
      gradient: zeroState(),
      gradientBefore: zeroState(),
      delta,
      recurrentDelta: kind.hasRecurrentDelta ? new Float64Array(delta.length) : delta,
    }
  })
  let exponent = 0
  const all = (which: 'gradient' | 'gradientBefore') =>
    buffers.flatMap((own) => {
      const { hidden, cellState } = own[which]
      return cellState ? [hidden, cellState] : [hidden]
    })
  const rescale = (to: number) => {
    if (to === exponent) return
    for (const values of all('gradient')) scaleByPowerOfTwo(values, exponent - to)
    exponent = to
  }

  return {
    get gradients() {
      return all('gradient')
    },
    get exponent() {
      return exponent
    },
    logNorm: () => logNorm(all('gradient'), exponent),

    add(gradient, position) {
      if (largestOf(all('gradient')) === 0) exponent = gradient.exponent
      else if (gradient.exponent > exponent) rescale(gradient.exponent)
      const values = gradient.values.slice()
      scaleByPowerOfTwo(values, gradient.exponent - exponent)
      const { hidden } = buffers[position].gradient
      for (let index = 0; index < hidden.length; index++) hidden[index] += values[index]
    },

    back(t, visit, passesOn) {
      const absent = present ? absentRows(present, t, batch) : []
      let passed: Scaled | undefined
      for (let position = strands.length - 1; position >= 0; position--) {
        const strand = strands[position]
        const own = buffers[position]
        const weights = tape.network.weightsAt(strand, t)
        const kept = absent.length > 0 ? takeRows(own.gradient, absent, batch) : undefined
        const step: StepBack = { ...tape.step(strand, t), ...own }
        kind.backward(weights, step)
        if (kept) addRows(own.gradientBefore, kept, absent, batch)
        visit({ strand, step, exponent })
        if (position > 0) addThroughInput(weights, own.delta, buffers[position - 1].gradient.hidden, batch)
        else if (passesOn) {
          passed = { values: new Float64Array(batch * weights.inputSize), exponent }
          addThroughInput(weights, own.delta, passed.values, batch)
        }
      }
      for (const own of buffers) [own.gradient, own.gradientBefore] = [own.gradientBefore, own.gradient]
      rescale(exponent + excessExponent(all('gradient')))
      return passed
    },
  }
}

/** Takes the rows of sequences that are not present out of a gradient: their state stays as it is. */
function takeRows(gradient: State<Float64Array>, rows: readonly number[], batch: number): Float64Array[] {
  const taken: Float64Array[] = []
  for (const values of valuesOf(gradient)) {
    const size = values.length / batch
    for (const row of rows) {
      taken.push(values.slice(row * size, (row + 1) * size))
      values.fill(0, row * size, (row + 1) * size)
    }
  }
  return taken
}

/** Puts them back behind the step: what was ∂L/∂h_t is ∂L/∂h_{t-1}. */
function addRows(
  gradient: State<Float64Array>,
  kept: readonly Float64Array[],
  rows: readonly number[],
  batch: number,
): void {
  valuesOf(gradient).forEach((values, part) => {
    const size = values.length / batch
    rows.forEach((row, index) => {
      addAt(values, kept[part * rows.length + index], row * size)
    })
  })
}

function addAt(values: Float64Array, added: Floats, start: number): void {
  for (let index = 0; index < added.length; index++) values[start + index] += added[index]
}

const valuesOf = ({ hidden, cellState }: State<Float64Array>): Float64Array[] =>
  cellState ? [hidden, cellState] : [hidden]
