/** Files of tensors that are not plainly one cell, and what is said of them. */
import should from 'should'
import {
  decodeSafetensors,
  encodeSafetensors,
  loadModel,
  rnnCell,
  saveModel,
  type Tensor,
  tensor,
  withParameters,
} from '../../../src'
import { throwsExpected } from '../../support/throws'
import { linear, stateDict } from './torch-equations'

const module = { type: 'gru', layers: 2, bidirectional: false, inputSize: 2, hiddenSize: 3 } as const
const gru = stateDict(module, 'float32')
const both = stateDict({ ...module, bidirectional: true }, 'float32')
const lstm = stateDict({ ...module, type: 'lstm' }, 'float32')
const zeros = (...shape: number[]) => tensor('float32', shape)

type Changes = Record<string, Tensor | undefined>
/** Tensors put in, replaced, or with undefined taken out. */
const changed = (tensors: Iterable<[string, Tensor]>, changes: Changes, metadata = {}) => {
  const all = new Map<string, Tensor>(tensors)
  for (const [name, value] of Object.entries(changes)) {
    if (value) all.set(name, value)
    else all.delete(name)
  }
  return encodeSafetensors(all, metadata)
}

describe('a file of tensors that is not plainly one cell ends in an ExpectedError', () => {
  const notOne = 'expected one recurrent network, or two of which one is called decoder, got '
  const notReadout =
    'expected nothing beside the recurrent network but one readout, a matrix *.weight and its *.bias, got '
  const noNetwork = 'expected weight_ih_l0, weight_hh_l0 … as torch.nn.RNN, GRU and LSTM name them, got '
  const notOfGru =
    'expected only tensors of a cell of type gru with 2 layers, one direction and no decoder, got '
  const fc = linear('fc', 1, 3, 'float32')
  const withPrefix = (prefix: string) => stateDict(module, 'float32', 1, prefix)

  const hostile: [what: string, file: Buffer, message: string | RegExp][] = [
    ['no tensors', changed([], {}), `${noNetwork}a file without tensors`],
    ['a readout alone', changed(fc, {}), `${noNetwork}fc.weight, fc.bias`],
    ['the cells of torch.nn.GRUCell', changed([], { weight_hh: zeros(9, 3) }), `${noNetwork}weight_hh`],
    ['a name of every object', changed([], { constructor: zeros(1) }), `${noNetwork}constructor`],
    ['two networks', changed([...withPrefix('a.'), ...withPrefix('b.')], {}), `${notOne}a.*, b.*`],
    [
      'two networks, one without a prefix',
      changed([...gru, ...withPrefix('b.')], {}),
      `${notOne}weight_ih_l0, b.*`,
    ],
    [
      'two decoders',
      changed([...withPrefix('decoder.a.'), ...withPrefix('decoder.b.')], {}),
      `${notOne}decoder.a.*, decoder.b.*`,
    ],
    [
      'an encoder, a decoder and another',
      changed([...withPrefix('a.'), ...withPrefix('b.'), ...withPrefix('decoder.')], {}),
      `${notOne}a.*, b.*, decoder.*`,
    ],
    [
      'a prefix without a dot',
      changed(gru, { my_weight_hh_l0: zeros(9, 3) }),
      `${notReadout}my_weight_hh_l0`,
    ],
    [
      'two readouts',
      changed([...gru, ...fc, ...linear('out', 1, 3, 'float32')], {}),
      `${notReadout}fc.weight, fc.bias, out.weight, out.bias`,
    ],
    [
      'more than a line holds',
      changed([...gru, ...fc, ...linear('out', 1, 3, 'float32')], { more: zeros(1) }),
      `${notReadout}fc.weight, fc.bias, out.weight and 2 more`,
    ],
    ['an embedding', changed(gru, { 'embedding.weight': zeros(5, 3) }), `${notReadout}embedding.weight`],
    [
      'a weight and the bias of something else',
      changed(gru, { 'a.weight': zeros(1, 3), 'b.bias': zeros(1) }),
      `${notReadout}a.weight, b.bias`,
    ],
    [
      'a layer norm',
      changed(gru, { 'norm.weight': zeros(3), 'norm.bias': zeros(3) }),
      `${notReadout}norm.weight, norm.bias`,
    ],
    [
      '__proto__',
      encodeSafetensors(new Map([...gru, ['__proto__', zeros(1)]]), {}),
      `${notReadout}__proto__`,
    ],
    [
      'a projection',
      changed(lstm, { weight_hr_l0: zeros(2, 3) }),
      'expected an LSTM without projections (proj_size), got weight_hr_l0',
    ],
    [
      'no weights of the first layer',
      changed(gru, { weight_hh_l0: undefined }),
      'expected a matrix weight_hh_l0, got none',
    ],
    [
      'a weight with one axis',
      changed(gru, { weight_ih_l0: zeros(9) }),
      'expected a matrix weight_ih_l0, got 1 axes',
    ],
    [
      'no weights of the second layer',
      changed(gru, { weight_ih_l1: undefined }),
      'expected weight_ih_l1 of shape [9, 3], got none',
    ],
    [
      'a gap between layers',
      changed(stateDict({ ...module, layers: 1 }, 'float32'), { weight_ih_l2: zeros(9, 3) }),
      'expected weight_hh_l1 of shape [9, 3], got none',
    ],
    [
      'a bias of a layer too many',
      changed(gru, { bias_ih_l0_reverse: undefined, bias_ih_l1: undefined, bias_ih_l2: zeros(9) }),
      /^expected weight_hh_l2 of shape \[9, 3\], got none$/,
    ],
    [
      'a layer beyond all numbers',
      changed(gru, { [`weight_hh_l${'9'.repeat(400)}`]: zeros(9, 3) }),
      'expected weight_hh_l2 of shape [9, 3], got none',
    ],
    [
      'nine layers',
      changed(stateDict({ ...module, layers: 9 }, 'float32'), {}),
      'expected layers to be at most 8 (maxLayers of configureLimits), got 9',
    ],
    [
      'a direction of which one layer has nothing',
      changed(both, { weight_hh_l1_reverse: undefined }),
      'expected weight_hh_l1_reverse of shape [9, 3], got none',
    ],
    [
      'rows for half a gate',
      changed(gru, { weight_hh_l0: zeros(6, 3) }),
      'expected weight_hh_l0 of 1 (rnn), 3 (gru) or 4 (lstm) times as many rows as columns, got [6, 3]',
    ],
    [
      'a network of no size',
      changed([], { weight_ih_l0: zeros(0, 2), weight_hh_l0: zeros(0, 0) }),
      'expected hiddenSize to be a whole number from 1 up to 65536, got 0',
    ],
    [
      'a network without inputs',
      changed([], { weight_ih_l0: zeros(3, 0), weight_hh_l0: zeros(3, 3) }),
      'expected inputSize to be a whole number from 1 up to 65536, got 0',
    ],
    [
      'a weight of another shape',
      changed(gru, { weight_ih_l1: zeros(9, 2) }),
      'expected weight_ih_l1 of shape [9, 3], got [9, 2]',
    ],
    [
      'layers of two types',
      changed(gru, { weight_hh_l1: zeros(12, 3) }),
      'expected weight_hh_l1 of shape [9, 3], got [12, 3]',
    ],
    [
      'a second bias of another length',
      changed(gru, { bias_hh_l0: zeros(8) }),
      'expected bias_hh_l0 of shape [9], got [8]',
    ],
    [
      'a readout of another width',
      changed([...gru, ...linear('fc', 1, 4, 'float32')], {}),
      'expected fc.weight of shape [1, 3], got [1, 4]',
    ],
    [
      'a readout whose bias has another length',
      changed([...gru, ...fc], { 'fc.bias': zeros(2) }),
      'expected fc.bias of shape [1], got [2]',
    ],
    [
      'a decoder of other inputs than the outputs',
      changed([...gru, ...withPrefix('decoder.'), ...fc], {}),
      'expected decoder.weight_ih_l0 of shape [9, 1], got [9, 2]',
    ],
    [
      'a decoder of more layers',
      changed(
        [...gru, ...stateDict({ ...module, layers: 3, inputSize: 1 }, 'float32', 1, 'decoder.'), ...fc],
        {},
      ),
      `${notOfGru.replace('no decoder', 'a decoder')}decoder.weight_ih_l2`,
    ],
    [
      'a decoder beside both directions',
      changed([...both, ...stateDict({ ...module, inputSize: 6 }, 'float32', 1, 'decoder.')], {}),
      'expected a cell of one direction for a decoder, got bidirectional',
    ],
    [
      'peepholes of a GRU',
      changed(gru, { peephole_l0: zeros(9) }),
      'expected peepholes for the type lstm only, got it for gru',
    ],
    [
      'peepholes in one layer of two',
      changed(lstm, { peephole_l0: zeros(9) }),
      'expected peephole_l1 of shape [9], got none',
    ],
  ]
  for (const [what, file, message] of hostile) it(what, () => throwsExpected(() => loadModel(file), message))

  it('changes no object', () => {
    should(Object.keys(Object.prototype)).be.empty()
    should(({} as Record<string, unknown>).shape).be.undefined()
  })

  it('NaN, a sum of biases that is none, and one beyond float32 when it is installed', () => {
    const cell = rnnCell({ ...module, outputSize: 1 })
    const bad = (value: number) => tensor('float32', [9], new Float32Array(9).fill(value))
    const load = (changes: Changes) => () => loadModel(changed(gru, changes))
    const install = (changes: Changes) => () => withParameters(cell, load(changes)().parameters)
    throwsExpected(
      load({ bias_ih_l0: bad(Number.NaN) }),
      'expected finite numbers in b, got NaN at position 1',
    )
    throwsExpected(
      load({ bias_ih_l1: bad(Number.POSITIVE_INFINITY), bias_hh_l1: bad(Number.NEGATIVE_INFINITY) }),
      'expected finite numbers in b2, got NaN at position 1',
    )
    throwsExpected(
      install({ bias_ih_l0: bad(3e38), bias_hh_l0: bad(3e38) }),
      'expected finite numbers in b, got Infinity at position 1',
    )
  })
})

describe('metadata that lie end in an ExpectedError', () => {
  const cell = rnnCell({ type: 'gru', inputSize: 2, hiddenSize: 3, outputSize: 1, clip: 2 })
  const { tensors, metadata } = decodeSafetensors(saveModel(cell, 'safetensors'))
  const load = (changes: Record<string, string>) => () =>
    loadModel(encodeSafetensors(tensors, { ...metadata, ...changes }))

  it('of what the tensors tell', () => {
    for (const [name, lie, truth] of [
      ['type', 'lstm', 'gru'],
      ['type', '', 'gru'],
      ['layers', '2', '1'],
      ['layers', '1e9', '1'],
      ['bidirectional', 'true', 'false'],
      ['decoder', 'yes', 'false'],
      ['peepholes', 'true', 'false'],
      ['inputSize', '3', '2'],
      ['hiddenSize', '2', '3'],
      ['outputSize', '', '1'],
    ])
      throwsExpected(
        load({ [name]: lie }),
        `expected tensors of ${name} ${lie}, as the metadata say, got ${truth}`,
      )
    throwsExpected(
      load({ readout: 'none' }),
      'expected tensors of readout none, as the metadata say, got readout.weight',
    )
    const bare = new Map([...tensors].filter(([name]) => !name.startsWith('readout')))
    throwsExpected(
      () => loadModel(encodeSafetensors(bare, { ...metadata, outputSize: '3' })),
      'expected tensors of readout linear, as the metadata say, got none',
    )
  })

  it('of what they do not tell', () => {
    throwsExpected(load({ activation: 'gelu' }), /^expected activation to be one of tanh, .*"gelu"$/)
    throwsExpected(load({ activation: '__proto__' }), /^expected activation to be one of tanh/)
    throwsExpected(load({ gateActivation: 'tanh' }), /^expected gateActivation to be one of sigmoid/)
    throwsExpected(
      load({ resetAfter: 'maybe' }),
      'expected resetAfter to be one of true, false, got the text "maybe"',
    )
    throwsExpected(load({ readout: 'argmax' }), /^expected readout to be one of linear/)
    for (const clip of ['', '0', '-1', 'NaN', 'Infinity', 'much'])
      throwsExpected(load({ clip }), /^expected clip to be a number above 0, got /)
  })
})
