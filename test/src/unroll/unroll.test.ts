/** Forward through time: the tape that is left behind, alike for a batch and for its sequences one by one. */
import fc from 'fast-check'
import should from 'should'
import { type Cell, kernelNames, rnnCell, type Tensor, unroll } from '../../../src'
import { type Case, cases, relativeError, run, stepByStep } from '../../support/networks'
import { sequenceAt } from '../../support/one-sequence'

const small: Cell = rnnCell({ inputSize: 2, hiddenSize: 3, outputSize: 2, precision: 'float64', seed: 6 })

const row = ({ data, shape: [, size, last] }: Tensor, first: number, second: number): number[] => {
  const start = (first * size + second) * last
  return [...data.subarray(start, start + last)]
}

describe('unroll', () => {
  it('gives a batch exactly what its sequences give one by one', () => {
    const own = { teacherForcing: fc.constantFrom(0, 1) }
    const compare = (given: Case, areSame: (a: number[], b: number[]) => void) => {
      const whole = run(given)
      for (let s = 0; s < whole.batch; s++) {
        const alone = run(sequenceAt(given, s))
        for (const [lane, { hidden }] of whole.strands.entries())
          for (let t = 0; t <= whole.steps; t++)
            areSame(row(hidden, t, s), row(alone.strands[lane].hidden, t, 0))
        for (let l = 0; l < whole.readouts.length; l++)
          areSame(row(whole.outputs, l, s), row(alone.outputs, l, 0))
      }
    }
    fc.assert(
      fc.property(cases('float32', 10, own), (network) =>
        compare(stepByStep(network), (a, b) => should(a).eql(b)),
      ),
      { numRuns: 80 },
    )
    // the kernels add up in another order where there is only one sequence
    fc.assert(
      fc.property(cases('float64', 10, own), (network) =>
        compare(network, (a, b) => should(relativeError(a, b, 1e-3)).be.below(1e-11)),
      ),
      { numRuns: 80 },
    )
  })

  it('of one step is φ(W h_0 + U x_1 + b)', () => {
    const cell = rnnCell({
      inputSize: 1,
      hiddenSize: 1,
      outputSize: 1,
      precision: 'float64',
      parameters: { W: [[2]], U: [[3]], b: [0.5], V: [[4]], c: [-1] },
    })
    const wanted = [0.2, Math.tanh(0.5 + 0.4 + 3 * 0.1)]
    for (const kernel of kernelNames) {
      const { steps, hidden, outputs, readouts } = unroll(cell, [[0.1]], { initialState: [0.2], kernel })
      should(steps).equal(1)
      should(readouts).eql([1])
      if (kernel === 'reference') should([...hidden.data]).eql(wanted)
      should(relativeError(hidden.data, wanted)).be.below(1e-15)
      should(outputs.data[0]).be.approximately(4 * hidden.data[1] - 1, kernel === 'reference' ? 0 : 1e-15)
    }
  })

  it('keeps the tape with time first: x [T,B,D], h [T+1,B,H], o [L,B,O]', () => {
    const inputs = [
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
      [
        [7, 8],
        [9, 10],
        [11, 12],
      ],
    ]
    const many = unroll(small, inputs, { topology: 'many-to-many' })
    should(many.inputs.shape).eql([3, 2, 2])
    should([...many.inputs.data]).eql([1, 2, 7, 8, 3, 4, 9, 10, 5, 6, 11, 12])
    should(many.hidden.shape).eql([4, 2, 3])
    should(many.outputs.shape).eql([3, 2, 2])
    should([many.steps, many.batch, many.batched]).eql([3, 2, true])
    should(unroll(small, inputs).outputs.shape).eql([1, 2, 2])
    should(unroll(small, inputs).topology).equal('many-to-one')
  })

  it('has a strand for every layer and direction, layer 1 forward before its reverse; h is the last layer’s', () => {
    const cell = rnnCell({
      type: 'lstm',
      inputSize: 2,
      hiddenSize: 3,
      outputSize: 1,
      layers: 2,
      bidirectional: true,
    })
    const { strands, hidden } = unroll(cell, [
      [1, 2],
      [3, 4],
    ])
    should(strands.map(({ layer, reverse }) => [layer, reverse])).eql([
      [1, false],
      [1, true],
      [2, false],
      [2, true],
    ])
    for (const { hidden: h, cellState } of strands)
      should([h.shape, cellState?.shape]).eql([
        [3, 1, 3],
        [3, 1, 3],
      ])
    should(hidden).equal(strands[2].hidden)
    should(unroll(small, [[1, 2]]).strands).have.length(1)
  })

  it('keeps states, outputs and what was fed in the precision of the cell', () => {
    for (const precision of ['float32', 'float64'] as const)
      fc.assert(
        fc.property(cases(precision, 3), (network) => {
          const { strands, outputs, logits, inputs, fed } = run(network)
          const kept = strands.flatMap(({ hidden, cellState, gates }) => [hidden, cellState, gates])
          for (const one of [...kept, outputs, logits, inputs, fed?.inputs])
            should(one?.dtype ?? precision).equal(precision)
        }),
        { numRuns: 20 },
      )
  })

  it('says logits and outputs apart only where the readout has an activation', () => {
    for (const readout of ['linear', 'sigmoid', 'softmax', 'none'] as const) {
      const cell = rnnCell({
        inputSize: 1,
        hiddenSize: 2,
        outputSize: readout === 'none' ? undefined : 3,
        readout,
      })
      const { logits, outputs } = unroll(cell, [1])
      should(logits === outputs).equal(readout === 'linear' || readout === 'none')
    }
  })
})
