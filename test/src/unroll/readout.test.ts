/** What is read off the state: V h + c, through a sigmoid or softmax or not, or the state itself. */
import should from 'should'
import { type ReadoutName, rnnCell, unroll } from '../../../src'

const read = (readout: ReadoutName, x: number, scale = 1) => {
  const cell = rnnCell({
    inputSize: 1,
    hiddenSize: 1,
    readout,
    activation: 'linear',
    precision: 'float64',
    ...(readout !== 'none' && { outputSize: 3 }),
    parameters: {
      W: [[0]],
      U: [[1]],
      b: [0],
      ...(readout !== 'none' && { V: [[scale], [2 * scale], [-scale]], c: [0.1, 0, 0] }),
    },
  })
  const { outputs, logits } = unroll(cell, [x])
  return { outputs: [...outputs.data], logits: [...logits.data] }
}

describe('the readout', () => {
  it('linear is V h + c', () => {
    should(read('linear', 2)).eql({ outputs: [2.1, 4, -2], logits: [2.1, 4, -2] })
  })

  it('sigmoid is 1 / (1 + e^-(V h + c)), output by output', () => {
    const { outputs, logits } = read('sigmoid', 2)
    should(logits).eql([2.1, 4, -2])
    for (const [index, value] of outputs.entries())
      should(value).be.approximately(1 / (1 + Math.exp(-logits[index])), 1e-15)
  })

  it('softmax is e^o over their sum', () => {
    const { outputs, logits } = read('softmax', 2)
    should(logits).eql([2.1, 4, -2])
    const sum = Math.exp(2.1) + Math.exp(4) + Math.exp(-2)
    for (const [index, value] of outputs.entries())
      should(value).be.approximately(Math.exp(logits[index]) / sum, 1e-15)
  })

  it('softmax stays right for logits of thousands', () => {
    should(read('softmax', 1, 1e4).outputs).eql([0, 1, 0])
    should(read('softmax', -1, 1e4).outputs).eql([0, 0, 1])
  })

  it('none is the hidden state', () => {
    should(read('none', 2)).eql({ outputs: [2], logits: [2] })
  })

  it('none of two directions is both of their states, the forward one first', () => {
    const cell = rnnCell({
      inputSize: 1,
      hiddenSize: 2,
      readout: 'none',
      bidirectional: true,
      precision: 'float64',
    })
    const { outputs, strands } = unroll(cell, [1, 2, 3], { topology: 'many-to-many' })
    const [forward, reverse] = strands.map(({ hidden }) => [...hidden.data])
    for (let t = 1; t <= 3; t++)
      should([...outputs.data.subarray((t - 1) * 4, t * 4)]).eql([
        ...forward.slice(t * 2, t * 2 + 2),
        ...reverse.slice((t - 1) * 2, t * 2),
      ])
  })
})
