/** The forward pass of every cell against ONNX Runtime, which computes in float32: see test/fixtures. */
import { rnnCell, unroll } from '../../src'
import { fixtures, forwardAgrees } from '../support/fixtures'

describe('fixtures: ONNX Runtime', () => {
  for (const { name, cell, unroll: options, inputs, expected } of fixtures('onnxruntime'))
    it(name, () => forwardAgrees(unroll(rnnCell(cell), inputs, options), expected, 2e-6))
})
