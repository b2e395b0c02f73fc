/** rnn-cell: every option of the dialog changes what it is to change, and a hidden one nothing. */
import should from 'should'
import { initializerNames } from '../../src'
import { cellFlow, cellOf, firstMessage, inputs, parameterNames, parameterOf } from '../support/cell-flow'
import { type FlowNode, withFlow } from '../support/flow'

const gru = { cellType: 'gru' }
const lstm = { cellType: 'lstm' }

/** What a network with these settings answers. */
async function prediction(settings: object): Promise<number[]> {
  const nodes: FlowNode[] = [
    ...cellFlow({ hiddenSize: '4', outputSize: '2', ...settings, wires: [['unroll'], [], []] }),
    { id: 'unroll', type: 'unroll', wires: [['out']] },
  ]
  let answer: number[] = []
  await withFlow(nodes, async (flow) => {
    flow.send('cell', inputs)
    answer = (await flow.next('out')).payload as number[]
  })
  return answer
}

describe('rnn-cell, the form of the cell', () => {
  for (const [settings, names, W] of [
    [{}, ['W', 'U', 'b', 'V', 'c'], [3, 3]],
    [gru, ['W', 'U', 'b', 'bn', 'V', 'c'], [9, 3]],
    [{ ...gru, resetAfter: false }, ['W', 'U', 'b', 'V', 'c'], [9, 3]],
    [lstm, ['W', 'U', 'b', 'V', 'c'], [12, 3]],
    [{ ...lstm, peepholes: true }, ['W', 'U', 'b', 'p', 'V', 'c'], [12, 3]],
    [{ layers: '2' }, ['W', 'U', 'b', 'W2', 'U2', 'b2', 'V', 'c'], [3, 3]],
    [{ bidirectional: true }, ['W', 'U', 'b', 'Wr', 'Ur', 'br', 'V', 'c'], [3, 3]],
    [{ decoder: true }, ['W', 'U', 'b', 'Wd', 'Ud', 'bd', 'V', 'c'], [3, 3]],
    [{ readout: 'none', outputSize: '7' }, ['W', 'U', 'b'], [3, 3]],
  ] as const) {
    it(`has its weights: ${JSON.stringify(settings)}`, async () => {
      const msg = await firstMessage(settings)
      should(parameterNames(msg)).eql(names)
      should(cellOf(msg).parameters.W.shape).eql(W)
    })
  }

  for (const [form, settings] of [
    [
      { type: 'gru', activation: 'relu' },
      { ...gru, activation: 'relu' },
    ],
    [{ gateActivation: 'hard-sigmoid' }, { ...gru, gateActivation: 'hard-sigmoid' }],
    [{ gateActivation: 'hard-sigmoid' }, { ...lstm, gateActivation: 'hard-sigmoid' }],
    [{ resetAfter: false }, { ...gru, resetAfter: false }],
    [{ peepholes: true }, { ...lstm, peepholes: true }],
    [{ clip: 0.25 }, { clip: '0.25' }],
    [{ layers: 3 }, { layers: '3' }],
    [{ bidirectional: true }, { bidirectional: true }],
    [{ readout: 'sigmoid' }, { readout: 'sigmoid' }],
    [{ readout: 'softmax' }, { readout: 'softmax' }],
  ] as const) {
    it(`${JSON.stringify(form)} travels on, and the answer is another one`, async () => {
      should(cellOf(await firstMessage(settings))).containDeep(form)
      const cellType = 'cellType' in settings ? settings.cellType : 'rnn'
      should(await prediction(settings)).not.eql(await prediction({ cellType }))
    })
  }

  it('gives probabilities behind softmax, and the hidden state without a readout', async () => {
    const [first, second] = await prediction({ readout: 'softmax' })
    should(first + second).be.approximately(1, 1e-6)
    should(await prediction({ readout: 'none', outputSize: '' })).have.length(4)
  })

  for (const [what, settings, same] of [
    ['those of another type', { peepholes: true, gateActivation: 'x', chrono: '1', forgetBias: 'x' }, {}],
    ['an output size without a readout', { readout: 'none', outputSize: '77' }, { readout: 'none' }],
    [
      'a decoder beside both directions',
      { bidirectional: true, decoder: true },
      { bidirectional: true, decoder: false },
    ],
    ['peepholes of a GRU', { ...gru, peepholes: true, forgetBias: '3' }, gru],
    ['the reset of an LSTM', { ...lstm, resetAfter: false }, lstm],
  ] as const) {
    it(`does not read fields that the dialog hides: ${what}`, async () => {
      should(cellOf(await firstMessage(settings)).parameters).eql(cellOf(await firstMessage(same)).parameters)
    })
  }

  it('is what 0.1.0 made of a flow that has none of the new fields', async () => {
    should(cellOf(await firstMessage({}))).containDeep({
      type: 'rnn',
      activation: 'tanh',
      layers: 1,
      bidirectional: false,
      decoder: false,
      readout: 'linear',
      precision: 'float32',
    })
  })

  for (const [settings, says] of [
    [{ cellType: 'elman' }, /expected cell to be one of rnn, gru, lstm, got the text "elman"/],
    [{ activation: 'swish' }, /expected activation to be one of tanh, relu/],
    [{ ...gru, gateActivation: 'relu' }, /expected gate activation to be one of sigmoid, hard-sigmoid/],
    [{ readout: 'dense' }, /expected readout to be one of linear, sigmoid, softmax, none/],
    [{ initializer: 'random' }, /expected initializer to be one of uniform, glorot/],
    [{ layers: '9' }, /expected layers .*got 9/],
    [{ clip: '-1' }, /expected clip .*got -1/],
    [{ ...gru, chrono: '1' }, /expected chrono .*got 1/],
    [{ ...lstm, chrono: '9', forgetBias: '1' }, /expected forgetBias or chrono.*got both/],
    [{ ...lstm, forgetBias: 'one' }, /expected forget bias to be a number/],
  ] as const) {
    it(`says what is wrong with ${JSON.stringify(settings)}`, () =>
      withFlow(cellFlow(settings), async (flow) => {
        flow.send('cell', inputs)
        should((await flow.next('errors')).error?.message).match(says)
      }))
  }
})

describe('rnn-cell, how its numbers start', () => {
  for (const [option, value, changed] of [
    ['seed', '2', true],
    ['gain', '2.5', true],
    ['precision', 'float64', true],
    ['name', 'other', false],
  ] as const) {
    it(`${changed ? 'otherwise' : 'the same'} for another ${option}`, async () => {
      const [usual, other] = [await firstMessage({}), await firstMessage({ [option]: value })]
      if (changed) should(parameterOf(other, 'W')).not.eql(parameterOf(usual, 'W'))
      else should(parameterOf(other, 'W')).eql(parameterOf(usual, 'W'))
    })
  }

  it('by the initializer: each starts another W or U', async () => {
    const starts: Record<string, number[]> = {}
    for (const initializer of initializerNames) {
      const msg = await firstMessage({ initializer, precision: 'float64' })
      starts[initializer] = [...parameterOf(msg, 'W'), ...parameterOf(msg, 'U')]
    }
    should(new Set(Object.values(starts).map(String)).size).equal(initializerNames.length)
    should(starts.identity.slice(0, 9)).eql([1, 0, 0, 0, 1, 0, 0, 0, 1])
    should(starts.zeros).eql(new Array(15).fill(0))
    const [x, y] = [starts.orthogonal.slice(0, 3), starts.orthogonal.slice(3, 6)]
    should(x[0] * y[0] + x[1] * y[1] + x[2] * y[2]).be.approximately(0, 1e-12)
    should(Math.hypot(...x)).be.approximately(1, 1e-12)
  })

  it('with the forget bias in the second quarter of b', async () => {
    const [usual, biased] = [await firstMessage(lstm), await firstMessage({ ...lstm, forgetBias: '1.5' })]
    should(parameterOf(biased, 'b').slice(3, 6)).eql([1.5, 1.5, 1.5])
    should(parameterOf(biased, 'b').slice(6)).eql(parameterOf(usual, 'b').slice(6))
  })

  it('with chrono biases: log U(1, T - 1) to keep, its opposite to let in', async () => {
    const longest = { chrono: '50', initializer: 'zeros' }
    const b = parameterOf(await firstMessage({ ...lstm, ...longest }), 'b')
    for (const [unit, keep] of b.slice(3, 6).entries()) {
      should(keep).be.within(0, Math.log(49))
      should(b[unit]).equal(-keep)
    }
    should(new Set(b.slice(3, 6)).size).equal(3)
    const ofGru = parameterOf(await firstMessage({ ...gru, ...longest }), 'b')
    should(ofGru.slice(0, 3)).eql([0, 0, 0])
    for (const keep of ofGru.slice(3, 6)) should(keep).be.within(0, Math.log(49)).and.not.equal(0)
  })

  it('from weights that were typed in, sizes of a GRU included', async () => {
    const W = Array.from({ length: 6 }, (_, row) => [row, -row])
    const settings = { ...gru, hiddenSize: '', parameters: JSON.stringify({ W, c: [0.5] }) }
    const msg = await firstMessage(settings)
    should(cellOf(msg).sizes.hiddenSize).equal(2)
    should(parameterOf(msg, 'W')).eql(W.flat().map((value) => value || value))
    should(parameterOf(msg, 'c')).eql([0.5])
  })
})
