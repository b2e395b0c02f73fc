/** The scale of the data goes with the model, in every format. */
import should from 'should'
import {
  decodeSafetensors,
  encodeSafetensors,
  loadModel,
  modelFormats,
  rnnCell,
  type Scale,
  saveModel,
} from '../../../src'
import { encodeModel } from '../../../src/model-file/onnx/codec'
import { throwsExpected } from '../../support/throws'
import { jsonWith } from './forms'
import { draftOf } from './onnx/drafts'

const cell = rnnCell({ type: 'gru', inputSize: 2, hiddenSize: 3, outputSize: 1, seed: 5 })
const scale: Scale = {
  input: { mean: [11.7, -0.1], std: [4.1, 1e-3] },
  target: { mean: [11.7], std: [4.1] },
}
const ofClasses: Scale = { input: scale.input }

describe('the scale of the data', () => {
  for (const format of modelFormats) {
    it(`comes back with all its digits (${format})`, () => {
      should(loadModel(saveModel(cell, format, { scale })).scale).eql(scale)
      should(loadModel(saveModel(cell, format, { scale: ofClasses })).scale).eql(ofClasses)
    })

    it(`may be none, which is something else than not to say (${format})`, () => {
      should(loadModel(saveModel(cell, format, { scale: null })).scale).be.null()
      should(loadModel(saveModel(cell, format)).scale).be.undefined()
    })

    it(`has to fit the cell (${format})`, () => {
      const wrong = (changed: object) => () =>
        saveModel(cell, format, { scale: { ...scale, ...changed } as unknown as Scale })
      throwsExpected(
        wrong({ input: { mean: [1], std: [1, 1] } }),
        'expected scale.input.mean of 2 numbers, got an array of 1',
      )
      throwsExpected(
        wrong({ target: { mean: [1, 2], std: [1] } }),
        'expected scale.target.mean of 1 number, got an array of 2',
      )
      throwsExpected(wrong({ target: { mean: [1] } }), 'expected scale.target.std of 1 number, got undefined')
      throwsExpected(wrong({ input: undefined }), 'expected scale.input.mean of 2 numbers, got undefined')
      throwsExpected(
        wrong({ target: { mean: [Number.NaN], std: [1] } }),
        'expected finite numbers in scale.target.mean, got NaN',
      )
      for (const std of [0, -1, Number.POSITIVE_INFINITY])
        throwsExpected(
          wrong({ target: { mean: [1], std: [std] } }),
          `expected finite numbers above 0 in scale.target.std, got ${std}`,
        )
    })
  }

  it('inside the graph is for ONNX alone, and has to be there', () => {
    for (const format of ['safetensors', 'json'] as const)
      throwsExpected(
        () => saveModel(cell, format, { scale, scaleInside: true }),
        `expected scaleInside for the format onnx only, got it for ${format}`,
      )
    for (const none of [undefined, null])
      throwsExpected(
        () => saveModel(cell, 'onnx', { scale: none, scaleInside: true }),
        'expected a scale to put inside the graph, got a cell whose data were not scaled',
      )
    const beyond = { input: { mean: [1e39, 0], std: [1, 1] } }
    throwsExpected(
      () => saveModel(cell, 'onnx', { scale: beyond, scaleInside: true }),
      'expected a scale within float32, which is what ONNX Runtime computes in, got another mean',
    )
  })

  it('inside the graph comes back with all its digits from the metadata, and without them in float32', () => {
    for (const given of [scale, ofClasses]) {
      const file = saveModel(cell, 'onnx', { scale: given, scaleInside: true })
      should(loadModel(file).scale).eql(given)
      const rounded = loadModel(encodeModel({ ...draftOf(file), metadataProps: [] })).scale
      for (const part of ['input', 'target'] as const)
        for (const numbers of ['mean', 'std'] as const)
          should(rounded?.[part]?.[numbers]).eql(given[part]?.[numbers].map(Math.fround))
    }
  })
})

describe('a scale in a file that lies ends in an ExpectedError', () => {
  const texts: [text: string, message: string | RegExp][] = [
    ['', 'expected a scale as JSON, or none, got another text'],
    ['{', 'expected a scale as JSON, or none, got another text'],
    ['null', 'expected a scale { input, target }, got null'],
    ['[1]', 'expected a scale { input, target }, got an array of 1'],
    ['{"input":{"mean":[1,2],"std":[1]}}', 'expected scale.input.std of 2 numbers, got an array of 1'],
    ['{"input":{"mean":[1,null],"std":[1,1]}}', 'expected finite numbers in scale.input.mean, got null'],
    [
      '{"input":{"mean":[1,"2"],"std":[1,1]}}',
      'expected finite numbers in scale.input.mean, got the text "2"',
    ],
    [
      '{"input":{"mean":[1,2],"std":[1,1]},"target":null}',
      'expected scale.target.mean of 1 number, got undefined',
    ],
    ['{"__proto__":{"input":{"mean":[1,2],"std":[1,1]}}}', /^expected scale.input.mean of 2 numbers/],
  ]
  for (const [text, message] of texts) {
    it(`in metadata: ${text}`, () => {
      const { tensors, metadata } = decodeSafetensors(saveModel(cell, 'safetensors'))
      throwsExpected(() => loadModel(encodeSafetensors(tensors, { ...metadata, scale: text })), message)
      const draft = draftOf(saveModel(cell, 'onnx'))
      const metadataProps = [...draft.metadataProps, { key: 'scale', value: text }]
      throwsExpected(() => loadModel(encodeModel({ ...draft, metadataProps })), message)
    })
    if (text.startsWith('{"'))
      it(`in JSON: ${text}`, () => {
        throwsExpected(
          () => loadModel(jsonWith(cell, { scale: 0 }).replace('"scale":0', `"scale":${text}`)),
          message,
        )
      })
  }

  it('in metadata of another program is none of our business', () => {
    const { tensors } = decodeSafetensors(saveModel(cell, 'safetensors'))
    should(loadModel(encodeSafetensors(tensors, { scale: 'large' })).scale).be.undefined()
  })

  it('that another one is inside the graph than the metadata say', () => {
    const draft = draftOf(saveModel(cell, 'onnx', { scale, scaleInside: true }))
    const said = (value: string) =>
      encodeModel({
        ...draft,
        metadataProps: draft.metadataProps.map((entry) =>
          entry.key === 'scale' ? { ...entry, value } : entry,
        ),
      })
    for (const other of [{ ...scale, input: { ...scale.input, mean: [11.8, -0.1] } }, ofClasses])
      throwsExpected(
        () => loadModel(said(JSON.stringify(other))),
        'expected the scale in the graph that the metadata say, got another',
      )
    throwsExpected(() => loadModel(said('none')), /^expected the scale in the graph/)
  })
})
