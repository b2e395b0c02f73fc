/** A cell as a file and back, in both formats. */
import fc from 'fast-check'
import should from 'should'
import {
  type Cell,
  decodeSafetensors,
  ExpectedError,
  encodeSafetensors,
  loadModel,
  modelFormats,
  parameterNames,
  rnnCell,
  saveModel,
  type Tensor,
  tensor,
  withParameters,
} from '../../../src'
import { cases } from '../../support/networks'
import { throwsExpected } from '../../support/throws'

const cell = rnnCell({ inputSize: 2, hiddenSize: 3, outputSize: 1, activation: 'relu', seed: 5 })
const blank = (of: Cell) =>
  rnnCell({ ...of.sizes, activation: of.activation, precision: of.precision, seed: 99 })
const numbers = ({ parameters }: Cell) => parameterNames.map((name) => [...parameters[name].data])
const torch = (changes: Record<string, Tensor> = {}) =>
  encodeSafetensors(
    new Map([...decodeSafetensors(saveModel(cell, 'safetensors')).tensors, ...Object.entries(changes)]),
    {},
  )

describe('a model file', () => {
  for (const format of modelFormats) {
    for (const precision of ['float32', 'float64'] as const) {
      it(`brings every parameter back bit for bit (${format}, ${precision})`, () => {
        fc.assert(
          fc.property(cases(precision, 1), ({ cell: some }) => {
            const loaded = withParameters(blank(some), loadModel(saveModel(some, format)).parameters)
            should(numbers(loaded)).eql(numbers(some))
            for (const name of parameterNames) should(loaded.parameters[name].dtype).equal(precision)
          }),
          { numRuns: 30 },
        )
      })
    }

    it(`brings 0.1, the smallest and the largest numbers back (${format})`, () => {
      const extreme = withParameters(
        rnnCell({ inputSize: 1, hiddenSize: 2, outputSize: 1, precision: 'float64' }),
        {
          W: [
            [5e-324, Number.MAX_VALUE],
            [-Number.MAX_VALUE, 0.1],
          ],
        },
      )
      should(numbers(withParameters(blank(extreme), loadModel(saveModel(extreme, format)).parameters))).eql(
        numbers(extreme),
      )
    })

    it(`does not fit a cell of other sizes (${format})`, () => {
      const other = rnnCell({ inputSize: 2, hiddenSize: 4, outputSize: 1 })
      throwsExpected(
        () => withParameters(other, loadModel(saveModel(cell, format)).parameters),
        'expected W of shape [4, 4], got [3, 3]',
      )
    })
  }

  it('in safetensors has the names and shapes of torch.nn.RNN and of an nn.Linear called readout', () => {
    const { tensors, metadata } = decodeSafetensors(saveModel(cell, 'safetensors'))
    should(Object.fromEntries([...tensors].map(([name, { shape }]) => [name, shape]))).eql({
      weight_ih_l0: [3, 2],
      weight_hh_l0: [3, 3],
      bias_ih_l0: [3],
      bias_hh_l0: [3],
      'readout.weight': [1, 3],
      'readout.bias': [1],
    })
    should(metadata).eql({ type: 'rnn', activation: 'relu' })
    should([...(tensors.get('weight_hh_l0')?.data ?? [])]).eql([...cell.parameters.W.data])
    should([...(tensors.get('weight_ih_l0')?.data ?? [])]).eql([...cell.parameters.U.data])
    should([...(tensors.get('bias_ih_l0')?.data ?? [])]).eql([...cell.parameters.b.data])
    should([...(tensors.get('bias_hh_l0')?.data ?? [])]).eql([0, 0, 0])
  })

  it('from PyTorch has two biases, which are added', () => {
    const loaded = loadModel(
      torch({
        bias_ih_l0: tensor('float32', [3], Float32Array.of(1, 2, 3)),
        bias_hh_l0: tensor('float32', [3], Float32Array.of(0.5, -2, 0.25)),
      }),
    ).parameters as Record<string, Tensor>
    should([...loaded.b.data]).eql([1.5, 0, 3.25])
    should(Object.keys(loaded).sort()).eql(['U', 'V', 'W', 'b', 'c'])
  })

  it('in JSON is readable: what it is, its sizes, and nested arrays by name', () => {
    const text = saveModel(cell, 'json')
    should(text.split('\n').length).be.above(10)
    const { parameters, ...facts } = JSON.parse(text)
    should(facts).eql({
      format: '@unrolled/node-red-rnn cell',
      type: 'rnn',
      activation: 'relu',
      precision: 'float32',
      sizes: { inputSize: 2, hiddenSize: 3, outputSize: 1 },
    })
    should(parameters.U).eql([0, 1, 2].map((row) => [...cell.parameters.U.data.slice(row * 2, row * 2 + 2)]))
    should(parameters.c).eql([...cell.parameters.c.data])
  })

  it('in JSON can be read from bytes too, with a space before it', () => {
    const loaded = withParameters(
      blank(cell),
      loadModel(Buffer.from(`\n  ${saveModel(cell, 'json')}`)).parameters,
    )
    should(numbers(loaded)).eql(numbers(cell))
  })

  it('in safetensors is not taken for JSON because the length of its header begins with the byte of a brace', () => {
    const entry = { dtype: 'F32', shape: [1], data_offsets: [0, 4] }
    const header = Buffer.from(JSON.stringify({ 'readout.bias': entry }).padEnd('{'.charCodeAt(0)))
    const length = Buffer.alloc(8)
    length.writeUInt32LE(header.length)
    const file = Buffer.concat([length, header, Buffer.from(Float32Array.of(7).buffer)])
    should(file.toString('utf8', 0, 1)).equal('{')
    should(loadModel(file).parameters).eql({ c: tensor('float32', [1], Float32Array.of(7)) })
  })

  it('is written without changing the cell', () => {
    const before = JSON.stringify(cell)
    for (const format of modelFormats) saveModel(cell, format)
    should(JSON.stringify(cell)).equal(before)
  })
})

describe('a file that is no model ends in an ExpectedError', () => {
  const json = (changes: Record<string, unknown>) =>
    JSON.stringify({ ...JSON.parse(saveModel(cell, 'json')), ...changes })
  const hostile: [what: string, file: Buffer | string, message: string | RegExp][] = [
    ['nothing', '', /^expected a safetensors file, got 0 bytes/],
    ['text', 'hello world, this is no model', /^expected a safetensors file/],
    ['half of a JSON file', saveModel(cell, 'json').slice(0, 100), /^expected a model file of JSON, got /],
    ['half of a safetensors file', saveModel(cell, 'safetensors').subarray(0, 300), /^expected /],
    [
      'other JSON',
      '{"a":1}',
      'expected a model file of the format "@unrolled/node-red-rnn cell", got undefined',
    ],
    [
      'JSON of another format',
      json({ format: 'keras' }),
      'expected a model file of the format "@unrolled/node-red-rnn cell", got the text "keras"',
    ],
    ['JSON without parameters', json({ parameters: null }), /^expected a model file of the format/],
    ['parameters that are text', json({ parameters: 'W' }), /^expected a model file of the format/],
    [
      'a tensor of an unknown name',
      torch({ weight_hh_l1: tensor('float32', [1]) }),
      /^expected one of weight_hh_l0, .*, got weight_hh_l1$/,
    ],
  ]
  for (const [what, file, message] of hostile)
    it(what, () => throwsExpected(() => loadModel(file).parameters, message))

  const install = (file: Buffer | string) => () => withParameters(cell, loadModel(file).parameters)

  it('null, text or ragged rows in JSON, when it is installed', () => {
    const W = [
      [1, 2, 3],
      [4, 5, 6],
      [7, 8, null],
    ]
    throwsExpected(
      install(json({ parameters: { W } })),
      'expected a finite number at row 3, column 3, got null',
    )
    throwsExpected(install(json({ parameters: { W: 'AAAA' } })), /^expected a finite number/)
    throwsExpected(
      install(json({ parameters: { V: [[1, 2, 3], [4]] } })),
      'expected 3 columns at row 2 as in the first, got 1',
    )
    throwsExpected(install(json({ parameters: [1, 2] })), /^expected a parameter to be one of W, U, b, V, c/)
  })

  it('NaN in safetensors, when it is installed', () => {
    const file = torch({ 'readout.bias': tensor('float32', [1], Float32Array.of(Number.NaN)) })
    throwsExpected(install(file), 'expected finite numbers in c, got NaN at position 1')
  })

  it('__proto__ as the name of a tensor, which changes no object', () => {
    const bytes = (name: string) => encodeSafetensors(new Map([[name, tensor('float32', [1])]]), {})
    throwsExpected(
      () => loadModel(bytes('__proto__')).parameters,
      /^expected one of weight_hh_l0, .*, got __proto__$/,
    )
    throwsExpected(
      () => loadModel(bytes('constructor')).parameters,
      /^expected one of weight_hh_l0, .*, got constructor$/,
    )
    const text = saveModel(cell, 'json').replace('"W"', '"__proto__"')
    throwsExpected(
      install(text),
      /^expected a parameter to be one of W, U, b, V, c, got the text "__proto__"$/,
    )
    should(({} as Record<string, unknown>).shape).be.undefined()
    should(Object.keys(Object.prototype)).be.empty()
  })

  it('any bytes and any text', () => {
    const onlyExpected = (file: Buffer | string) => {
      try {
        install(file)()
      } catch (error) {
        should(error).be.instanceOf(ExpectedError)
      }
    }
    fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => onlyExpected(Buffer.from(bytes))))
    fc.assert(fc.property(fc.string(), (text) => onlyExpected(text)))
    fc.assert(
      fc.property(fc.json(), (text) =>
        onlyExpected(`{"format":"@unrolled/node-red-rnn cell","parameters":${text}}`),
      ),
    )
  })

  it('a file without tensors, and a second bias of another length', () => {
    throwsExpected(
      () => loadModel(encodeSafetensors(new Map(), {})).parameters,
      /^expected one of weight_hh_l0.*got a file without tensors/,
    )
    throwsExpected(
      () => loadModel(torch({ bias_hh_l0: tensor('float32', [2]) })).parameters,
      'expected bias_hh_l0 of 3 numbers, got 2',
    )
  })
})
