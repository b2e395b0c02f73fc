/** rnn-cell: parameters from outside: objects, and model files. */
import should from 'should'
import {
  type CellOptions,
  decodeSafetensors,
  loadModel,
  modelFormats,
  rnnCell,
  type Scale,
  saveModel,
} from '../../src'
import {
  cellFlow as cell,
  cellOf,
  inputs,
  parameterOf as numbers,
  parameterNames,
} from '../support/cell-flow'
import { loop, withFlow } from '../support/flow'

const other = rnnCell({ inputSize: 2, hiddenSize: 3, outputSize: 1, seed: 99 })
const scale: Scale = { input: { mean: [10, 20], std: [2, 4] }, target: { mean: [10], std: [2] } }
const lyingScale = saveModel(other, 'json', { scale }).replace('"mean": [', '"mean": [1, ')

describe('rnn-cell, parameters from outside', () => {
  it('installs parameters from a message, takes sizes from them, and sends nothing', () =>
    withFlow(cell({ inputSize: '', outputSize: '', hiddenSize: '2' }), async (flow) => {
      flow.send('cell', {
        parameters: {
          W: [
            [1, 0],
            [0, 1],
          ],
          U: [
            [1, 2, 3],
            [4, 5, 6],
          ],
          b: [0, 0],
          V: [[1, 1]],
          c: [0],
        },
      })
      await flow.settled()
      should(flow.taken('out')).eql([])
      flow.send('cell', { payload: [[1, 2, 3]] })
      const msg = await flow.next('out')
      should(numbers(msg, 'U')).eql([1, 2, 3, 4, 5, 6])
    }))

  for (const [what, parameters, says] of [
    ['another shape', { W: [[1]] }, /expected W of shape \[3, 3\], got \[1, 1\]/],
    ['a name it does not have', { Z: [[1]] }, /expected a parameter to be one of W, U, b, V, c/],
    ['NaN', { b: [1, Number.NaN, 3] }, /expected a finite number/],
    ['garbage for a file', Buffer.from('not a model'), /expected a model file: safetensors, ONNX or JSON/],
    ['half of an ONNX file', saveModel(other, 'onnx').subarray(0, 200), /expected a whole ONNX file/],
    ['half of a JSON file', saveModel(other, 'json').slice(0, 200), /expected a model file of JSON/],
    ['a scale that lies', lyingScale, /expected scale\.input\.mean of 2 numbers/],
  ] as const) {
    it(`refuses parameters with ${what}, and keeps its own`, () =>
      withFlow(cell(), async (flow) => {
        flow.send('cell', inputs)
        const before = await flow.next('out')
        flow.send('cell', { parameters })
        should((await flow.next('errors')).error?.message).match(says)
        flow.send('cell', inputs)
        const after = await flow.next('out')
        should(numbers(after, 'W')).eql(numbers(before, 'W'))
        should(cellOf(after).version).equal(cellOf(before).version)
      }))
  }

  for (const format of modelFormats) {
    it(`gives the model away as ${format} and takes it back`, () =>
      withFlow(cell({ name: 'porch' }), async (flow) => {
        flow.send('cell', inputs)
        const before = await flow.next('out')
        flow.send('cell', { export: format })
        const { payload, filename } = await flow.next('model')
        should(filename).equal(`porch.${format}`)
        if (format === 'safetensors')
          should([...decodeSafetensors(payload as Buffer).tensors.keys()]).containDeep([
            'weight_hh_l0',
            'weight_ih_l0',
          ])
        flow.send('cell', {
          reset: true,
          parameters: {
            W: [
              [0, 0, 0],
              [0, 0, 0],
              [0, 0, 0],
            ],
          },
        })
        flow.send('cell', { ...inputs, parameters: payload })
        const after = await flow.next('out')
        // a Buffer that JSON went over, as a file context store or a broker hands it out
        flow.send('cell', { ...inputs, parameters: JSON.parse(JSON.stringify(payload)) })
        const throughJson = await flow.next('out')
        for (const name of ['W', 'U', 'b', 'V', 'c']) {
          should(numbers(after, name)).eql(numbers(before, name))
          should(numbers(throughJson, name)).eql(numbers(before, name))
        }
      }))
  }

  it('gives it away at the end of a source, whose last message still says which batch came last', () =>
    withFlow(loop({ source: { budget: '3' } }), async (flow) => {
      flow.send('source', {})
      const done = await flow.next('done')
      flow.taken('updated')
      flow.send('cell', { ...done, export: 'json' })
      should(JSON.parse((await flow.next('model')).payload as string)).have.property('parameters')
      await flow.settled()
      should(flow.taken('updated')).eql([])
    }))

  it('has a file of PyTorch names that a cell made in a script can have too', () =>
    withFlow(cell(), async (flow) => {
      const made = rnnCell({ inputSize: 2, hiddenSize: 3, outputSize: 1, seed: 99 })
      flow.send('cell', { ...inputs, parameters: saveModel(made, 'safetensors') })
      should(numbers(await flow.next('out'), 'W')).eql([...made.parameters.W.data])
    }))

  const lstm: CellOptions = {
    type: 'lstm',
    layers: 2,
    peepholes: true,
    inputSize: 2,
    hiddenSize: 3,
    outputSize: 1,
  }

  for (const format of modelFormats) {
    it(`takes every weight of a deep LSTM out of ${format}, and sizes with them`, () =>
      withFlow(
        cell({
          cellType: 'lstm',
          layers: '2',
          peepholes: true,
          inputSize: '',
          hiddenSize: '',
          outputSize: '',
          precision: 'float64',
        }),
        async (flow) => {
          const made = rnnCell({ ...lstm, precision: format === 'onnx' ? 'float32' : 'float64', seed: 99 })
          flow.send('cell', { ...inputs, parameters: saveModel(made, format) })
          const msg = await flow.next('out')
          should(cellOf(msg).sizes).eql(made.sizes)
          should(parameterNames(msg)).eql(Object.keys(made.parameters))
          for (const name of parameterNames(msg))
            should(numbers(msg, name)).eql([...made.parameters[name].data], name)
        },
      ))
  }

  it('takes sizes of an LSTM from parameters, its gates being stacked', () =>
    withFlow(cell({ cellType: 'lstm', inputSize: '', hiddenSize: '', outputSize: '1' }), async (flow) => {
      const { U, b } = rnnCell(lstm).parameters
      flow.send('cell', { ...inputs, parameters: { U, b } })
      const msg = await flow.next('out')
      should(cellOf(msg).sizes).eql({ inputSize: 2, hiddenSize: 3, outputSize: 1 })
      should(numbers(msg, 'U')).eql([...U.data])
    }))

  const rnn: CellOptions = { inputSize: 2, hiddenSize: 3, outputSize: 1 }
  const gru: CellOptions = { ...rnn, type: 'gru' }
  const ofType = (cellType: string, settings: object = {}) => ({ cellType, ...settings })
  for (const [settings, model, own, other] of [
    [{}, { ...rnn, activation: 'relu' }, 'activation tanh', 'activation relu'],
    [{}, gru, 'type rnn', 'type gru'],
    [ofType('gru'), { ...gru, resetAfter: false }, 'resetAfter true', 'resetAfter false'],
    [ofType('gru'), { ...gru, gateActivation: 'hard-sigmoid' }, 'gateActivation sigmoid', 'hard-sigmoid'],
    [ofType('lstm'), { ...lstm, layers: 1 }, 'peepholes false', 'peepholes true'],
    [ofType('lstm', { peepholes: true }), lstm, 'layers 1', 'layers 2'],
    [{ clip: '3' }, rnn, 'clip 3', 'clip none'],
    [{}, { ...rnn, bidirectional: true }, 'bidirectional false', 'bidirectional true'],
    [{}, { ...rnn, decoder: true }, 'decoder false', 'decoder true'],
    [{}, { ...rnn, readout: 'softmax' }, 'readout linear', 'readout softmax'],
    [{}, { ...rnn, hiddenSize: 4 }, 'hiddenSize 3', 'hiddenSize 4'],
    [{}, { ...rnn, inputSize: 5 }, 'inputSize 2', 'inputSize 5'],
  ] as [object, CellOptions, string, string][]) {
    it(`refuses a model with ${other} for a cell with ${own}, and keeps its own`, () =>
      withFlow(cell(settings), async (flow) => {
        flow.send('cell', inputs)
        const before = await flow.next('out')
        for (const format of modelFormats.filter((each) => each !== 'onnx' || !model.decoder)) {
          flow.send('cell', { parameters: saveModel(rnnCell(model), format) })
          should((await flow.next('errors')).error?.message)
            .containEql(`expected a model with ${own}, as this cell has, got `)
            .and.containEql(other)
        }
        flow.send('cell', inputs)
        should(cellOf(await flow.next('out'))).eql(cellOf(before))
      }))
  }
})

describe('rnn-cell, the scale of the data', () => {
  /** A batch of a source that scales, and a sequence from elsewhere, which has nothing of it. */
  const batch = {
    payload: [[[0.1, 0.2]]],
    target: [[0.3]],
    sequence: { run: 'source.1', phase: 'train' as const, inputSize: 2, outputSize: 1, scale },
  }

  for (const format of modelFormats) {
    it(`goes with the model into another flow (${format})`, async () => {
      let file: unknown
      await withFlow(cell(), async (flow) => {
        flow.send('cell', batch)
        await flow.next('out')
        flow.send('cell', { export: format })
        file = (await flow.next('model')).payload
      })
      await withFlow(cell(), async (flow) => {
        flow.send('cell', { ...inputs, parameters: file })
        should(cellOf(await flow.next('out')).scale).eql(scale)
        await flow.deploy(cell({ name: 'again' }), 'nodes')
        flow.send('cell', inputs)
        should(cellOf(await flow.next('out')).scale).eql(scale)
      })
    })

    it(`of a model whose data were not scaled is none, and takes that of the cell away (${format})`, async () => {
      let file: unknown
      await withFlow(cell(), async (flow) => {
        flow.send('cell', inputs)
        await flow.next('out')
        flow.send('cell', { export: format })
        file = (await flow.next('model')).payload
      })
      should(loadModel(file as Buffer).scale).be.null()
      await withFlow(cell(), async (flow) => {
        flow.send('cell', batch)
        should(cellOf(await flow.next('out')).scale).eql(scale)
        flow.send('cell', { ...inputs, parameters: file })
        should(cellOf(await flow.next('out')).scale).be.undefined()
      })
    })

    it(`stays if a file says nothing of it, or is refused (${format})`, () =>
      withFlow(cell(), async (flow) => {
        flow.send('cell', batch)
        await flow.next('out')
        const another = { ...scale, input: { mean: [0, 0], std: [1, 1] } }
        flow.send('cell', { parameters: saveModel(other, format) })
        await flow.settled()
        const wrong = rnnCell({ ...other.sizes, hiddenSize: 4 })
        flow.send('cell', { parameters: saveModel(wrong, format, { scale: another }) })
        should((await flow.next('errors')).error?.message).containEql('expected a model with hiddenSize 3')
        flow.send('cell', inputs)
        const after = await flow.next('out')
        should(cellOf(after).scale).eql(scale)
        should(numbers(after, 'W')).eql([...other.parameters.W.data])
      }))
  }

  it('is put inside the graph of ONNX on request', () =>
    withFlow(cell({ name: 'porch' }), async (flow) => {
      flow.send('cell', batch)
      await flow.next('out')
      const sizeOf = async (wanted: unknown) => {
        flow.send('cell', { export: wanted })
        const { payload, filename } = await flow.next('model')
        should(filename).equal('porch.onnx')
        should(loadModel(payload as Buffer).scale).eql(scale)
        return (payload as Buffer).includes('input_scaled')
      }
      should(await sizeOf('onnx')).be.false()
      should(await sizeOf({ format: 'onnx' })).be.false()
      should(await sizeOf({ format: 'onnx', scaleInside: true })).be.true()
    }))

  for (const [wanted, says] of [
    [{ format: 'hdf5' }, /expected msg\.export\.format to be one of safetensors, onnx, json/],
    [
      { format: 'onnx', scaleInside: 'yes' },
      /expected msg\.export\.scaleInside to be true or false, got the text "yes"/,
    ],
    [{ format: 'onnx', scaling: true }, /expected msg\.export \{ format, scaleInside \}, got scaling/],
    [{ format: 'json', scaleInside: true }, /expected scaleInside for the format onnx only, got it for json/],
    [{ format: 'onnx', scaleInside: true }, /expected a scale to put inside the graph/],
  ] as const)
    it(`refuses ${JSON.stringify(wanted)}, and changes nothing`, () =>
      withFlow(cell(), async (flow) => {
        flow.send('cell', inputs)
        const before = await flow.next('out')
        flow.send('cell', { export: wanted, parameters: saveModel(other, 'json') })
        should((await flow.next('errors')).error?.message).match(says)
        flow.send('cell', inputs)
        should(cellOf(await flow.next('out'))).eql(cellOf(before))
      }))

  it('cannot be exported as ONNX with a decoder of its own', () =>
    withFlow(cell({ decoder: true }), async (flow) => {
      flow.send('cell', inputs)
      await flow.next('out')
      flow.send('cell', { export: 'onnx' })
      should((await flow.next('errors')).error?.message).match(
        /expected a cell without a decoder of its own for ONNX/,
      )
    }))

  it('is in no cell that there is not yet, if a file says sizes without the numbers for them', () =>
    withFlow(cell({ inputSize: '', hiddenSize: '', outputSize: '' }), async (flow) => {
      const huge = { inputSize: 1000, hiddenSize: 6000, outputSize: 1 }
      const file = { format: '@unrolled/node-red-rnn cell', type: 'rnn', sizes: huge, parameters: { c: [1] } }
      flow.send('cell', { parameters: JSON.stringify(file) })
      should((await flow.next('errors')).error?.message).match(
        /expected a model file with all parameters, since there is no cell yet, got one without W/,
      )
    }))
})
