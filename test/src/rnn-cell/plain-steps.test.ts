/**
 * The step that each kind of cell takes by itself, without a program: it is what programs are held to, and is held here
 * to the formulas. Two sequences at once, from a state that is not zero.
 */
import should from 'should'
import { activationNames, type CellOptions, gateActivationNames, rnnCell } from '../../../src'
import { random } from '../../../src/random/random'
import { kindOf } from '../../../src/rnn-cell/kinds'
import { lanesOf } from '../../../src/rnn-cell/lanes'
import { weightsOf } from '../../../src/rnn-cell/weights'
import { textbook } from './textbook'

const [batch, inputSize, hiddenSize] = [2, 3, 4]

const kinds: CellOptions[] = [
  { type: 'rnn' } as const,
  { type: 'gru', resetAfter: true } as const,
  { type: 'gru', resetAfter: false } as const,
  { type: 'lstm', peepholes: false } as const,
  { type: 'lstm', peepholes: true } as const,
].map((own) => ({ ...own, inputSize, hiddenSize, outputSize: 1, precision: 'float64', seed: 4 }))

describe('a step without a program', () => {
  for (const kind of kinds)
    for (const activation of activationNames)
      for (const gateActivation of kind.type === 'rnn' ? [undefined] : gateActivationNames)
        it(`is that of the formulas (${JSON.stringify({ ...kind, activation, gateActivation })})`, () => {
          const cell = rnnCell({ ...kind, activation, gateActivation, gain: 2 })
          const { normal } = random(8)
          const drawn = (size: number) => Float64Array.from({ length: batch * size }, normal)
          const zeros = () => new Float64Array(batch * hiddenSize)
          const before = { hidden: drawn(hiddenSize), cellState: drawn(hiddenSize) }
          const after = { hidden: zeros(), cellState: zeros() }
          const input = drawn(inputSize)
          const own = kindOf(cell).of(cell)
          const gates = new Float64Array(own.keeps * batch * hiddenSize)
          own.forward(weightsOf(cell, lanesOf(cell)[0]), { batch, input, before, after, gates })

          for (let sequence = 0; sequence < batch; sequence++) {
            const rowOf = (data: Float64Array, size: number) => [
              ...data.subarray(sequence * size, (sequence + 1) * size),
            ]
            const [, wanted] = textbook(cell, [rowOf(input, inputSize)], {
              h: rowOf(before.hidden, hiddenSize),
              c: rowOf(before.cellState, hiddenSize),
            })
            const near = (made: number[], numbers: number[]) =>
              made.forEach((number, unit) => {
                should(number).be.approximately(numbers[unit], 1e-13)
              })
            near(rowOf(after.hidden, hiddenSize), wanted.h)
            if (cell.type === 'lstm') near(rowOf(after.cellState, hiddenSize), wanted.c)
          }
        })
})
