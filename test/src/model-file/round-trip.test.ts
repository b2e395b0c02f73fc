/** Every form of cell as a file and back, bit for bit. */
import should from 'should'
import {
  type Cell,
  decodeSafetensors,
  loadModel,
  modelFormats,
  parameterCount,
  rnnCell,
  saveModel,
  withParameters,
} from '../../../src'
import { throwsExpected } from '../../support/throws'
import { bytesOf, cellOf, cellsOfEveryForm } from './forms'

const formOf = ({ precision, parameters, ...form }: Cell) => form
const show = (cell: Cell) => JSON.stringify(formOf(cell))

/** Those that bring every bit back, whatever the precision. */
const exact = ['safetensors', 'json'] as const

describe('a cell comes back from its file, every bit of it and all of its form', () => {
  for (const format of exact)
    for (const precision of ['float32', 'float64'] as const)
      it(`${format}, ${precision}`, () => {
        for (const cell of cellsOfEveryForm(precision)) {
          const model = loadModel(saveModel(cell, format))
          should(model.form).eql(formOf(cell))
          should(model.precision).equal(precision)
          should(bytesOf(cellOf(model))).eql(bytesOf(cell), show(cell))
        }
      })

  it('onnx, float32', () => {
    for (const cell of cellsOfEveryForm('float32').filter(({ decoder }) => !decoder)) {
      const model = loadModel(saveModel(cell, 'onnx'))
      should(model.form).eql(formOf(cell))
      should(model.precision).equal('float32')
      should(bytesOf(cellOf(model))).eql(bytesOf(cell), show(cell))
    }
  })

  it('onnx of float64, rounded to float32, which is what runtimes compute these operators in', () => {
    for (const cell of cellsOfEveryForm('float64').filter(({ decoder }) => !decoder)) {
      const rounded = rnnCell({ ...cell, ...cell.sizes, precision: 'float32' })
      const model = loadModel(saveModel(cell, 'onnx'))
      should(model.form).eql(formOf(cell))
      should(bytesOf(cellOf(model))).eql(bytesOf(rounded), show(cell))
    }
  })
})

describe('the numbers of a file', () => {
  const extremes = [5e-324, Number.MAX_VALUE, -Number.MAX_VALUE, 0.1, -0, 0]
  const size = { inputSize: 1, hiddenSize: 2, outputSize: 1 }

  it('of ONNX may be the smallest and the largest of float32, 0.1, and 0 of either sign', () => {
    const U = [1.401298464324817e-45, 3.4028234663852886e38, -3.4028234663852886e38, 0.1, -0, 0].map((x) => [
      x,
    ])
    const cell = rnnCell({ ...size, type: 'gru', parameters: { U, b: U.flat(), bn: [-0, 0.1] } })
    should(bytesOf(cellOf(loadModel(saveModel(cell, 'onnx'))))).eql(bytesOf(cell))
  })

  it('beyond float32 are nothing for ONNX', () => {
    const cell = rnnCell({ ...size, precision: 'float64', parameters: { U: [[1e39], [0]] } })
    throwsExpected(
      () => saveModel(cell, 'onnx'),
      'expected numbers within float32 in U, which is what ONNX Runtime computes in, got larger ones',
    )
  })

  for (const format of exact) {
    it(`may be the smallest and the largest there are, 0.1, and 0 of either sign (${format})`, () => {
      const U = extremes.map((value) => [value])
      const b = [...extremes].reverse()
      const bn = [-0, 5e-324]
      const cell = rnnCell({ ...size, type: 'gru', precision: 'float64', parameters: { U, b, bn } })
      should(bytesOf(cellOf(loadModel(saveModel(cell, format))))).eql(bytesOf(cell))
    })

    it(`leave the cell that was saved as it was (${format})`, () => {
      for (const cell of cellsOfEveryForm('float32')) {
        const before = bytesOf(cell)
        saveModel(cell, format)
        should(bytesOf(cell)).eql(before)
      }
    })
  }

  it('of JSON in float32 are those that float32 has, not rounded ones', () => {
    const cell = rnnCell({ ...size, parameters: { c: [0.1] } })
    should(JSON.parse(saveModel(cell, 'json')).parameters.c).eql([0.10000000149011612])
  })

  it('take their own bytes in safetensors: each parameter once, but bn, which has its place in a second bias', () => {
    for (const precision of ['float32', 'float64'] as const)
      for (const cell of cellsOfEveryForm(precision)) {
        const file = saveModel(cell, 'safetensors')
        const numbers = (file.length - 8 - Number(file.readBigUInt64LE())) / (precision === 'float32' ? 4 : 8)
        const inBiases = Object.entries(cell.parameters).filter(([name]) => /^b(?!n)/.test(name))
        const secondBiases = inBiases.reduce((sum, [, { data }]) => sum + data.length, 0)
        const inSecond = Object.entries(cell.parameters).filter(([name]) => name.startsWith('bn'))
        const own = inSecond.reduce((sum, [, { data }]) => sum + data.length, 0)
        should(numbers).equal(parameterCount(cell) + secondBiases - own)
      }
  })

  it('are put into a cell of the other precision, rounded', () => {
    const wide = rnnCell({ ...size, type: 'lstm', precision: 'float64', seed: 3 })
    const narrow = rnnCell({ ...size, type: 'lstm', seed: 4 })
    for (const format of modelFormats) {
      const loaded = withParameters(narrow, loadModel(saveModel(wide, format)).parameters)
      should([...loaded.parameters.W.data]).eql([...wide.parameters.W.data].map(Math.fround))
    }
  })
})

describe('the metadata of a safetensors file say all of the form, as texts', () => {
  const metadataOf = (options: Parameters<typeof rnnCell>[0]) =>
    decodeSafetensors(saveModel(rnnCell(options), 'safetensors')).metadata

  it('of a plain cell', () => {
    should(metadataOf({ inputSize: 2, hiddenSize: 3, outputSize: 1 })).eql({
      type: 'rnn',
      activation: 'tanh',
      gateActivation: 'sigmoid',
      resetAfter: 'true',
      peepholes: 'false',
      layers: '1',
      bidirectional: 'false',
      decoder: 'false',
      readout: 'linear',
      inputSize: '2',
      hiddenSize: '3',
      outputSize: '1',
    })
  })

  it('of cells with every option', () => {
    const sizes = { inputSize: 2, hiddenSize: 3 }
    should(
      metadataOf({
        ...sizes,
        type: 'lstm',
        activation: 'relu',
        gateActivation: 'hard-sigmoid',
        peepholes: true,
        clip: 0.1,
        layers: 2,
        bidirectional: true,
        readout: 'none',
      }),
    ).eql({
      type: 'lstm',
      activation: 'relu',
      gateActivation: 'hard-sigmoid',
      resetAfter: 'true',
      peepholes: 'true',
      clip: '0.1',
      layers: '2',
      bidirectional: 'true',
      decoder: 'false',
      readout: 'none',
      inputSize: '2',
      hiddenSize: '3',
      outputSize: '6',
    })
    should(metadataOf({ ...sizes, outputSize: 4, type: 'gru', resetAfter: false, decoder: true })).containEql(
      { resetAfter: 'false', decoder: 'true', outputSize: '4' },
    )
  })
})
