/** Model files that PyTorch has taken, and model files that it has made: see test/fixtures. */
import should from 'should'
import { decodeSafetensors, loadModel, rnnCell, saveModel, unroll } from '../../src'
import { fixtures, forwardAgrees } from '../support/fixtures'
import { cellOf } from './model-file/forms'

describe('fixtures: files that load_state_dict has taken', () => {
  const tensorsOf = (file: Buffer) =>
    [...decodeSafetensors(file).tensors].map(([name, { shape, data }]) => [name, shape, [...data]])

  for (const { name, cell: options, unroll: given, inputs, file, expected } of fixtures('files-to-pytorch'))
    it(name, () => {
      const cell = rnnCell(options)
      should(tensorsOf(saveModel(cell, 'safetensors'))).eql(tensorsOf(Buffer.from(file, 'base64')))
      forwardAgrees(unroll(cell, inputs, given), expected, 1e-12)
    })
})

describe('fixtures: files that PyTorch has made, as safetensors and by torch.onnx.export', () => {
  for (const { name, unroll: given, inputs, file, expected } of fixtures('files-from-pytorch'))
    it(name, () => {
      const cell = cellOf(loadModel(Buffer.from(file, 'base64')))
      forwardAgrees(unroll(withNonlinearity(cell, name), inputs, given), expected, 1e-6)
    })

  /** relu of an nn.RNN leaves no trace in a state_dict. */
  const withNonlinearity = (cell: ReturnType<typeof cellOf>, name: string) =>
    name.includes('safetensors') && name.includes('relu') ? { ...cell, activation: 'relu' as const } : cell
})
