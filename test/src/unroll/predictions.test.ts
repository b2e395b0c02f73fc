/** What a person reads off an unrolled network. */
import should from 'should'
import { nestedShape, predictions, rnnCell, type Topology, type UnrollOptions, unroll } from '../../../src'
import { throwsExpected } from '../../support/throws'

/** o_t = [x_t, 10 x_t]: no memory, so that outputs can be read off the inputs. */
const cell = rnnCell({
  inputSize: 1,
  hiddenSize: 1,
  outputSize: 2,
  activation: 'linear',
  parameters: { W: [[0]], U: [[1]], b: [0], V: [[1], [10]], c: [0, 0] },
})
const predict = (inputs: unknown, topology: Topology) => predictions(unroll(cell, inputs, { topology }))
const batch = [
  [[1], [2], [3]],
  [[4], [5], [6]],
]

describe('predictions', () => {
  it('are [O] for one sequence read out once', () => {
    should(predict(batch[1], 'many-to-one')).eql([6, 60])
  })

  it('are [T][O] for one sequence read out at every step', () => {
    should(predict(batch[1], 'many-to-many')).eql([
      [4, 40],
      [5, 50],
      [6, 60],
    ])
  })

  it('are [B][O] for a batch read out once', () => {
    should(predict(batch, 'many-to-one')).eql([
      [3, 30],
      [6, 60],
    ])
  })

  it('are [B][T][O] for a batch read out at every step', () => {
    should(predict(batch, 'many-to-many')).eql([
      [
        [1, 10],
        [2, 20],
        [3, 30],
      ],
      [
        [4, 40],
        [5, 50],
        [6, 60],
      ],
    ])
  })

  it('keep the axes of a batch of one, and of a sequence of one step', () => {
    should(predict([[[7]]], 'many-to-one')).eql([[7, 70]])
    should(predict([[7]], 'many-to-many')).eql([[7, 70]])
    should(predict([[[7]]], 'many-to-many')).eql([[[7, 70]]])
  })

  it('of what is fed are [L][O] and [B][L][O], of one-to-one [O] and [B][O]', () => {
    const shape = (inputs: unknown, options: UnrollOptions) =>
      nestedShape(predictions(unroll(cell, inputs, options)))
    should(shape([1], { topology: 'one-to-one' })).eql([2])
    should(shape([[1], [2], [3]], { topology: 'one-to-one' })).eql([3, 2])
    should(shape([1], { topology: 'one-to-many', steps: 4 })).eql([4, 2])
    should(shape([[1], [2], [3]], { topology: 'one-to-many', steps: 4 })).eql([3, 4, 2])
    should(shape(batch[0], { topology: 'encoder-decoder', steps: 4 })).eql([4, 2])
    should(shape(batch, { topology: 'encoder-decoder', steps: 4 })).eql([2, 4, 2])
    should(shape(batch, { topology: 'many-to-many', readouts: [2] })).eql([2, 1, 2])
  })

  it('come in the units of the data if a scale is given: o · std + mean, by output', () => {
    const scale = { mean: [100, -1], std: [2, 0.5] }
    should(predictions(unroll(cell, batch), scale)).eql([
      [106, 14],
      [112, 29],
    ])
    should(predictions(unroll(cell, batch[0], { topology: 'many-to-many' }), scale)).eql([
      [102, 4],
      [104, 9],
      [106, 14],
    ])
  })

  it('refuse a scale of another number of outputs', () => {
    throwsExpected(
      () => predictions(unroll(cell, batch), { mean: [1], std: [1] }),
      'expected a scale of 2 features, got one of 1',
    )
  })

  it('are null where an output is not finite', () => {
    const steep = rnnCell({
      inputSize: 1,
      hiddenSize: 1,
      outputSize: 1,
      activation: 'linear',
      parameters: { W: [[0]], U: [[1e30]], b: [0], V: [[1e30]], c: [0] },
    })
    should(predictions(unroll(steep, [[1]]))).eql([null])
  })

  it('are in the units of the data, of one scale or of one for each sequence', () => {
    const unrolled = unroll(cell, batch, { topology: 'many-to-many' })
    const scale = { mean: [100, 0], std: [2, 1] }
    const other = { mean: [0, 1000], std: [1, 0.1] }
    const [first, second] = predictions(unrolled) as number[][][]
    const by = (rows: number[][], { mean, std }: typeof scale) =>
      rows.map((row) => row.map((value, output) => value * std[output] + mean[output]))
    should(predictions(unrolled, scale)).eql([by(first, scale), by(second, scale)])
    should(predictions(unrolled, [scale, other])).eql([by(first, scale), by(second, other)])
    throwsExpected(() => predictions(unrolled, [scale]), 'expected 2 scales, one a sequence, got 1')
  })
})
