/** The rules that clip without a memory, against numbers computed outside of this package: see test/fixtures. */
import should from 'should'
import { bpttGradient, clipGradient, fromNested, type Parameters, rnnCell, unroll } from '../../src'
import { agrees, type ClipCase, fixtures, type NestedParameters } from '../support/fixtures'

const tensors = (nested: NestedParameters): Parameters =>
  Object.fromEntries(Object.entries(nested).map(([name, numbers]) => [name, fromNested(numbers, 'float64')]))

/** Of a cell of two units with three inputs and two outputs; its parameters are then those of a case. */
const cell = rnnCell({
  type: 'rnn',
  inputSize: 3,
  hiddenSize: 2,
  outputSize: 2,
  precision: 'float64',
  seed: 1,
})
const unrolled = unroll(cell, [[[1, 2, 3]]], { topology: 'many-to-many' })
const some = bpttGradient(unrolled, [[[0, 0]]], { loss: 'mse' })

function check({ options: { normType, ...options }, gradient, parameters, expected }: ClipCase): void {
  const { clip, ...clipped } = clipGradient(
    { ...some, parameters: tensors(gradient) },
    {
      ...options,
      ...(normType !== undefined && { normType: normType === 'inf' ? Number.POSITIVE_INFINITY : normType }),
      ...(parameters && { parameters: tensors(parameters) }),
    },
  )
  should(Object.keys(clipped.parameters)).eql(Object.keys(expected.gradient))
  for (const [name, slope] of Object.entries(expected.gradient))
    agrees(`the gradient of ${name}`, clipped.parameters[name], slope, { least: 0 })
  const norms = fromNested([clip.normBefore, clip.normAfter, clipped.norm], 'float64')
  agrees('the norms', norms, [expected.normBefore, expected.normAfter, expected.normAfter])
  should(clip.clipped).equal(expected.clipped)
}

for (const family of ['clips', 'pytorch-clips'] as const)
  describe(`fixtures: ${family}`, () => {
    for (const fixture of fixtures(family)) it(fixture.name, () => check(fixture))
  })
