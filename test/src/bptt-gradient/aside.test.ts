/** Large gradients beside the event loop: the same as on it, whatever becomes of memory or numbers meanwhile. */
import should from 'should'
import {
  bpttGradient,
  bpttGradientAsync,
  type Cell,
  type CellOptions,
  closePool,
  configurePool,
  releasePrograms,
  rnnCell,
  type Tensor,
  tensor,
  type Unrolled,
  type UnrollOptions,
  unroll,
  unrollAsync,
  withParameters,
} from '../../../src'
import { kernelSpeeds } from '../../../src/kernel/pool/estimate'
import { relativeError } from '../../support/networks'
import { slowly } from '../../support/slowly'

const options = { topology: 'many-to-many' } as const
const [batch, steps, size] = [64, 100, 128]

const wave = (features: number, scale = 1): Tensor =>
  tensor(
    'float32',
    [batch, steps, features],
    Float32Array.from({ length: batch * steps * features }, (_, index) => scale * Math.sin(index)),
  )
const cellWith = (gain: number, activation: 'tanh' | 'linear' = 'tanh'): Cell =>
  rnnCell({ inputSize: 8, hiddenSize: size, outputSize: 2, activation, initializer: 'orthogonal', gain })

/** By the steps one by one, which is what is right. */
function byReference(cell: Cell, inputs: Tensor, targets: Tensor) {
  const unrolled = unroll(cell, inputs, { ...options, kernel: 'reference' })
  return bpttGradient(unrolled, targets, { kernel: 'reference' })
}

describe('bpttGradientAsync', () => {
  slowly(kernelSpeeds.float32)
  before(() => configurePool({ workers: 1 }))
  after(async () => {
    configurePool({})
    await closePool()
  })

  it('is right when the memory of its tape was given back while workers were in it', async () => {
    const cell = cellWith(1)
    const pending = unrollAsync(cell, wave(8), options)
    should(pending).be.a.Promise()
    releasePrograms()
    const unrolled = await pending
    // takes the memory that was given back
    unroll(cellWith(1.1), wave(8, 3), options)
    const { parameters } = bpttGradient(unrolled, wave(2))
    const wanted = byReference(cell, wave(8), wave(2))
    for (const name of Object.keys(parameters))
      should(relativeError(parameters[name].data, wanted.parameters[name].data)).be.below(1e-3)
  })

  it('does not take a tape for that of a network that was altered', async () => {
    const cell = cellWith(1)
    const unrolled = await unrollAsync(cell, wave(8), options)
    const wanted = bpttGradient(unrolled, wave(2), { kernel: 'reference' }).norm
    const altered: Unrolled = { ...unrolled, cell: { ...cell, activation: 'sigmoid' } }
    should(bpttGradient(altered, wave(2)).norm).not.be.approximately(wanted, 1e-3 * wanted)
    const other: Unrolled = {
      ...unrolled,
      inputs: { ...unrolled.inputs, data: unrolled.inputs.data.map((x) => 2 * x) },
    }
    should(bpttGradient(other, wave(2)).norm).not.be.approximately(wanted, 1e-3 * wanted)
    should(bpttGradient(unrolled, wave(2)).norm).be.approximately(wanted, 1e-5 * wanted)
  })

  it('of a loss that is not finite has no number, and says where that began', async () => {
    const inputs = wave(8)
    inputs.data[5 * 8 + 3] = Number.NaN
    const pending = bpttGradientAsync(await unrollAsync(cellWith(1), inputs, options), wave(2))
    should(pending).be.a.Promise()
    const { nonfinite, norm, parameters } = await pending
    should(nonfinite).eql({ tensor: 'h', step: 6 })
    should(norm).be.NaN()
    should([...parameters.W.data].every(Number.isNaN)).be.true()
  })

  it('that explodes beyond single precision is taken in double precision', async () => {
    // 5^99 = 1.6e69
    const cell = cellWith(5, 'linear')
    const inputs = wave(8, 0)
    const pending = bpttGradientAsync(await unrollAsync(cell, inputs, options), wave(2))
    should(pending).be.a.Promise()
    const got = await pending
    const wanted = byReference(cell, inputs, wave(2))
    should(got.growth[0]).be.above(60)
    got.growth.forEach((value, index) => {
      should(value).be.approximately(wanted.growth[index], 1e-3)
    })
    got.terms.b.forEach((value, index) => {
      should(value / wanted.terms.b[index]).be.approximately(1, 1e-3)
    })
    should(got.nonfinite === undefined).equal(wanted.nonfinite === undefined)
  })

  describe('of what leaves the range of single precision, or has no number at all,', () => {
    for (const [what, cellOptions, unrollOptions] of [
      ['an LSTM of two layers and directions', { type: 'lstm', layers: 2, bidirectional: true }, options],
      [
        'an encoder-decoder that is fed its targets',
        { type: 'gru', outputSize: 1 },
        { topology: 'encoder-decoder', feed: 'output', teacherForcing: 1 },
      ],
    ] as [string, Partial<CellOptions>, UnrollOptions][]) {
      const made = rnnCell({ inputSize: 1, hiddenSize: 3, outputSize: 1, seed: 4, ...cellOptions })
      const { V } = made.parameters
      const large = withParameters(made, { V: { ...V, data: V.data.map((value) => value * 1e25) } })
      const [inputs, targets] = [0, 1].map((shift) =>
        [0, 3].map((row) => Array.from({ length: 6 }, (_, t) => [Math.sin(t + row + shift)])),
      )
      const all = { ...unrollOptions, targets }

      it(`${what} is as by the steps one by one`, async () => {
        const unrolled = await unrollAsync(large, inputs, all)
        const got = await bpttGradientAsync(unrolled, targets)
        const wanted = bpttGradient(unroll(large, inputs, { ...all, kernel: 'reference' }), targets, {
          kernel: 'reference',
        })
        should(wanted.terms.W.some((value) => value > 3e38)).be.true()
        for (const name of Object.keys(wanted.terms))
          wanted.terms[name].forEach((value, step) => {
            should(got.terms[name][step]).be.approximately(value, 1e-3 * value, name)
          })
        for (const [growth, own] of [
          [wanted.growth, got.growth],
          [wanted.reverse?.growth, got.reverse?.growth],
        ])
          growth?.forEach((value, step) => {
            should(own?.[step]).be.approximately(value, 1e-3)
          })
        should(Object.keys(got)).eql(Object.keys(wanted))
      })

      it(`${what} has NaN in each place`, async () => {
        const bad = tensor('float32', [2, 6, 1])
        bad.data[0] = Number.NaN
        const got = await bpttGradientAsync(await unrollAsync(made, bad, all), targets)
        const { growth, terms, reverse, nonfinite } = got
        should(nonfinite?.step).equal(1)
        should(growth).have.length(unrollOptions.topology === 'encoder-decoder' ? 12 : 6)
        should(reverse !== undefined).equal(made.bidirectional)
        for (const own of [growth, ...Object.values(terms), ...(reverse ? [reverse.growth] : [])])
          should(own.every(Number.isNaN)).be.true()
      })
    }
  })
})
