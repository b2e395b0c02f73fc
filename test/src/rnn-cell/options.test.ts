/** Options of a cell: which type has which, and what does not go together. */
import should from 'should'
import { type CellOptions, rnnCell } from '../../../src'
import { throwsExpected } from '../../support/throws'

const make = (options: object) =>
  rnnCell({ inputSize: 2, hiddenSize: 3, outputSize: 1, ...options } as CellOptions)

describe('options of a cell', () => {
  const foreign: [option: object, types: string[], message: RegExp][] = [
    [
      { gateActivation: 'hard-sigmoid' },
      ['rnn'],
      /gateActivation for the type gru or lstm only, got it for rnn/,
    ],
    [{ resetAfter: false }, ['rnn', 'lstm'], /resetAfter for the type gru only, got it for /],
    [{ peepholes: true }, ['rnn', 'gru'], /peepholes for the type lstm only, got it for /],
    [{ forgetBias: 1 }, ['rnn', 'gru'], /forgetBias for the type lstm only, got it for /],
    [{ chrono: 20 }, ['rnn'], /chrono for the type gru or lstm only, got it for rnn/],
  ]
  for (const [option, types, message] of foreign)
    for (const type of types)
      it(`refuse ${JSON.stringify(option)} for the type ${type}`, () =>
        throwsExpected(() => make({ type, ...option }), message))

  it('allow what another type has at its usual value, which a dialog may well send along', () => {
    const usual = { gateActivation: 'sigmoid', resetAfter: true, peepholes: false }
    for (const type of ['rnn', 'gru', 'lstm']) should(make({ type, ...usual })).containEql(usual)
  })

  const bad: [options: object, message: string][] = [
    [{ layers: 0 }, 'expected layers to be a whole number from 1 up to 8, got 0'],
    [{ layers: 9 }, 'expected layers to be at most 8 (maxLayers of configureLimits), got 9'],
    [{ clip: 0 }, 'expected clip to be a number above 0, got 0'],
    [{ clip: -1 }, 'expected clip to be a number above 0, got -1'],
    [{ bidirectional: 'yes' }, 'expected bidirectional to be true or false, got the text "yes"'],
    [{ decoder: 1 }, 'expected decoder to be true or false, got 1'],
    [{ type: 'gru', resetAfter: 0 }, 'expected resetAfter to be true or false, got 0'],
    [{ type: 'lstm', peepholes: 'all' }, 'expected peepholes to be true or false, got the text "all"'],
    [
      { bidirectional: true, decoder: true },
      'expected a cell of one direction for a decoder, got bidirectional',
    ],
    [
      { readout: 'relu' },
      'expected readout to be one of linear, sigmoid, softmax, none, got the text "relu"',
    ],
    [
      { readout: 'none', outputSize: 1 },
      'expected outputSize 3, since readout none gives the hidden state, got 1',
    ],
    [
      { readout: 'none', outputSize: 3, bidirectional: true },
      'expected outputSize 6, since readout none gives the hidden state, got 3',
    ],
    [
      { type: 'gru', gateActivation: 'tanh' },
      'expected gateActivation to be one of sigmoid, hard-sigmoid, got the text "tanh"',
    ],
    [{ type: 'lstm', forgetBias: Number.NaN }, 'expected forgetBias to be a number, got NaN'],
    [{ type: 'gru', chrono: 1 }, 'expected chrono to be a number from 2, got 1'],
    [
      { type: 'lstm', chrono: 9, forgetBias: 1 },
      'expected forgetBias or chrono, which both set the bias of the forget gate, got both',
    ],
    [{ layers: 2, parameters: { U2: [[1, 2]] } }, 'expected U2 of shape [3, 3], got [1, 2]'],
    [{ parameters: { W2: [[1]] } }, 'expected a parameter to be one of W, U, b, V, c, got the text "W2"'],
  ]
  for (const [options, message] of bad)
    it(`refuse ${JSON.stringify(options)}`, () => throwsExpected(() => make(options), message))
})
