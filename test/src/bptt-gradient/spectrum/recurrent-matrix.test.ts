/** What recurrentSpectrum says of W: blocks, and the verdict of Pascanu, Mikolov & Bengio. */
import should from 'should'
import {
  type PascanuVerdict,
  type RecurrentSpectrum,
  recurrentSpectrum,
  type SpectrumOptions,
} from '../../../../src/bptt-gradient/spectrum/recurrent-matrix'
import { type Dtype, type Tensor, tensor } from '../../../../src/tensor/tensor'
import { throwsExpected } from '../../../support/throws'
import { diagonal, flat, orthogonal, type Rows, times } from './matrices'

const tensorOf = (rows: Rows, dtype: Dtype = 'float64'): Tensor =>
  tensor(
    dtype,
    [rows.length, rows[0].length],
    dtype === 'float32' ? Float32Array.from(rows.flat()) : flat(rows),
  )
const spectrum = (rows: Rows, options: SpectrumOptions, dtype?: Dtype): RecurrentSpectrum => {
  const found = recurrentSpectrum(tensorOf(rows, dtype), options)
  if ('omitted' in found) throw new Error(found.omitted)
  return found
}
const verdict = (
  rows: Rows,
  activation: SpectrumOptions['activation'] = 'tanh',
  dtype?: Dtype,
): PascanuVerdict => spectrum(rows, { gates: ['h'], activation }, dtype).pascanu as PascanuVerdict

describe('recurrentSpectrum', () => {
  it('gives σ_max, spectral radius and eigenvalues of W', () => {
    const nilpotent = [
      [0, 0],
      [5, 0],
    ]
    should(spectrum(nilpotent, { gates: ['h'] })).eql({
      blocks: {
        h: {
          sigmaMax: 5,
          spectralRadius: 0,
          eigenvalues: [
            { re: 0, im: 0 },
            { re: 0, im: 0 },
          ],
        },
      },
    })
  })

  it('gives them for each gate of a stacked W, under its name', () => {
    const stacked = [
      ...diagonal(3, -4),
      ...[
        [0, 2],
        [-2, 0],
      ],
      ...diagonal(0, 0.5),
      ...diagonal(7, 1),
    ]
    const { blocks, pascanu } = spectrum(stacked, { gates: ['i', 'f', 'g', 'o'] })
    should(Object.keys(blocks)).eql(['i', 'f', 'g', 'o'])
    should(Object.values(blocks).map(({ sigmaMax }) => Number(sigmaMax.toFixed(12)))).eql([4, 2, 0.5, 7])
    should(Object.values(blocks).map(({ spectralRadius }) => Number(spectralRadius.toFixed(12)))).eql([
      4, 2, 0.5, 7,
    ])
    should(blocks.i.eigenvalues).eql([
      { re: -4, im: 0 },
      { re: 3, im: 0 },
    ])
    should(blocks.f.eigenvalues.map(({ im }) => Number(im.toFixed(12)))).eql([2, -2])
    should(pascanu).be.undefined()
  })

  it("bounds |φ'| by 1 for tanh, relu and linear, by 1/4 for sigmoid", () => {
    for (const [activation, gamma] of [
      ['tanh', 1],
      ['relu', 1],
      ['linear', 1],
      ['sigmoid', 0.25],
    ] as const) {
      should(verdict(diagonal(3, 1), activation).gamma).equal(gamma)
      should(verdict(diagonal(3, 1), activation).bound).be.approximately(3 * gamma, 1e-15)
    }
  })

  it('says vanishes below 1/γ, may-explode above, neither at it', () => {
    should(verdict(diagonal(0.999, 0.5)).verdict).equal('vanishes')
    should(verdict(diagonal(1, 0.5)).verdict).equal('neither')
    should(verdict(diagonal(1 + 1e-9, 0.5)).verdict).equal('may-explode')
    should(verdict(diagonal(1.001, 0.5)).verdict).equal('may-explode')
    should(verdict(diagonal(3.999, 0.5), 'sigmoid').verdict).equal('vanishes')
    should(verdict(diagonal(4, 0.5), 'sigmoid').verdict).equal('neither')
    should(verdict(diagonal(4.001, 0.5), 'sigmoid').verdict).equal('may-explode')
    should(verdict(diagonal(0, 0)).verdict).equal('vanishes')
  })

  it('goes by the singular value: a nilpotent W may explode', () => {
    should(
      verdict([
        [0, 0],
        [5, 0],
      ]).verdict,
    ).equal('may-explode')
  })

  it('says it in the words of the paper', () => {
    should(verdict(diagonal(0.5)).sentence).match(
      /below 1\/γ, which is sufficient .* guaranteed to vanish\.$/,
    )
    should(verdict(diagonal(2)).sentence).match(
      /above 1\/γ, which is necessary .* not sufficient: they may explode\.$/,
    )
    should(verdict(diagonal(1)).sentence).match(/is 1\/γ: gradients cannot explode/)
  })

  it('takes an orthogonal W for one, in both precisions', () => {
    for (const dtype of ['float64', 'float32'] as const)
      for (const size of [2, 5, 16, 64])
        for (const seed of [1, 2, 3]) {
          should(verdict(orthogonal(size, seed), 'tanh', dtype).verdict).equal('neither')
          should(verdict(times(orthogonal(size, seed), 0.99), 'tanh', dtype).verdict).equal('vanishes')
          should(verdict(times(orthogonal(size, seed), 1.01), 'tanh', dtype).verdict).equal('may-explode')
        }
  })

  it('is right at 1e285 and at 1e-285', () => {
    const large = verdict(diagonal(1e285, -2e285))
    should(large.bound / 2e285).be.approximately(1, 1e-14)
    should(large.verdict).equal('may-explode')
    const small = verdict(diagonal(1e-285, -2e-285))
    should(small.bound / 2e-285).be.approximately(1, 1e-14)
    should(small.verdict).equal('vanishes')
  })

  it('has none for a W that is not finite, and names the block', () => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      const W = tensorOf([...diagonal(1, 1), ...diagonal(1, bad), ...diagonal(bad, 1)])
      should(recurrentSpectrum(W, { gates: ['r', 'z', 'n'] })).eql({
        omitted: 'block z of W holds a number that is not finite',
      })
    }
  })

  it('leaves W as it is', () => {
    const W = tensorOf(orthogonal(4, 1))
    const before = W.data.slice()
    recurrentSpectrum(W, { gates: ['h'], activation: 'tanh' })
    should(W.data).eql(before)
  })

  it('says what does not fit', () => {
    const W = tensorOf([...diagonal(1, 1), ...diagonal(1, 1)])
    throwsExpected(
      () => recurrentSpectrum(W, { gates: ['h'] }),
      'expected W to be 1 square blocks, one under the other, got [4, 2]',
    )
    throwsExpected(() => recurrentSpectrum(tensor('float64', [4]), { gates: ['h'] }), /W to be/)
    throwsExpected(() => recurrentSpectrum(tensor('float64', [0, 0]), { gates: ['h'] }), /W to be/)
    throwsExpected(() => recurrentSpectrum(tensor('float64', [2, 2, 1]), { gates: ['h'] }), /got \[2, 2, 1\]/)
    throwsExpected(() => recurrentSpectrum(W, { gates: [] }), /gates to be one or more/)
    throwsExpected(() => recurrentSpectrum(W, { gates: ['z', 'z'] }), /different names, got \[z, z\]/)
    throwsExpected(
      () => recurrentSpectrum(W, { gates: ['a', 'b'], activation: 'tanh' }),
      /no activation for a W of several gates, got the text "tanh"$/,
    )
    throwsExpected(
      () => recurrentSpectrum(tensorOf(diagonal(1)), { gates: ['h'], activation: 'sine' as 'tanh' }),
      /activation to be one of tanh, relu, sigmoid, linear/,
    )
  })
})
