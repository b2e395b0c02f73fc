/** The rules that look at one gradient alone and go by a size: by norms, by entries, by root mean squares. */
import fc from 'fast-check'
import should from 'should'
import { type ClipOptions, clipGradient } from '../../../src/clip-gradient/clip-gradient'
import type { Dtype } from '../../../src/tensor/tensor'
import { allClose, close, count, euclidean, fill, flat, gradientOf, gradients, thresholds } from './gradients'

const clip = (numbers: number[], options: ClipOptions, dtype?: Dtype) =>
  clipGradient(gradientOf(numbers, dtype), options)
const zeros = fill(0)
const infinity = Number.POSITIVE_INFINITY

/** The p-norm by its definition. */
const pNormOf = (numbers: readonly number[], p: number) =>
  p === infinity
    ? Math.max(...numbers.map(Math.abs))
    : numbers.reduce((sum, value) => sum + Math.abs(value) ** p, 0) ** (1 / p)

/** W, U, bn, V, c of eleven numbers. */
const split = (numbers: readonly number[]) => [
  numbers.slice(0, 4),
  numbers.slice(4, 6),
  numbers.slice(6, 8),
  numbers.slice(8, 10),
  numbers.slice(10),
]

const huge: [number, Dtype][] = [
  [1e30, 'float32'],
  [1e200, 'float64'],
]

describe('clipGradient by global norm', () => {
  for (const p of [0.5, 1, 2, 3, infinity])
    it(`multiplies everything by threshold / (norm + ε) if that is below 1, for the ${p}-norm`, () => {
      fc.assert(
        fc.property(gradients, thresholds, fc.constantFrom(0, 1e-6, 0.5), (numbers, threshold, epsilon) => {
          const factor = Math.min(1, threshold / (pNormOf(numbers, p) + epsilon))
          const after = flat(clip(numbers, { threshold, normType: p, epsilon }))
          allClose(
            after,
            numbers.map((value) => value * factor),
            1e-12,
          )
        }),
      )
    })

  it('gives the numbers that torch.nn.utils.clip_grad_norm_ gives', () => {
    const { parameters, clip: told } = clip([3, 4, ...zeros.slice(2)], {})
    should([...parameters.W.data]).eql([3 * (1 / 5.000001), 4 * (1 / 5.000001), 0, 0])
    should(told).containEql({ rule: 'global-norm', normBefore: 5, clipped: true })
  })

  it('gives the numbers that optax.clip_by_global_norm gives, with ε = 0', () => {
    allClose([...clip([3, 4, ...zeros.slice(2)], { epsilon: 0 }).parameters.W.data], [0.6, 0.8, 0, 0])
  })

  it('sums absolute values for p = 1, and takes the largest for p = Infinity', () => {
    const numbers = [3, -4, ...zeros.slice(2)]
    const sum = clip(numbers, { normType: 1, epsilon: 0, threshold: 3.5 })
    allClose([...sum.parameters.W.data], [1.5, -2, 0, 0])
    const largest = clip(numbers, { normType: infinity, epsilon: 0, threshold: 2 })
    allClose([...largest.parameters.W.data], [1.5, -2, 0, 0])
    should(largest.clip).containEql({ normBefore: 5, normAfter: 2.5, coefficient: 0.5 })
  })

  it('leaves a gradient at or below the threshold alone: the very same parameters', () => {
    const gradient = gradientOf([3, 4, ...zeros.slice(2)])
    const { parameters, clip: told } = clipGradient(gradient, { threshold: 5, epsilon: 0 })
    should(parameters).equal(gradient.parameters)
    should(told).eql({ rule: 'global-norm', normBefore: 5, normAfter: 5, coefficient: 1, clipped: false })
  })

  it('says that it did nothing if no float32 is another after it', () => {
    const gradient = gradientOf([100, ...zeros.slice(1)], 'float32')
    const { parameters, clip: told } = clipGradient(gradient, { threshold: 100 })
    should(parameters).equal(gradient.parameters)
    should(told.clipped).be.false()
  })

  for (const [size, dtype] of huge)
    for (const p of [0.5, 1, 2, 3, infinity])
      it(`reaches the threshold from ${size} in ${dtype}, for the ${p}-norm`, () => {
        const { parameters, clip: told } = clip(fill(size), { threshold: 2, normType: p }, dtype)
        const after = flat({ parameters })
        close(pNormOf(after, p), 2, 1e-6)
        close(told.normBefore, size * Math.sqrt(count), 1e-6)
        close(told.normAfter, euclidean(after), 1e-6)
        close(told.coefficient, euclidean(after) / (size * Math.sqrt(count)), 1e-6)
      })
})

describe('clipGradient by the norm of each tensor', () => {
  for (const p of [1, 2, infinity])
    it(`scales each tensor by itself, for the ${p}-norm`, () => {
      fc.assert(
        fc.property(gradients, thresholds, fc.constantFrom(0, 1e-6, 0.5), (numbers, threshold, epsilon) => {
          const wanted = split(numbers).flatMap((tensor) => {
            const factor = Math.min(1, threshold / (pNormOf(tensor, p) + epsilon))
            return tensor.map((value) => value * factor)
          })
          const rule = 'per-tensor-norm'
          allClose(flat(clip(numbers, { rule, threshold, normType: p, epsilon })), wanted, 1e-12)
        }),
      )
    })

  it('is clipnorm of Keras with ε = 0: W of norm 5 goes to 1, U of norm 0.5 stays', () => {
    const numbers = [3, 4, 0, 0, 0.3, 0.4, ...zeros.slice(6)]
    const gradient = gradientOf(numbers)
    const { parameters } = clipGradient(gradient, { rule: 'per-tensor-norm', epsilon: 0 })
    allClose([...parameters.W.data], [0.6, 0.8, 0, 0])
    should(parameters.U).equal(gradient.parameters.U)
  })

  it('adds an ε of 1e-6 if nothing is said, and has a threshold of 1', () => {
    should(clip([3, 4, ...zeros.slice(2)], { rule: 'per-tensor-norm' }).parameters.W.data[0]).equal(
      3 * (1 / 5.000001),
    )
  })

  it('does not overflow', () => {
    for (const [size, dtype] of huge)
      for (const normType of [1, 2, 3]) {
        const { parameters } = clip(fill(size), { rule: 'per-tensor-norm', normType }, dtype)
        close(pNormOf([...parameters.W.data], normType), 1, 1e-6)
      }
  })
})

describe('clipGradient by value', () => {
  it('cuts every number to ±threshold', () => {
    fc.assert(
      fc.property(gradients, thresholds, (numbers, threshold) => {
        should(flat(clip(numbers, { rule: 'value', threshold }))).eql(
          numbers.map((value) => Math.sign(value) * Math.min(Math.abs(value), threshold)),
        )
      }),
    )
  })

  it('has a threshold of 1 if nothing is said', () => {
    should(flat(clip(fill(-9), { rule: 'value' }))).eql(fill(-1))
  })

  it('leaves numbers within the threshold alone, in float32 those that are the nearest to it', () => {
    for (const dtype of ['float32', 'float64'] as const) {
      const gradient = gradientOf(fill(-0.1), dtype)
      const { parameters, clip: told } = clipGradient(gradient, { rule: 'value', threshold: 0.1 })
      should(parameters).equal(gradient.parameters)
      should(told.clipped).be.false()
    }
  })
})

describe('clipGradient by block RMS', () => {
  it('divides each tensor by rms / threshold where that is above 1, as optax.clip_by_block_rms', () => {
    fc.assert(
      fc.property(gradients, thresholds, (numbers, threshold) => {
        const wanted = split(numbers).flatMap((tensor) => {
          const rms = Math.sqrt(tensor.reduce((sum, value) => sum + value * value, 0) / tensor.length)
          return tensor.map((value) => value / Math.max(1, rms / threshold))
        })
        allClose(flat(clip(numbers, { rule: 'block-rms', threshold })), wanted, 1e-12)
      }),
    )
  })

  it('has a threshold of 1 if nothing is said: W of rms 2.5 is divided by 2.5, c of rms 0.5 stays', () => {
    const gradient = gradientOf([3, 4, 0, 0, ...zeros.slice(5), 0.5])
    const { parameters } = clipGradient(gradient, { rule: 'block-rms' })
    allClose([...parameters.W.data], [1.2, 1.6, 0, 0])
    should(parameters.c).equal(gradient.parameters.c)
  })

  it('does not overflow', () => {
    for (const [size, dtype] of huge)
      allClose(flat(clip(fill(size), { rule: 'block-rms', threshold: 2 }, dtype)), fill(2), 1e-6)
  })
})
