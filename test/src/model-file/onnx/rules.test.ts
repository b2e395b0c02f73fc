/** Every ONNX file keeps ONNX's rules; and the rules are such as can be broken. */
import should from 'should'
import { rnnCell, saveModel } from '../../../../src'
import { decodeModel } from '../../../../src/model-file/onnx/codec'
import { throwsExpected } from '../../../support/throws'
import { cellsOfEveryForm } from '../forms'
import { changed, type OpenModel } from './drafts'
import { brokenRules } from './rules'

const cell = rnnCell({
  type: 'lstm',
  layers: 2,
  bidirectional: true,
  inputSize: 2,
  hiddenSize: 3,
  outputSize: 1,
})
const file = saveModel(cell, 'onnx')

describe('an ONNX file keeps the rules of ONNX', () => {
  for (const precision of ['float32', 'float64'] as const)
    it(`of every form, in ${precision}, with a scale inside or not`, () => {
      for (const each of cellsOfEveryForm(precision).filter(({ decoder }) => !decoder)) {
        const { inputSize, outputSize } = each.sizes
        const linear = (size: number) => ({ mean: new Array(size).fill(0.5), std: new Array(size).fill(2) })
        const scale = { input: linear(inputSize), target: linear(outputSize) }
        should(brokenRules(saveModel(each, 'onnx'))).eql([])
        should(brokenRules(saveModel(each, 'onnx', { scale, scaleInside: true }))).eql([])
      }
    })

  it('says what it is: opset, IR version, inputs and outputs with axes of any size', () => {
    const { irVersion, opsetImport, producerName, graph } = decodeModel(file)
    should([irVersion, producerName]).eql([7n, '@unrolled/node-red-rnn'])
    should(opsetImport.map(({ domain, version }) => [domain, version])).eql([['', 14n]])
    const ends = [...(graph?.input ?? []), ...(graph?.output ?? [])].map(({ name, type }) => [
      name,
      (type?.tensorType?.shape?.dim ?? []).map(({ dimValue, dimParam }) => dimParam || Number(dimValue)),
    ])
    should(ends).eql([
      ['input', ['time', 'batch', 2]],
      ['initial_h', [4, 'batch', 3]],
      ['initial_c', [4, 'batch', 3]],
      ['output', ['time', 'batch', 1]],
      ['last_output', ['batch', 1]],
      ['last_h', [4, 'batch', 3]],
      ['last_c', [4, 'batch', 3]],
    ])
    should(graph?.node.filter(({ opType }) => opType === 'LSTM')).have.length(2)
  })

  it('is not made of a cell with a decoder of its own', () => {
    throwsExpected(
      () => saveModel(rnnCell({ inputSize: 1, hiddenSize: 2, outputSize: 1, decoder: true }), 'onnx'),
      'expected a cell without a decoder of its own for ONNX (use safetensors or json), got one with',
    )
  })
})

describe('the rules of ONNX see', () => {
  const breaks: [what: string, change: (model: OpenModel) => void][] = [
    [
      'an IR version',
      (model) => {
        model.irVersion = 0n
      },
    ],
    [
      'an opset for the domain of ONNX',
      (model) => {
        model.opsetImport = []
      },
    ],
    [
      'an opset of the time of the IR version',
      (model) => {
        model.irVersion = 3n
      },
    ],
    [
      'one property a key',
      (model) => {
        model.metadataProps.push(model.metadataProps[0])
      },
    ],
    [
      'graph "" is an identifier',
      ({ graph }) => {
        graph.name = ''
      },
    ],
    [
      'an output of a node "a/b" is an identifier',
      ({ graph }) => {
        graph.node[0].output[0] = 'a/b'
      },
    ],
    [
      'input is defined once',
      ({ graph }) => {
        graph.input.push(graph.input[0])
      },
    ],
    [
      'layer1_W is defined once',
      ({ graph }) => {
        graph.initializer.push(graph.initializer[1])
      },
    ],
    [
      'a name of its own for every node',
      ({ graph }) => {
        graph.node[0].name = graph.node[1].name
      },
    ],
    [
      'which is there before it',
      ({ graph }) => {
        graph.node.reverse()
      },
    ],
    [
      'has an output',
      ({ graph }) => {
        graph.node[2].output = []
      },
    ],
    [
      'the output output is there',
      ({ graph }) => {
        graph.node = graph.node.filter(({ output }) => output[0] !== 'output')
      },
    ],
    [
      'is an operator of ONNX',
      ({ graph }) => {
        graph.node[2].opType = 'LSTMM'
      },
    ],
    [
      'has as many inputs',
      ({ graph }) => {
        graph.node[2].input = graph.node[2].input.slice(0, 2)
      },
    ],
    [
      'has the inputs that LSTM needs',
      ({ graph }) => {
        graph.node[2].input[1] = ''
      },
    ],
    [
      'has each attribute once',
      ({ graph }) => {
        graph.node[2].attribute.push(graph.node[2].attribute[0])
      },
    ],
    [
      'LSTM has an attribute size',
      ({ graph }) => {
        graph.node[2].attribute[0].name = 'size'
      },
    ],
    [
      'layer1_states_lstm.hidden_size has a type',
      ({ graph }) => {
        graph.node[2].attribute[0].type = 0
      },
    ],
    [
      'holds nothing beside its value',
      ({ graph }) => {
        graph.node[2].attribute[0].f = 1
      },
    ],
    [
      'layer1_W has a type',
      ({ graph }) => {
        graph.initializer[1].dataType = 0
      },
    ],
    [
      'layer1_W holds 48 numbers',
      ({ graph }) => {
        graph.initializer[1].rawData = new Uint8Array(4)
      },
    ],
    [
      'layer1_W holds its numbers in one place',
      ({ graph }) => {
        graph.initializer[1].floatData = [1]
      },
    ],
    [
      'input has a type',
      ({ graph }) => {
        graph.input[0].type = undefined
      },
    ],
    [
      'an axis of input has a size or a name',
      ({ graph }) => {
        ;(graph.input[0].type?.tensorType?.shape?.dim ?? [])[0].dimParam = ''
      },
    ],
  ]
  for (const [what, change] of breaks)
    it(`that it is broken: ${what}`, () => {
      should(brokenRules(changed(file, change)).some((rule) => rule.includes(what))).be.true(
        brokenRules(changed(file, change)).join('\n'),
      )
    })
})
