/** ONNX files as other programs write them: what is understood, and what is refused by its name. */
import should from 'should'
import {
  type CellOptions,
  ExpectedError,
  loadModel,
  type Model,
  rnnCell,
  saveModel,
  toNested,
} from '../../../../src'
import { throwsExpected } from '../../../support/throws'
import { bytesOf, cellOf } from '../forms'
import { changed, type GraphOf, modelOf, type NodeOf, numbers, type OpenMessage } from './drafts'

/** A GRU [t, b, 2] with three states, and its readout of two outputs. */
const constants = {
  W: numbers(1, 9, 2),
  R: numbers(1, 9, 3),
  B: numbers(1, 18),
  V: numbers(3, 2),
  c: numbers(2),
  first: [0],
  one: [1],
}
const gru: NodeOf = ['GRU', ['X', 'W', 'R', 'B'], ['Y', 'Y_h'], { hidden_size: 3, linear_before_reset: 1 }]
const squeeze: NodeOf = ['Squeeze', ['Y', 'one'], ['states']]
const matmul: NodeOf = ['MatMul', ['states', 'V'], ['product']]
const add: NodeOf = ['Add', ['product', 'c'], ['out']]
const plain = [gru, squeeze, matmul, add]
const load = (graph: Partial<GraphOf>): Model =>
  loadModel(
    modelOf({ nodes: plain, outputs: ['out'], ...graph, constants: { ...constants, ...graph.constants } }),
  )
const expected = load({})

/** The same cell, however the graph comes to it. */
const isSame = (model: Model) => should(bytesOf(cellOf(model))).eql(bytesOf(cellOf(expected)))

describe('an ONNX file of another program', () => {
  it('is a cell: its form, and its weights in our order', () => {
    should(expected.form).eql({
      type: 'gru',
      activation: 'tanh',
      gateActivation: 'sigmoid',
      resetAfter: true,
      peepholes: false,
      layers: 1,
      bidirectional: false,
      decoder: false,
      readout: 'linear',
      sizes: { inputSize: 2, hiddenSize: 3, outputSize: 2 },
    })
    const rows = (name: 'W' | 'R', from: number) =>
      (toNested(constants[name]) as number[][][])[0].slice(from, from + 3)
    // z r h is ONNX's order, r z n ours
    should(toNested(expected.parameters.U)).eql([...rows('W', 3), ...rows('W', 0), ...rows('W', 6)])
    should(toNested(expected.parameters.W)).eql([...rows('R', 3), ...rows('R', 0), ...rows('R', 6)])
    const [B] = toNested(constants.B) as number[][]
    should(toNested(expected.parameters.b)).eql([
      ...[3, 4, 5].map((row) => B[row] + B[row + 9]),
      ...[0, 1, 2].map((row) => B[row] + B[row + 9]),
      ...B.slice(6, 9),
    ])
    should(toNested(expected.parameters.bn)).eql(B.slice(15))
    should(toNested(expected.parameters.V)).eql(
      [0, 1].map((o) => [0, 1, 2].map((s) => constants.V.data[s * 2 + o])),
    )
    should(toNested(expected.parameters.c)).eql([...constants.c.data])
    should(expected.scale).be.undefined()
  })

  it('may come to its readout in other ways', () => {
    const gemm: NodeOf = ['Gemm', ['last', 'Vt', 'c'], ['out'], { transB: 1 }]
    const Vt = expected.parameters.V as typeof constants.V
    const ways: Partial<GraphOf>[] = [
      { nodes: [gru, squeeze, matmul, ['Add', ['c', 'product'], ['out']]] },
      { nodes: [gru, ['Squeeze', ['Y_h', 'first'], ['last']], gemm], constants: { Vt } },
      {
        nodes: [
          gru,
          ['Gather', ['Y_h', 'first'], ['h'], { axis: 0 }],
          ['Squeeze', ['h', 'first'], ['last']],
          gemm,
        ],
        constants: { Vt },
      },
      {
        nodes: [
          gru,
          squeeze,
          ['Slice', ['states', 'm1', 'end', 'first'], ['cut']],
          ['Squeeze', ['cut', 'first'], ['last']],
          gemm,
        ],
        constants: { Vt, m1: [-1], end: [2 ** 31] },
        inputs: { X: [1, 'b', 2] },
      },
      {
        nodes: [gru, ['Reshape', ['Y', 'shape'], ['states']], matmul, add],
        constants: { shape: [0, -1, 3] },
        inputs: { X: ['t', 1, 2] },
      },
      {
        nodes: [
          gru,
          ['Transpose', ['Y'], ['turned'], { perm: [0, 2, 1, 3] }],
          ['Reshape', ['turned', 'shape'], ['states']],
          matmul,
          add,
        ],
        constants: { shape: [0, 0, -1] },
      },
      {
        nodes: [
          ['Transpose', ['X'], ['x'], { perm: [1, 0, 2] }],
          ['GRU', ['x', 'W', 'R', 'B'], ['Y'], { linear_before_reset: 1 }],
          squeeze,
          ['Transpose', ['states'], ['by_batch'], { perm: [1, 0, 2] }],
          ['MatMul', ['by_batch', 'V'], ['product']],
          add,
        ],
      },
      {
        nodes: [gru, squeeze, matmul, ['Add', ['product', 'row'], ['out']]],
        constants: { row: { ...constants.c, shape: [1, 1, 2] } },
      },
      {
        nodes: [
          ['Unsqueeze', ['X', 'one'], ['x']],
          ['GRU', ['x', 'W', 'R', 'B'], ['Y'], { linear_before_reset: 1 }],
          ['Squeeze', ['Y', 'both'], ['states']],
          matmul,
          add,
        ],
        constants: { both: [1, 2] },
        inputs: { X: ['t', 2] },
      },
      {
        nodes: [
          ['Shape', ['X'], ['batch'], { start: 1, end: -1 }],
          ['Concat', ['one', 'batch', 'three'], ['shape'], { axis: 0 }],
          ['Constant', [], ['zero'], { value_float: { float: 0 } }],
          ['Expand', ['zero', 'shape'], ['h0']],
          ['GRU', ['X', 'W', 'R', 'B', '', 'h0'], ['Y'], { linear_before_reset: 1 }],
          squeeze,
          matmul,
          add,
        ],
        constants: { three: [3] },
      },
      {
        nodes: [...plain, ['Identity', ['out'], ['same']], ['Dropout', ['same'], ['end']]],
        outputs: ['end', 'Y_h'],
      },
      {
        nodes: [...plain, ['Reshape', ['out', 'shape'], ['end']]],
        constants: { shape: [-1, 0, 2] },
        outputs: ['end'],
      },
    ]
    for (const [index, way] of ways.entries()) {
      try {
        isSame(load(way))
      } catch (error) {
        throw error instanceof ExpectedError ? new Error(`way ${index}: ${error.message}`) : error
      }
    }
  })

  it('may have no biases, which are zeros', () => {
    const without = load({
      nodes: [
        ['GRU', ['X', 'W', 'R'], ['Y', 'Y_h'], { linear_before_reset: 1 }],
        squeeze,
        ['MatMul', ['states', 'V'], ['out']],
      ],
    })
    for (const name of ['b', 'bn', 'c'])
      should(without.parameters[name].data.every((value) => value === 0)).be.true()
  })

  it('may have a sigmoid or softmax behind its readout', () => {
    for (const [operator, readout, attributes] of [
      ['Sigmoid', 'sigmoid', {}],
      ['Softmax', 'softmax', { axis: -1 }],
      ['Softmax', 'softmax', { axis: 2 }],
    ] as const)
      should(
        load({ nodes: [...plain, [operator, ['out'], ['end'], attributes]], outputs: ['end'] }).form.readout,
      ).equal(readout)
  })

  it('has a scale if it scales what goes in and what comes out', () => {
    const scaled: NodeOf[] = [
      ['Sub', ['raw', 'mean'], ['centred']],
      ['Div', ['centred', 'std'], ['X']],
      ...plain,
      ['Mul', ['out', 'factor'], ['wide']],
      ['Add', ['wide', 'shift'], ['end']],
    ]
    const given = { inputs: { raw: ['t', 'b', 2] as (string | number)[] }, outputs: ['end'] }
    const row = (...values: number[]) => ({ ...numbers(values.length), data: Float32Array.from(values) })
    const more = { mean: row(10, 20), std: row(2, 4), factor: row(8), shift: row(5, 6) }
    const model = load({ nodes: scaled, ...given, constants: more })
    isSame(model)
    should(model.scale).eql({ input: { mean: [10, 20], std: [2, 4] }, target: { mean: [5, 6], std: [8, 8] } })
    const centred = load({
      nodes: [['Sub', ['raw', 'mean'], ['X']], ...plain],
      ...given,
      outputs: ['out'],
      constants: more,
    })
    should(centred.scale).eql({ input: { mean: [10, 20], std: [1, 1] } })
    throwsExpected(
      () => load({ nodes: scaled, ...given, constants: { ...more, std: row(2, -4) } }),
      'expected finite numbers above 0 in scale.input.std, got -4',
    )
  })

  it('has the activations and the clip that its attributes say', () => {
    const formOf = (attributes: NodeOf[3]) =>
      load({ nodes: [['GRU', ['X', 'W', 'R', 'B'], ['Y'], attributes], squeeze, matmul, add] }).form
    should(formOf({})).containEql({ resetAfter: false, activation: 'tanh' })
    should(formOf({ activations: ['sigmoid', 'RELU'] })).containEql({
      activation: 'relu',
      gateActivation: 'sigmoid',
    })
    should(formOf({ activations: ['HardSigmoid', 'Affine'] })).containEql({
      activation: 'linear',
      gateActivation: 'hard-sigmoid',
    })
    const coefficients = { activation_alpha: { floats: [0.2, 1] }, activation_beta: { floats: [0.5, 0] } }
    should(formOf({ activations: ['HardSigmoid', 'Affine'], ...coefficients })).containEql({
      gateActivation: 'hard-sigmoid',
    })
    should(formOf({ clip: { float: 0.7 } }).clip).equal(0.7)
    should(formOf({ clip: { float: 1 / 3 } }).clip).equal(0.33333334)
  })

  it('may be in double precision', () => {
    const wide = ({ shape, data }: ReturnType<typeof numbers>) => ({
      shape,
      dtype: 'float64' as const,
      data: Float64Array.from(data),
    })
    const model = load({
      constants: {
        W: wide(constants.W),
        R: wide(constants.R),
        B: wide(constants.B),
        V: wide(constants.V),
        c: wide(constants.c),
      } as never,
    })
    should(model.precision).equal('float64')
    should(model.parameters.V.dtype).equal('float64')
  })

  it('may hold its numbers one by one, and its constants in nodes', () => {
    const file = modelOf({ nodes: plain, outputs: ['out'], constants })
    const moved = changed(file, ({ graph }) => {
      for (const constant of graph.initializer) {
        if (constant.rawData.length > 0) {
          const bytes = Uint8Array.from(constant.rawData)
          constant.floatData = [...new Float32Array(bytes.buffer)]
          constant.rawData = new Uint8Array()
        } else {
          constant.rawData = new Uint8Array(BigInt64Array.from(constant.int64Data).buffer)
          constant.int64Data = []
        }
      }
      const nodes = graph.initializer.splice(3).map((t) => ({
        opType: 'Constant',
        output: [t.name],
        attribute: [{ name: 'value', type: 4, t }],
      }))
      graph.node.unshift(...(nodes as unknown as OpenMessage<'NodeProto'>[]))
    })
    isSame(loadModel(moved))
  })

  it('may begin with states of zeros, or with an input of its own', () => {
    const begun = (state: string): NodeOf => [
      'GRU',
      ['X', 'W', 'R', 'B', '', state],
      ['Y', 'Y_h'],
      { linear_before_reset: 1 },
    ]
    const rest = [squeeze, matmul, add]
    isSame(load({ nodes: [begun('h0'), ...rest], inputs: { X: ['t', 'b', 2], h0: [1, 'b', 3] } }))
    isSame(
      load({
        nodes: [begun('h0'), ...rest],
        constants: { h0: { ...numbers(1, 1, 3), data: new Float32Array(3) } },
      }),
    )
    isSame(
      load({
        nodes: [
          ['Shape', ['X'], ['sizes']],
          ['Gather', ['sizes', 'one'], ['batch']],
          ['Concat', ['one', 'batch', 'three'], ['shape'], { axis: 0 }],
          ['ConstantOfShape', ['shape'], ['h0']],
          begun('h0'),
          ...rest,
        ],
        constants: { three: [3] },
      }),
    )
    throwsExpected(
      () => load({ nodes: [begun('h0'), ...rest], constants: { h0: numbers(1, 1, 3) } }),
      'expected GRU (Y_gru) with initial states that are zeros or an input of the graph, got others',
    )
  })
})

describe('an ONNX file that is not plainly one cell ends in an ExpectedError', () => {
  const gruWith = (attributes: NodeOf[3], inputs = ['X', 'W', 'R', 'B']): Partial<GraphOf> => ({
    nodes: [['GRU', inputs, ['Y', 'Y_h'], attributes], squeeze, matmul, add],
  })
  const behind = (...nodes: NodeOf[]): Partial<GraphOf> => ({
    nodes: [...plain, ...nodes],
    outputs: [nodes[nodes.length - 1][2][0]],
  })
  const second: NodeOf[] = [
    ['GRU', ['states', 'W2', 'R', 'B'], ['Y2'], { linear_before_reset: 1 }],
    ['Squeeze', ['Y2', 'one'], ['states2']],
    ['MatMul', ['states2', 'V'], ['out']],
  ]
  const W2 = numbers(1, 9, 3)
  const bad: [what: string, graph: Partial<GraphOf>, message: string | RegExp][] = [
    [
      'another operator',
      behind(['Conv', ['out'], ['end']]),
      /^expected an ONNX graph of RNN, GRU or LSTM and a readout, got the operator Conv, which is not understood$/,
    ],
    ['a loop', behind(['Loop', ['out'], ['end']]), /the operator Loop, which is not understood/],
    [
      'an operator by the name of every object',
      behind(['constructor', ['out'], ['end']]),
      /the operator constructor, which/,
    ],
    [
      'no layer',
      { nodes: [['Identity', ['X'], ['out']]] },
      'expected an ONNX graph of RNN, GRU or LSTM, got one without',
    ],
    ['nothing of the last layer', { outputs: ['X'] }, 'expected an output of the last layer, got none'],
    ['no outputs', { outputs: [] }, 'expected an output of the last layer, got none'],
    [
      'an output that is not there',
      { outputs: ['end'] },
      'expected values of a graph that are there before they are used, got end',
    ],
    [
      'a value before it is there',
      { nodes: [squeeze, gru, matmul, add] },
      /^expected values of a graph that are there before .*, got Y$/,
    ],
    [
      'a value that is defined twice',
      { nodes: [...plain, add] },
      'expected each value of a graph by a name of its own, got two of out',
    ],
    ['an input of unknown axes', { inputs: { X: [] } }, 'expected an input X of known axes, got 0'],
    [
      'the direction reverse',
      gruWith({ direction: 'reverse' }),
      /^expected GRU \(Y_gru\) with the direction forward or bidirectional, got reverse$/,
    ],
    ['layout 1', gruWith({ layout: 1 }), /with layout 0, got 1$/],
    ['a hidden_size that lies', gruWith({ hidden_size: 4 }), /with hidden_size 3, as R has, got 4$/],
    [
      'a hidden_size of another type',
      gruWith({ hidden_size: { float: 3 } }),
      /with hidden_size of type INT, got type 1$/,
    ],
    [
      'two directions with the weights of one',
      gruWith({ direction: 'bidirectional' }),
      /with R of shape \[2, 9, 3\], got \[1, 9, 3\]$/,
    ],
    [
      'sequence_lens',
      { ...gruWith({}, ['X', 'W', 'R', 'B', 'lens']), inputs: { X: ['t', 'b', 2], lens: ['b'] } },
      /with no sequence_lens, got some$/,
    ],
    [
      'weights that are computed',
      { nodes: [['GRU', ['X', 'X', 'R'], ['Y']]] },
      /with constant numbers for W, got none$/,
    ],
    [
      'weights of another type of cell',
      { nodes: [['LSTM', ['X', 'W', 'R'], ['Y']]] },
      /^expected LSTM \(Y_lstm\) with R of shape \[1, 12, 3\], got \[1, 9, 3\]$/,
    ],
    [
      'a bias of another length',
      { constants: { B: numbers(1, 9) } },
      /with B of shape \[1, 18\], got \[1, 9\]$/,
    ],
    [
      'an activation that no cell has',
      gruWith({ activations: ['Sigmoid', 'Elu'] }),
      /activations Tanh, Relu, Sigmoid, HardSigmoid or Affine, got Elu$/,
    ],
    [
      'gates that are no gates',
      gruWith({ activations: ['Tanh', 'Tanh'] }),
      /with gates of Sigmoid or HardSigmoid, got tanh$/,
    ],
    ['too few activations', gruWith({ activations: ['Tanh'] }), /with 2 activations, got 1$/],
    [
      'another hard sigmoid',
      gruWith({ activations: ['HardSigmoid', 'Tanh'], activation_alpha: { floats: [0.25] } }),
      /with HardSigmoid of alpha 0.2 and beta 0.5, got others$/,
    ],
    ['a clip below 0', gruWith({ clip: { float: -1 } }), /with a clip above 0, got -1$/],
    [
      'inputs by feature first',
      {
        inputs: { X: ['t', 'b', 2] },
        nodes: [
          ['Transpose', ['X'], ['x'], { perm: [2, 1, 0] }],
          ['GRU', ['x', 'W', 'R'], ['Y']],
        ],
      },
      /with all of a sequence \[time, batch, features\]/,
    ],
    [
      'a part of the inputs',
      {
        nodes: [
          ['Slice', ['X', 'first', 'one', 'first'], ['x']],
          ['GRU', ['x', 'W', 'R'], ['Y']],
        ],
      },
      /with all of a sequence/,
    ],
    [
      'layers that take in last states',
      { nodes: [gru, ['GRU', ['Y_h', 'W2', 'R'], ['Y2']]], constants: { W2 } },
      /with all of a sequence/,
    ],
    [
      'layers of two sizes',
      {
        nodes: [gru, squeeze, ['GRU', ['states', 'W2', 'R2'], ['Y2'], { linear_before_reset: 1 }]],
        outputs: ['Y2'],
        constants: { W2: numbers(1, 6, 3), R2: numbers(1, 6, 2) },
      },
      'expected layers of one kind and size, got others',
    ],
    [
      'layers of two kinds',
      { nodes: [gru, squeeze, ['GRU', ['states', 'W2', 'R'], ['Y2']]], outputs: ['Y2'], constants: { W2 } },
      'expected layers of one kind and size, got others',
    ],
    [
      'a network that branches',
      { nodes: [gru, ['GRU', ['X', 'W', 'R'], ['Y2']]] },
      /with the states of the layer before it, got others: a network that branches$/,
    ],
    [
      'a readout of a lower layer',
      { nodes: [...plain, ...second.slice(0, 2)], outputs: ['out', 'states2'], constants: { W2 } },
      'expected a readout of the last layer, got of another',
    ],
    [
      'two readouts',
      {
        nodes: [...plain, ['MatMul', ['states', 'V2'], ['other']]],
        outputs: ['out', 'other'],
        constants: { V2: numbers(3, 1) },
      },
      'expected one readout, got several',
    ],
    ['a readout of a readout', behind(['MatMul', ['out', 'V3'], ['end']]), /^expected values of a graph/],
    [
      'two readouts one after the other',
      { ...behind(['MatMul', ['out', 'V3'], ['end']]), constants: { V3: numbers(2, 2) } },
      /with the hidden states of a layer, both directions side by side, got something else$/,
    ],
    [
      'a readout of the cell state',
      {
        nodes: [
          ['LSTM', ['X', 'W4', 'R4'], ['Y', '', 'Y_c']],
          ['Squeeze', ['Y_c', 'first'], ['states']],
          matmul,
        ],
        outputs: ['product'],
        constants: { W4: numbers(1, 12, 2), R4: numbers(1, 12, 3) },
      },
      /with the hidden states of a layer/,
    ],
    [
      'a readout with rows too few',
      { constants: { V: numbers(2, 2) } },
      /with a matrix of 3 columns, got \[2, 2\]$/,
    ],
    [
      'a matrix from the left',
      { nodes: [gru, squeeze, ['MatMul', ['V', 'states'], ['out']]] },
      /with states times a constant matrix/,
    ],
    [
      'a bias of another length behind the product',
      { constants: { c: numbers(3) } },
      /with 2 numbers, got 3$/,
    ],
    ['a bias by step', { constants: { c: numbers(4, 1, 2) } }, /with numbers by feature, got \[4, 1, 2\]$/],
    [
      'Gemm with alpha 2',
      {
        nodes: [
          gru,
          ['Squeeze', ['Y_h', 'first'], ['last']],
          ['Gemm', ['last', 'V', 'c'], ['out'], { alpha: { float: 2 } }],
        ],
      },
      /with alpha 1, got 2$/,
    ],
    [
      'softmax over the batch',
      behind(['Softmax', ['out'], ['end'], { axis: 1 }]),
      /with the axis of the outputs, got 1$/,
    ],
    [
      'a sigmoid of states',
      { nodes: [gru, squeeze, ['Sigmoid', ['states'], ['out']]] },
      /with a readout, got something else$/,
    ],
    [
      'states times states',
      { nodes: [gru, squeeze, ['Mul', ['states', 'states'], ['out']]] },
      /with one constant, got signal and signal$/,
    ],
    [
      'a shape that mixes sequences',
      { nodes: [gru, squeeze, ['Reshape', ['states', 'flat'], ['out']]], constants: { flat: [-1, 3] } },
      /with a shape that only puts both directions side by side/,
    ],
    [
      'an axis squeezed that is not there',
      { nodes: [gru, ['Squeeze', ['Y', 'far'], ['out']]], constants: { far: [7] } },
      /with an axis of 4, got 7$/,
    ],
    [
      'time squeezed away',
      { nodes: [gru, ['Squeeze', ['Y', 'first'], ['out']]] },
      /with an axis of size 1, got one of any size$/,
    ],
    [
      'half of the states',
      {
        nodes: [gru, squeeze, ['Slice', ['states', 'first', 'one', 'two'], ['out']]],
        constants: { two: [2] },
      },
      /with all numbers of a state, got some$/,
    ],
    [
      'an order of axes that is none',
      { nodes: [['Transpose', ['X'], ['out'], { perm: [0, 0, 1] }]] },
      /with an order of 3 axes, got another$/,
    ],
    [
      'numbers where a shape belongs',
      { nodes: [gru, ['Squeeze', ['Y', 'V'], ['out']]] },
      /with whole numbers, got numbers$/,
    ],
    [
      'nothing to squeeze',
      { nodes: [['Squeeze', [], ['out']]] },
      /with inputs, states, outputs or shapes, got nothing$/,
    ],
    [
      'states to begin with that are not zeros',
      { nodes: [['Expand', ['V', 'one'], ['out']]] },
      /with zeros for states to begin with, got other numbers$/,
    ],
    [
      'an opset of the old days',
      { opset: 6 },
      'expected an ONNX file that imports operators of one version from 7, got 6',
    ],
    ['no rows', { constants: { W: numbers(1, 0, 2), R: numbers(1, 0, 0) } }, /with W and R of three axes/],
  ]
  for (const [what, graph, message] of bad)
    it(what, () => {
      throwsExpected(() => load(graph), message)
    })

  it('a shape that is put beside itself without end', () => {
    const nodes: NodeOf[] = Array.from({ length: 60 }, (_, index) => [
      'Concat',
      [`s${index}`, `s${index}`],
      [`s${index + 1}`],
      { axis: 0 },
    ])
    throwsExpected(
      () => load({ nodes, constants: { s0: [1, 2] } }),
      'expected at most 64 whole numbers in a shape, got 128',
    )
  })

  it('last states that are put beside themselves without end', () => {
    const nodes: NodeOf[] = Array.from({ length: 60 }, (_, index) => [
      'Concat',
      [`h${index}`, `h${index}`],
      [`h${index + 1}`],
      { axis: 0 },
    ])
    throwsExpected(
      () => load({ nodes: [['GRU', ['X', 'W', 'R'], ['Y', 'h0']], ...nodes] }),
      /with at most 64 states, got more$/,
    )
  })

  it('operators of another domain, in two versions, or in none', () => {
    const file = modelOf({ nodes: plain, outputs: ['out'], constants })
    const load = (change: Parameters<typeof changed>[1]) => () => loadModel(changed(file, change))
    throwsExpected(
      load(({ graph }) => {
        graph.node[0].domain = 'com.example'
      }),
      /the operator com.example.GRU, which is not understood/,
    )
    throwsExpected(
      load(({ opsetImport }) => {
        opsetImport.push({ domain: 'ai.onnx', version: 15n })
      }),
      /operators of one version from 7, got 2 versions$/,
    )
    throwsExpected(
      load((model) => {
        model.opsetImport = []
      }),
      /operators of one version from 7, got 0 versions$/,
    )
    throwsExpected(
      load((model) => {
        model.graph = undefined as never
      }),
      'expected an ONNX file with a graph, got one without',
    )
  })
})

describe('metadata of our own ONNX files', () => {
  const options: CellOptions = {
    type: 'lstm',
    peepholes: true,
    clip: 0.1,
    inputSize: 2,
    hiddenSize: 3,
    outputSize: 1,
  }
  const file = saveModel(rnnCell(options), 'onnx')
  const said = (key: string, value: string) =>
    changed(file, (model) => {
      model.metadataProps = [...model.metadataProps.filter((entry) => entry.key !== key), { key, value }]
    })

  it('may not say otherwise than the graph', () => {
    for (const [key, value, own] of [
      ['type', 'gru', 'lstm'],
      ['activation', 'relu', 'tanh'],
      ['peepholes', 'false', 'true'],
      ['clip', '0.2', '0.1'],
      ['clip', 'NaN', '0.1'],
      ['layers', '2', '1'],
      ['readout', 'softmax', 'linear'],
      ['decoder', 'true', 'false'],
      ['hiddenSize', '4', '3'],
    ])
      throwsExpected(
        () => loadModel(said(key, value)),
        `expected a graph of ${key} ${value}, as the metadata say, got ${own}`,
      )
  })

  it('may be missing: the graph says all of the form', () => {
    const bare = changed(file, (model) => {
      model.metadataProps = []
    })
    should(loadModel(bare).form).eql(loadModel(file).form)
  })

  it('of another program are none of our business, unless they say something twice', () => {
    const other = changed(file, (model) => {
      model.metadataProps = [
        { key: 'type', value: 'resnet' },
        { key: '__proto__', value: 'x' },
      ]
    })
    should(loadModel(other).form).eql(loadModel(file).form)
    const twice = changed(file, (model) => {
      model.metadataProps.push({ key: 'type', value: 'lstm' })
    })
    throwsExpected(
      () => loadModel(twice),
      'expected each property of the metadata once, got one of them twice',
    )
  })
})
