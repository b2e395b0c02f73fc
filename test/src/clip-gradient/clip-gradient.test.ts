/** What holds for every rule: the truth about the norms, untouched arguments, and what is refused. */
import fc from 'fast-check'
import should from 'should'
import type { Gradient } from '../../../src/bptt-gradient/bptt-gradient'
import {
  type ClipOptions,
  type ClipRule,
  clipGradient,
  clipRuleOptions,
  clipRules,
  gradientClipper,
} from '../../../src/clip-gradient/clip-gradient'
import type { Dtype } from '../../../src/tensor/tensor'
import { throwsExpected } from '../../support/throws'
import {
  close,
  euclidean,
  fill,
  flat,
  gradientOf,
  gradientOfNorm,
  gradients,
  parametersOf,
  shapes,
  thresholds,
} from './gradients'

const parameters = parametersOf(fill(3))

/** A clipper that has seen enough small gradients for the running rules to be at work. */
const seasoned = (rule: ClipRule, options: ClipOptions = {}) => {
  const clipper = gradientClipper({ rule, ...(rule === 'z-clip' && { warmup: 4 }), ...options })
  for (const norm of [1, 1.5, 0.5, 1]) clipper.clip(gradientOfNorm(norm), { parameters })
  return clipper
}
const clip = (rule: ClipRule, gradient: Gradient) => seasoned(rule).clip(gradient, { parameters })

const euclideanRules = [
  ['global-norm', { normType: 2 }],
  ['global-norm', { epsilon: 0 }],
] as const

describe('clipGradient with every rule', () => {
  for (const rule of clipRules) {
    it(`tells the truth about the norms (${rule})`, () => {
      fc.assert(
        fc.property(gradients, fc.constantFrom<Dtype>('float32', 'float64'), (numbers, dtype) => {
          const gradient = gradientOf(numbers, dtype)
          const clipped = clip(rule, gradient)
          const before = flat(gradient)
          const after = flat(clipped)
          should(clipped.clip.rule).equal(rule)
          close(clipped.clip.normBefore, euclidean(before))
          close(clipped.clip.normAfter, euclidean(after))
          should(clipped.norm).equal(clipped.clip.normAfter)
          close(clipped.clip.coefficient, euclidean(after) / euclidean(before))
          const isChanged = after.some((value, index) => value !== before[index])
          should(clipped.clip.clipped).equal(isChanged)
          should(clipped.parameters === gradient.parameters).equal(!isChanged)
        }),
      )
    })

    it(`never makes an entry larger or turns its sign (${rule})`, () => {
      fc.assert(
        fc.property(gradients, (numbers) => {
          flat(clip(rule, gradientOf(numbers))).forEach((value, index) => {
            should(Math.abs(value)).be.belowOrEqual(Math.abs(numbers[index]))
            should(value * numbers[index]).be.aboveOrEqual(0)
          })
        }),
      )
    })

    it(`does not change what it is given, and keeps all else of it (${rule})`, () => {
      const gradient = { ...gradientOf(fill(50)), loss: 7, growth: [1, 2] }
      const before = JSON.stringify([gradient, parameters])
      const clipped = clip(rule, gradient)
      should(JSON.stringify([gradient, parameters])).equal(before)
      should(clipped).containEql({ loss: 7, growth: [1, 2] })
      should(Object.keys(clipped.parameters)).eql(Object.keys(shapes))
      for (const name of Object.keys(shapes)) should(clipped.parameters[name].shape).eql(shapes[name])
    })

    it(`leaves a gradient of zeros alone, with a coefficient of 1 (${rule})`, () => {
      const gradient = gradientOf(fill(0))
      const clipped = clip(rule, gradient)
      should(clipped.parameters).equal(gradient.parameters)
      should(clipped.clip).containEql({ normBefore: 0, normAfter: 0, coefficient: 1, clipped: false })
    })

    it(`keeps the precision (${rule})`, () => {
      for (const dtype of ['float32', 'float64'] as const)
        should(clip(rule, gradientOf(fill(50), dtype)).parameters.W.dtype).equal(dtype)
    })

    if (rule !== 'zero-nans')
      it(`passes a gradient that is not finite on untouched, and says so (${rule})`, () => {
        for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
          const gradient = {
            ...gradientOf([...fill(1).slice(1), bad]),
            nonfinite: { tensor: 'c' },
          } as Gradient
          const clipped = clip(rule, gradient)
          should(clipped.parameters).equal(gradient.parameters)
          should(clipped.nonfinite).eql({ tensor: 'c' })
          should(clipped.clip).eql({
            rule,
            normBefore: bad,
            normAfter: bad,
            coefficient: 1,
            clipped: false,
            nonfinite: true,
          })
        }
      })
  }
})

describe('clipGradient by a norm', () => {
  for (const [rule, options] of euclideanRules)
    it(`keeps the direction and stays below the threshold (${rule}, ${JSON.stringify(options)})`, () => {
      fc.assert(
        fc.property(gradients, thresholds, (numbers, threshold) => {
          const after = flat(clipGradient(gradientOf(numbers), { rule, ...options, threshold }))
          const factor = euclidean(after) / euclidean(numbers)
          should(euclidean(after)).be.belowOrEqual(threshold * (1 + 1e-12))
          after.forEach((value, index) => {
            should(value).be.approximately(numbers[index] * factor, 1e-12)
          })
        }),
      )
    })

  const idempotent: [ClipOptions, number][] = [
    [{ rule: 'global-norm', epsilon: 0 }, 1e-14],
    [{ rule: 'global-norm', epsilon: 0, normType: 3 }, 1e-14],
    [{ rule: 'global-norm', epsilon: 0, normType: Number.POSITIVE_INFINITY }, 1e-14],
    // PyTorch's ε takes a little off a norm that is at the threshold
    [{ rule: 'global-norm' }, 1e-3],
    [{ rule: 'per-tensor-norm', epsilon: 0 }, 1e-14],
    [{ rule: 'block-rms' }, 1e-14],
    [{ rule: 'value' }, 0],
  ]
  for (const [options, relative] of idempotent)
    it(`does nothing the second time (${JSON.stringify(options)})`, () => {
      fc.assert(
        fc.property(gradients, thresholds, (numbers, threshold) => {
          const once = clipGradient(gradientOf(numbers), { ...options, threshold })
          const twice = flat(clipGradient(once, { ...options, threshold }))
          flat(once).forEach((value, index) => {
            close(twice[index], value, relative)
          })
        }),
      )
    })
})

describe('clipGradient', () => {
  it('clips by global norm with a threshold of 1 if nothing is said', () => {
    const { clip, norm } = clipGradient(gradientOf(fill(9)))
    should(clip.rule).equal('global-norm')
    close(norm, 1, 1e-6)
  })

  it('passes everything on with the rule none', () => {
    const gradient = gradientOf(fill(1e6))
    const { parameters: after, clip } = clipGradient(gradient, { rule: 'none' })
    should(after).equal(gradient.parameters)
    const normBefore = euclidean(fill(1e6))
    should(clip).eql({ rule: 'none', normBefore, normAfter: normBefore, coefficient: 1, clipped: false })
  })

  it('takes the norm of the numbers, whatever the gradient says it is', () => {
    const { clip } = clipGradient({ ...gradientOfNorm(5), norm: 7 }, { threshold: 10 })
    should(clip.normBefore).equal(5)
  })

  for (const rule of ['auto-clip', 'z-clip'] as const)
    it(`sends who asks for the rule ${rule} to gradientClipper`, () =>
      throwsExpected(
        () => clipGradient(gradientOf(fill(1)), { rule }),
        `expected gradientClipper for the rule ${rule}, which remembers earlier gradients, got clipGradient`,
      ))

  it('wants clipping for a gradient with the regularizer Ω', () => {
    const gradient = { ...gradientOf(fill(1)), regularization: { omega: 0.1 } } as Gradient
    throwsExpected(
      () => clipGradient(gradient, { rule: 'none' }),
      'expected a clipping rule for a gradient with the regularizer Ω, got the rule none',
    )
    should(() => clipGradient(gradient, { rule: 'global-norm' })).not.throw()
  })
})

describe('the options of clipGradient', () => {
  /** Of each option one that is not the default. */
  const examples: Record<string, number | string> = {
    threshold: 2,
    normType: 3,
    epsilon: 0.1,
    clipping: 0.1,
    axis: 'column',
    percentile: 50,
    historySize: 10,
    alpha: 0.5,
    zThreshold: 3,
    warmup: 10,
  }

  it('are listed for every rule', () => {
    should(Object.keys(clipRuleOptions)).eql([...clipRules])
    const listed = new Set(Object.values(clipRuleOptions).flat())
    should([...listed].sort()).eql(Object.keys(examples).sort())
  })

  for (const rule of clipRules)
    it(`are refused where ${rule} does not use them, and may be undefined`, () => {
      for (const [name, value] of Object.entries(examples)) {
        const make = () => gradientClipper({ rule, [name]: value })
        if (clipRuleOptions[rule].includes(name)) should(make).not.throw()
        else throwsExpected(make, new RegExp(`^expected .* with the rule ${rule}, got ${name}: `))
        should(() => gradientClipper({ rule, [name]: undefined })).not.throw()
      }
    })

  const wrong: [ClipOptions, string][] = [
    [{ threshold: 0 }, 'expected threshold to be a number above 0, got 0'],
    [{ threshold: Number.POSITIVE_INFINITY }, 'expected threshold to be a number above 0, got Infinity'],
    [{ rule: 'value', threshold: -1 }, 'expected threshold to be a number above 0, got -1'],
    [{ rule: 'half' as 'value' }, `expected rule to be one of ${clipRules.join(', ')}, got the text "half"`],
    [{ normType: 0 }, 'expected normType to be a number above 0, got 0'],
    [{ normType: 'inf' as never }, 'expected normType to be a number above 0, got the text "inf"'],
    [{ epsilon: -1e-9 }, 'expected epsilon to be a number from 0, got -1e-9'],
    [{ rule: 'adaptive', clipping: 0 }, 'expected clipping to be a number above 0, got 0'],
    [
      { rule: 'adaptive', axis: 'out' as never },
      'expected axis to be one of row, column, tensor, got the text "out"',
    ],
    [{ rule: 'auto-clip', percentile: 101 }, 'expected percentile to be a number from 0 up to 100, got 101'],
    [
      { rule: 'auto-clip', historySize: 0 },
      'expected historySize to be a whole number from 1 up to 100000, got 0',
    ],
    [{ rule: 'z-clip', alpha: 1.1 }, 'expected alpha to be a number from 0 up to 1, got 1.1'],
    [{ rule: 'z-clip', zThreshold: 0 }, 'expected zThreshold to be a number above 0, got 0'],
    [{ rule: 'z-clip', warmup: 1 }, 'expected warmup to be a whole number from 2 up to 100000, got 1'],
    [{ rule: 'value', normType: 1 }, 'expected only threshold with the rule value, got normType: 1'],
    [{ rule: 'none', threshold: 1 }, 'expected no options with the rule none, got threshold: 1'],
    [
      { treshold: 1 } as ClipOptions,
      'expected only threshold, normType, epsilon with the rule global-norm, got treshold: 1',
    ],
  ]
  for (const [options, message] of wrong)
    it(`refuses ${JSON.stringify(options)}`, () =>
      throwsExpected(() => clipGradient(gradientOf(fill(1)), options), message))
})
