/** The formats of a model file: JSON, files of earlier versions, and files that are no model. */
import fc from 'fast-check'
import should from 'should'
import {
  ExpectedError,
  encodeSafetensors,
  loadModel,
  modelFormats,
  rnnCell,
  saveModel,
  tensor,
  withParameters,
} from '../../../src'
import { throwsExpected } from '../../support/throws'
import { bytesOf, cellOf, jsonWith } from './forms'

const cell = rnnCell({ inputSize: 2, hiddenSize: 3, outputSize: 1, activation: 'relu', seed: 5 })

describe('a model file', () => {
  for (const format of modelFormats)
    it(`does not fit a cell of other sizes (${format})`, () => {
      const other = rnnCell({ inputSize: 2, hiddenSize: 4, outputSize: 1 })
      throwsExpected(
        () => withParameters(other, loadModel(saveModel(cell, format)).parameters),
        'expected W of shape [4, 4], got [3, 3]',
      )
    })

  it('says its activation beside the form too', () => {
    for (const format of modelFormats) should(loadModel(saveModel(cell, format)).activation).equal('relu')
  })

  it('in safetensors is not taken for JSON because the length of its header begins with the byte of a brace', () => {
    const tensors = new Map([
      ['weight_ih_l0', tensor('float32', [1, 1], Float32Array.of(7))],
      ['weight_hh_l0', tensor('float32', [1, 1])],
    ])
    const written = encodeSafetensors(tensors, {})
    const start = 8 + Number(written.readBigUInt64LE())
    const header = Buffer.from(written.toString('utf8', 8, start).padEnd(256 + '{'.charCodeAt(0)))
    const length = Buffer.alloc(8)
    length.writeUInt32LE(header.length)
    const file = Buffer.concat([length, header, written.subarray(start)])
    should(file.toString('utf8', 0, 1)).equal('{')
    should(loadModel(file).parameters).containEql({ U: tensors.get('weight_ih_l0') })
  })
})

describe('a model file of JSON', () => {
  it('says what it is: its whole form, its precision, and nested arrays by name', () => {
    const { parameters, ...facts } = JSON.parse(saveModel(cell, 'json'))
    should(facts).eql({
      format: '@unrolled/node-red-rnn cell',
      version: 1,
      type: 'rnn',
      activation: 'relu',
      gateActivation: 'sigmoid',
      resetAfter: true,
      peepholes: false,
      layers: 1,
      bidirectional: false,
      decoder: false,
      readout: 'linear',
      precision: 'float32',
      sizes: { inputSize: 2, hiddenSize: 3, outputSize: 1 },
    })
    should(parameters.U).eql([0, 1, 2].map((row) => [...cell.parameters.U.data.slice(row * 2, row * 2 + 2)]))
    should(parameters.c).eql([...cell.parameters.c.data])
  })

  it('has a row of a matrix in a line', () => {
    const W = [
      [1, 0.5],
      [-2, 1e-7],
    ]
    const small = rnnCell({
      inputSize: 1,
      hiddenSize: 2,
      outputSize: 1,
      precision: 'float64',
      parameters: { W },
    })
    const lines = saveModel(small, 'json').split('\n')
    const first = lines.indexOf('    "W": [')
    should(lines.slice(first + 1, first + 4)).eql(['      [1, 0.5],', '      [-2, 1e-7]', '    ],'])
  })

  it('can be read from bytes too, with a space before it', () => {
    should(bytesOf(cellOf(loadModel(Buffer.from(`\n  ${saveModel(cell, 'json')}`))))).eql(bytesOf(cell))
  })

  it('may have only some of the parameters', () => {
    const { parameters } = loadModel(jsonWith(cell, { parameters: { c: [0.5] } }))
    const changed = withParameters(cell, parameters).parameters
    should([...changed.c.data]).eql([0.5])
    should(changed.W).equal(cell.parameters.W)
  })
})

describe('a model file of 0.1.0', () => {
  const parameters = {
    W: [
      [0.5, -0.25],
      [0.125, 2],
    ],
    U: [[1], [-1]],
    b: [0.75, -0.5],
    V: [[3, -4]],
    c: [0.1],
  }
  const sizes = { inputSize: 1, hiddenSize: 2, outputSize: 1 }
  const expected = rnnCell({ ...sizes, activation: 'relu', parameters })
  const { precision: _, parameters: __, ...form } = expected

  it('is read in JSON', () => {
    const model = loadModel(
      JSON.stringify({
        format: '@unrolled/node-red-rnn cell',
        type: 'rnn',
        activation: 'relu',
        precision: 'float32',
        sizes,
        parameters,
      }),
    )
    should(model.form).eql(form)
    should(bytesOf(cellOf(model))).eql(bytesOf(expected))
  })

  it('is read in safetensors, whose metadata said type and activation', () => {
    const written = [
      'yAEAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJ0eXBlIjoicm5uIiwiYWN0aXZhdGlvbiI6InJlbHUifSwid2VpZ2h0X2hoX2wwIjp7ImR0',
      'eXBlIjoiRjMyIiwic2hhcGUiOlsyLDJdLCJkYXRhX29mZnNldHMiOlswLDE2XX0sIndlaWdodF9paF9sMCI6eyJkdHlwZSI6IkYzMiIs',
      'InNoYXBlIjpbMiwxXSwiZGF0YV9vZmZzZXRzIjpbMTYsMjRdfSwiYmlhc19paF9sMCI6eyJkdHlwZSI6IkYzMiIsInNoYXBlIjpbMl0s',
      'ImRhdGFfb2Zmc2V0cyI6WzI0LDMyXX0sInJlYWRvdXQud2VpZ2h0Ijp7ImR0eXBlIjoiRjMyIiwic2hhcGUiOlsxLDJdLCJkYXRhX29m',
      'ZnNldHMiOlszMiw0MF19LCJyZWFkb3V0LmJpYXMiOnsiZHR5cGUiOiJGMzIiLCJzaGFwZSI6WzFdLCJkYXRhX29mZnNldHMiOls0MCw0',
      'NF19LCJiaWFzX2hoX2wwIjp7ImR0eXBlIjoiRjMyIiwic2hhcGUiOlsyXSwiZGF0YV9vZmZzZXRzIjpbNDQsNTJdfX0gICAgICAAAAA/',
      'AACAvgAAAD4AAABAAACAPwAAgL8AAEA/AAAAvwAAQEAAAIDAzczMPQAAAAAAAAAA',
    ].join('')
    const model = loadModel(Buffer.from(written, 'base64'))
    should(model.form).eql(form)
    should(bytesOf(cellOf(model))).eql(bytesOf(expected))
  })
})

describe('a file that is no model ends in an ExpectedError', () => {
  const json = (changes: Record<string, unknown>) => jsonWith(cell, changes)
  const foreign = 'expected a model file of the format "@unrolled/node-red-rnn cell", got '
  const notPlain = (name: string) => `expected ${name} to be a text, a number or a switch, got `
  const hostile: [what: string, file: Buffer | string, message: string | RegExp][] = [
    ['nothing', '', 'expected a model file: safetensors, ONNX or JSON, got an empty one'],
    [
      'text',
      'hello world, this is no model',
      'expected a model file: safetensors, ONNX or JSON, got bytes that begin otherwise',
    ],
    [
      'what torch.save writes, which is a zip',
      Buffer.from('PK\u0003\u0004 and a pickle in it'),
      'expected a model file: safetensors, ONNX or JSON, got bytes that begin otherwise',
    ],
    ['half of a JSON file', saveModel(cell, 'json').slice(0, 100), /^expected a model file of JSON, got /],
    [
      'half of a safetensors file',
      saveModel(cell, 'safetensors').subarray(0, 300),
      'expected a safetensors file, got 300 bytes that do not begin with a header',
    ],
    ['half of an ONNX file', saveModel(cell, 'onnx').subarray(0, 300), /^expected a whole ONNX file, got /],
    ['other JSON', '{"a":1}', `${foreign}undefined`],
    ['JSON of another format', json({ format: 'keras' }), `${foreign}the text "keras"`],
    ['JSON without parameters', json({ parameters: null }), /^expected a model file of the format/],
    ['parameters that are text', json({ parameters: 'W' }), /^expected a model file of the format/],
    [
      'JSON of another type',
      json({ type: 'lstmm' }),
      /^expected type to be one of rnn, gru, lstm, got .*"lstmm"/,
    ],
    [
      'JSON without sizes',
      json({ sizes: null }),
      /^expected inputSize to be a whole number .*, got undefined/,
    ],
    ['sizes that are no numbers', json({ sizes: { inputSize: '2' } }), /^expected inputSize to be .*"2"/],
    [
      'layers beyond count',
      json({ layers: 1e9 }),
      'expected layers to be at most 8 (maxLayers of configureLimits), got 1000000000',
    ],
    [
      'a switch that is a number',
      json({ bidirectional: 1 }),
      'expected bidirectional to be true or false, got 1',
    ],
    [
      'a switch that no text can be made of',
      json({ decoder: { toString: 1 } }),
      `${notPlain('decoder')}an object`,
    ],
    [
      'a size that no text can be made of',
      json({ readout: 'none', sizes: { inputSize: 1, hiddenSize: 1, outputSize: { toString: 1 } } }),
      `${notPlain('outputSize')}an object`,
    ],
    [
      'an option of another type of cell',
      json({ peepholes: true }),
      'expected peepholes for the type lstm only, got it for rnn',
    ],
    [
      'another precision',
      json({ precision: 'float16' }),
      /^expected precision to be one of float32, float64/,
    ],
    [
      'a parameter of three axes',
      json({ parameters: { W: [[[1]]] } }),
      'expected W of 3 rows of 3 numbers, got an array of 1',
    ],
    [
      'a parameter of axes without end',
      json({}).replace(/"c":\[.*?\]/, `"c":${'['.repeat(50_000)}${']'.repeat(50_000)}`),
      'expected a finite number in c at position 1, got an array of 1',
    ],
    [
      'a parameter as text',
      json({ parameters: { W: 'AAA' } }),
      'expected W of 3 rows of 3 numbers, got the text "AAA"',
    ],
    [
      'a row that is no array',
      json({ parameters: { U: [[1, 2], 3, [4, 5]] } }),
      'expected U of 3 rows of 2 numbers, got 3 at row 2',
    ],
    [
      'a row that is too short',
      json({ parameters: { U: [[1, 2], [3], [4, 5]] } }),
      'expected U of 3 rows of 2 numbers, got an array of 1 at row 2',
    ],
    [
      'a vector that is too long',
      json({ parameters: { b: [1, 2, 3, 4] } }),
      'expected b of 3 numbers, got an array of 4',
    ],
    [
      'null for a number',
      json({
        parameters: {
          U: [
            [1, 2],
            [3, 4],
            [5, null],
          ],
        },
      }),
      'expected a finite number in U at row 3, column 2, got null',
    ],
    [
      'a number beyond all',
      json({}).replace(/"c":\[.*?\]/, '"c":[1e999]'),
      'expected a finite number in c at position 1, got Infinity',
    ],
    [
      'a number beyond float32',
      json({ parameters: { c: [1e39] } }),
      'expected a finite number in c at position 1, got 1e+39',
    ],
    [
      'a parameter that it has not',
      json({ parameters: { Z: [1] } }),
      /^expected a parameter to be one of W, U, b, V, c, /,
    ],
    ['parameters in a row', json({ parameters: [1, 2] }), /^expected a model file of the format/],
    [
      'a field that nobody knows',
      json({ weights: 1 }),
      /^expected a field of a model file to be one of .*"weights"$/,
    ],
    ['a size that nobody knows', json({ sizes: { depth: 1 } }), /^expected a size to be one of .*"depth"$/],
    ['a later version', json({ version: 2 }), 'expected a model file of version 1, got 2'],
    [
      'a name given twice',
      json({}).replace('"layers":1', '"layers":1,"layers":1'),
      'expected a model file of JSON with each name once, got layers twice',
    ],
    [
      'sizes beyond all memory, and a few numbers',
      json({
        sizes: { inputSize: 65536, hiddenSize: 65536, outputSize: 1 },
        parameters: { W: [new Array(65536).fill(0), ...new Array(65535).fill([])] },
      }),
      'expected at most 50000000 parameters of a cell (maxElements of configureLimits), got 8590065665',
    ],
  ]
  for (const [what, file, message] of hostile) it(what, () => throwsExpected(() => loadModel(file), message))

  const install = (file: Buffer | string) => () => withParameters(cell, loadModel(file).parameters)

  it('__proto__ and constructor as the name of a parameter, an option or a size, which change no object', () => {
    for (const name of ['__proto__', 'constructor', 'toString']) {
      const text = saveModel(cell, 'json')
      throwsExpected(
        () => loadModel(text.replace('"W"', `"${name}"`)),
        `expected a parameter to be one of W, U, b, V, c, got the text "${name}"`,
      )
      for (const changed of [`"${name}": {"layers": 2}, "layers"`, `"${name}": null, "layers"`])
        throwsExpected(
          () => loadModel(text.replace('"layers"', changed)),
          /^expected a field of a model file/,
        )
      throwsExpected(
        () => loadModel(text.replace('"hiddenSize"', `"${name}"`)),
        /^expected a size to be one of inputSize, hiddenSize, outputSize, /,
      )
    }
    should(({} as Record<string, unknown>).layers).be.undefined()
    should(Object.keys(Object.prototype)).be.empty()
  })

  it('any bytes, any text, and any JSON in any place', () => {
    const onlyExpected = (file: Buffer | string) => {
      try {
        install(file)()
      } catch (error) {
        should(error).be.instanceOf(ExpectedError)
      }
    }
    fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => onlyExpected(Buffer.from(bytes))))
    fc.assert(fc.property(fc.string(), (text) => onlyExpected(text)))
    const places = fc.constantFrom(...Object.keys(JSON.parse(saveModel(cell, 'json'))), 'clip')
    fc.assert(
      fc.property(places, fc.jsonValue(), (place, value) => onlyExpected(json({ [place]: value }))),
      { numRuns: 500 },
    )
  })

  it('any good file with bytes changed', () => {
    const whole = saveModel(
      rnnCell({ ...cell, ...cell.sizes, type: 'lstm', peepholes: true, parameters: {} }),
      'safetensors',
    )
    const changes = fc.array(fc.tuple(fc.nat(1200), fc.integer({ min: 0, max: 255 })), {
      minLength: 1,
      maxLength: 4,
    })
    fc.assert(
      fc.property(changes, (list) => {
        const changed = Buffer.from(whole)
        for (const [at, byte] of list) changed[at] = byte
        try {
          cellOf(loadModel(changed))
        } catch (error) {
          should(error).be.instanceOf(ExpectedError)
        }
      }),
      { numRuns: 2000 },
    )
  })
})
