/** Files that PyTorch made, and files that PyTorch takes: names, shapes, both biases, and the same outputs. */
import should from 'should'
import {
  type Cell,
  type CellOptions,
  decodeSafetensors,
  encodeSafetensors,
  loadModel,
  rnnCell,
  saveModel,
  type Tensor,
  tensor,
  unroll,
} from '../../../src'
import { cellOf } from './forms'
import { affine, linear, stateDict, type TorchModule, torchOutputs } from './torch-equations'

const inputs = [
  [0.5, -1],
  [2, 0.25],
  [-0.75, 1.5],
  [0.1, 0.2],
]
const modules: TorchModule[] = (['rnn', 'gru', 'lstm'] as const).flatMap((type) =>
  [1, 2, 3].flatMap((layers) =>
    [false, true].map((bidirectional) => ({ type, layers, bidirectional, inputSize: 2, hiddenSize: 3 })),
  ),
)
const nameOf = ({ type, layers, bidirectional }: TorchModule) =>
  `${type}, layers ${layers}${bidirectional ? ', both directions' : ''}`
const states = ({ hiddenSize, bidirectional }: TorchModule) => hiddenSize * (bidirectional ? 2 : 1)
const fileOf = (tensors: Iterable<[string, Tensor]>, metadata = {}) =>
  encodeSafetensors(new Map(tensors), metadata)

function agrees(cell: Cell, expected: number[][], tolerance: number): void {
  const { outputs } = unroll(cell, inputs, { topology: 'many-to-many' })
  should(outputs.data).have.length(expected.flat().length)
  expected.flat().forEach((value, index) => {
    should(outputs.data[index]).be.approximately(value, tolerance)
  })
}

describe('a file that PyTorch made gives the outputs of PyTorch', () => {
  for (const module of modules) {
    it(nameOf(module), () => {
      for (const [precision, tolerance] of [
        ['float64', 1e-12],
        ['float32', 2e-6],
      ] as const) {
        const tensors = stateDict(module, precision)
        const model = loadModel(fileOf(tensors))
        const { type, layers, bidirectional, hiddenSize } = module
        should(model.precision).equal(precision)
        should(model.form).containEql({ type, layers, bidirectional, decoder: false, readout: 'none' })
        should(model.form.sizes).eql({ inputSize: 2, hiddenSize, outputSize: states(module) })
        agrees(cellOf(model), torchOutputs(module, tensors, inputs), tolerance)
      }
    })

    it(`${nameOf(module)}, without biases, under a prefix, with a readout`, () => {
      const tensors = stateDict({ ...module, bias: false }, 'float64', 2, 'net.rnn.')
      const [weight, bias] = linear('fc', 4, states(module), 'float64')
      const model = loadModel(fileOf([...tensors, weight, bias]))
      should(model.form.sizes.outputSize).equal(4)
      const hidden = torchOutputs({ ...module, bias: false }, tensors, inputs, 'net.rnn.')
      const expected = hidden.map((h) => affine(weight[1], bias[1], h))
      agrees(cellOf(model), expected, 1e-12)
    })
  }

  it('in float32 loses nothing in a cell of float64: the sum of two biases is not rounded', () => {
    const module = { type: 'lstm', layers: 1, bidirectional: false, inputSize: 2, hiddenSize: 3 } as const
    const tensors = stateDict(module, 'float32')
    const { form, parameters } = loadModel(fileOf(tensors))
    const cell = rnnCell({ ...form, ...form.sizes, precision: 'float64', parameters })
    agrees(cell, torchOutputs(module, tensors, inputs), 1e-12)
  })
})

describe('the biases of a file that PyTorch made', () => {
  const numbers = (...values: number[]) => tensor('float32', [values.length], Float32Array.from(values))
  const load = (type: 'rnn' | 'gru' | 'lstm', first: Tensor | undefined, second: Tensor | undefined) => {
    const tensors = stateDict(
      { type, inputSize: 1, hiddenSize: 1, layers: 1, bidirectional: false, bias: false },
      'float32',
    )
    if (first) tensors.set('bias_ih_l0', first)
    if (second) tensors.set('bias_hh_l0', second)
    const parameters = loadModel(fileOf(tensors)).parameters as Record<string, Tensor>
    return Object.fromEntries(
      Object.entries(parameters)
        .filter(([name]) => name.startsWith('b'))
        .map(([name, { data }]) => [name, [...data]]),
    )
  }

  it('are added', () => {
    should(load('rnn', numbers(1), numbers(0.5))).eql({ b: [1.5] })
    should(load('lstm', numbers(1, 2, 3, 4), numbers(0.5, -2, 0, 1))).eql({ b: [1.5, 0, 3, 5] })
  })

  it('are added in r and z of a GRU only; in n each has its own place', () => {
    should(load('gru', numbers(1, 2, 3), numbers(0.5, 0.25, 8))).eql({ b: [1.5, 2.25, 3], bn: [8] })
  })

  it('are zeros where there are none, each for itself', () => {
    should(load('gru', undefined, undefined)).eql({ b: [0, 0, 0], bn: [0] })
    should(load('gru', numbers(1, 2, 3), undefined)).eql({ b: [1, 2, 3], bn: [0] })
    should(load('gru', undefined, numbers(1, 2, 3))).eql({ b: [1, 2, 0], bn: [3] })
    should(load('rnn', undefined, numbers(2))).eql({ b: [2] })
  })
})

describe('the form of a file that PyTorch made', () => {
  const one = { layers: 1, bidirectional: false, inputSize: 2, hiddenSize: 3 }
  const formOf = (tensors: Iterable<[string, Tensor]>, metadata = {}) =>
    loadModel(fileOf(tensors, metadata)).form

  it('has no activation of an RNN, which may be tanh or relu, and no word on what follows an nn.Linear', () => {
    const tensors = [
      ...stateDict({ ...one, type: 'rnn' }, 'float32'),
      ...linear('linear', 1, 3, 'float32'),
    ] as [string, Tensor][]
    should(formOf(tensors)).eql({
      type: 'rnn',
      gateActivation: 'sigmoid',
      resetAfter: true,
      peepholes: false,
      layers: 1,
      bidirectional: false,
      decoder: false,
      sizes: { inputSize: 2, hiddenSize: 3, outputSize: 1 },
    })
  })

  it('has the activations of a GRU and an LSTM, which PyTorch does not let one choose', () => {
    for (const type of ['gru', 'lstm'] as const)
      should(formOf(stateDict({ ...one, type }, 'float32'))).containEql({
        activation: 'tanh',
        gateActivation: 'sigmoid',
      })
  })

  it('is not told by metadata of another program', () => {
    const tensors = stateDict({ ...one, type: 'gru' }, 'float32')
    for (const metadata of [{ format: 'pt' }, { type: 'checkpoint' }, { activation: 'gelu', layers: '9' }])
      should(formOf(tensors, metadata)).eql(formOf(tensors))
  })

  it('is told whatever the network and its readout are called', () => {
    for (const prefix of ['rnn.', 'module.lstm.', 'decoder.', 'a.b.c.', '__proto__.', 'zwölf.\n.'])
      for (const stem of ['fc', 'linear', 'head.0', 'readout', 'decoder', '__proto__']) {
        const tensors = stateDict({ ...one, type: 'lstm' }, 'float32', 1, prefix)
        const [V, c] = linear(stem, 2, 3, 'float32')
        const { form, parameters } = loadModel(fileOf([c, ...tensors, V]))
        should(form).containEql({ type: 'lstm', layers: 1, decoder: false })
        should(Object.keys(parameters)).eql(['W', 'U', 'b', 'V', 'c'])
        should(parameters).containEql({ V: V[1], c: c[1] })
      }
  })

  it('has a decoder if one of two networks is called so', () => {
    for (const [encoder, decoder] of [
      ['encoder.', 'decoder.'],
      ['', 'decoder.'],
      ['encoder.gru.', 'decoder.gru.'],
    ]) {
      const outer = stateDict({ ...one, type: 'gru', layers: 2 }, 'float32', 1, encoder)
      const inner = stateDict({ ...one, type: 'gru', layers: 2, inputSize: 4 }, 'float32', 2, decoder)
      const { form, parameters } = loadModel(
        fileOf([...inner, ...outer, ...linear('decoder.fc', 4, 3, 'float32')]),
      )
      should(form).containEql({ decoder: true, layers: 2 })
      should(parameters).containEql({
        U2: outer.get(`${encoder}weight_ih_l1`),
        Ud: inner.get(`${decoder}weight_ih_l0`),
        W2d: inner.get(`${decoder}weight_hh_l1`),
      })
    }
  })
})

describe('a file for PyTorch', () => {
  const shapesOf = (options: Partial<CellOptions>) => {
    const cell = rnnCell({ inputSize: 2, hiddenSize: 3, outputSize: 1, ...options })
    const { tensors } = decodeSafetensors(saveModel(cell, 'safetensors'))
    return Object.fromEntries([...tensors].map(([name, { shape }]) => [name, shape]))
  }
  const shapesOfModule = (module: TorchModule, prefix = '') =>
    Object.fromEntries([...stateDict(module, 'float32', 1, prefix)].map(([name, { shape }]) => [name, shape]))

  it('has the names and shapes that load_state_dict wants, and those of an nn.Linear called readout', () => {
    for (const module of modules)
      should(shapesOf(module)).eql({
        ...shapesOfModule(module),
        'readout.weight': [1, states(module)],
        'readout.bias': [1],
      })
  })

  it('has nothing else if there is no readout', () => {
    for (const module of modules)
      should(shapesOf({ ...module, readout: 'none', outputSize: states(module) })).eql(shapesOfModule(module))
  })

  it('has peepholes and a decoder under names of our own', () => {
    const module = { type: 'lstm', layers: 2, bidirectional: false, inputSize: 2, hiddenSize: 3 } as const
    should(shapesOf({ ...module, peepholes: true, decoder: true })).eql({
      ...shapesOfModule(module),
      ...shapesOfModule({ ...module, inputSize: 1 }, 'decoder.'),
      peephole_l0: [9],
      peephole_l1: [9],
      'decoder.peephole_l0': [9],
      'decoder.peephole_l1': [9],
      'readout.weight': [1, 3],
      'readout.bias': [1],
    })
  })

  it('gives PyTorch the outputs of the cell', () => {
    for (const module of modules) {
      const cell = rnnCell({ ...module, readout: 'none', precision: 'float64', seed: 8 })
      const { tensors } = decodeSafetensors(saveModel(cell, 'safetensors'))
      agrees(cell, torchOutputs(module, tensors, inputs), 1e-12)
    }
  })

  it('has b in its first bias, and zeros in its second but for bn', () => {
    const biases = (options: Partial<CellOptions>, name: string) => {
      const cell = rnnCell({ inputSize: 1, hiddenSize: 1, outputSize: 1, ...options })
      return [...(decodeSafetensors(saveModel(cell, 'safetensors')).tensors.get(name)?.data ?? [])]
    }
    const gru = { type: 'gru', parameters: { b: [1, 2, 3], bn: [4] } } as const
    should(biases(gru, 'bias_ih_l0')).eql([1, 2, 3])
    should(biases(gru, 'bias_hh_l0')).eql([0, 0, 4])
    const before = { type: 'gru', resetAfter: false, parameters: { b: [1, 2, 3] } } as const
    should(biases(before, 'bias_ih_l0')).eql([1, 2, 3])
    should(biases(before, 'bias_hh_l0')).eql([0, 0, 0])
    const lstm = { type: 'lstm', parameters: { b: [1, 2, 3, 4] } } as const
    should(biases(lstm, 'bias_ih_l0')).eql([1, 2, 3, 4])
    should(biases(lstm, 'bias_hh_l0')).eql([0, 0, 0, 0])
  })
})
