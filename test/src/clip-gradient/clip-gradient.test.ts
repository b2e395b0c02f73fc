/** What each rule does to a gradient, and what it says about it. */
import fc from 'fast-check'
import should from 'should'
import {
  type ClipOptions,
  clipGradient,
  clipRules,
  type Dtype,
  type Gradient,
  type ParameterName,
  parameterNames,
  tensor,
} from '../../../src'
import { throwsExpected } from '../../support/throws'

const shapes: Record<ParameterName, number[]> = { W: [2, 2], U: [2, 1], b: [2], V: [1, 2], c: [1] }
const count = 11

/** A gradient of eleven numbers, in the order W, U, b, V, c. */
const gradientOf = (numbers: number[], dtype: Dtype = 'float64'): Gradient => {
  const Floating = dtype === 'float64' ? Float64Array : Float32Array
  let at = 0
  const parameters = Object.fromEntries(
    parameterNames.map((name) => {
      const size = shapes[name].reduce((a, b) => a * b)
      at += size
      return [name, tensor(dtype, shapes[name], Floating.from(numbers.slice(at - size, at)))]
    }),
  ) as Gradient['parameters']
  const norm = Math.hypot(...flat({ parameters }))
  return { loss: 1, parameters, norm, terms: {} as Gradient['terms'], growth: [], carry: [] }
}
const flat = ({ parameters }: Pick<Gradient, 'parameters'>) =>
  parameterNames.flatMap((name) => [...parameters[name].data])
const fill = (value: number) => new Array<number>(count).fill(value)
const close = (actual: number, wanted: number, relative = 1e-14) =>
  should(Math.abs(actual - wanted)).be.belowOrEqual(
    relative * Math.abs(wanted),
    `${actual} instead of ${wanted}`,
  )

const gradients = fc
  .array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: count, maxLength: count })
  .filter((numbers) => Math.hypot(...numbers) > 1e-3)

describe('clipGradient by global norm', () => {
  it('multiplies everything by threshold / (norm + 1e-6), as PyTorch does, if that is below 1', () => {
    fc.assert(
      fc.property(gradients, fc.double({ min: 0.01, max: 200, noNaN: true }), (numbers, threshold) => {
        const clipped = clipGradient(gradientOf(numbers), { threshold })
        const norm = Math.sqrt(numbers.reduce((sum, value) => sum + value ** 2, 0))
        const factor = Math.min(1, threshold / (norm + 1e-6))
        flat(clipped).forEach((value, index) => {
          should(value).be.approximately(numbers[index] * factor, 1e-12)
        })
        close(clipped.norm, norm * factor, 1e-12)
        should(clipped.norm).be.belowOrEqual(threshold * (1 + 1e-12))
      }),
    )
  })

  it('gives the number that torch.nn.utils.clip_grad_norm_ gives', () => {
    const { parameters, clip } = clipGradient(gradientOf([3, 4, ...new Array(9).fill(0)]), { threshold: 1 })
    should([...parameters.W.data]).eql([3 * (1 / 5.000001), 4 * (1 / 5.000001), 0, 0])
    should(clip).containEql({ rule: 'global-norm', normBefore: 5, clipped: true })
  })

  it('leaves a gradient at or below the threshold alone: the very same parameters', () => {
    const gradient = gradientOf(fill(0.1))
    const { parameters, clip, norm } = clipGradient(gradient, { threshold: 1 })
    should(parameters).equal(gradient.parameters)
    should(norm).equal(gradient.norm)
    should(clip).eql({
      rule: 'global-norm',
      normBefore: gradient.norm,
      normAfter: gradient.norm,
      coefficient: 1,
      clipped: false,
    })
  })

  it('leaves a gradient of zeros alone, with a coefficient of 1', () => {
    const { clip } = clipGradient(gradientOf(fill(0)))
    should(clip).eql({ rule: 'global-norm', normBefore: 0, normAfter: 0, coefficient: 1, clipped: false })
  })

  it('is the default, with a threshold of 1', () => {
    close(clipGradient(gradientOf(fill(9))).norm, 1, 1e-6)
  })

  it('reaches the threshold from 1e30 in float32 and 1e200 in float64', () => {
    for (const [size, dtype] of [
      [1e30, 'float32'],
      [1e200, 'float64'],
    ] as const) {
      const { parameters, norm, clip } = clipGradient(gradientOf(fill(size), dtype), { threshold: 2 })
      for (const value of flat({ parameters })) close(value, 2 / Math.sqrt(11), 1e-6)
      close(norm, 2, 1e-6)
      close(clip.normBefore, size * Math.sqrt(11), 1e-6)
      close(clip.coefficient, 2 / (size * Math.sqrt(11)), 1e-6)
      should(parameters.W.dtype).equal(dtype)
    }
  })
})

describe('clipGradient by value', () => {
  it('cuts every number to ±threshold', () => {
    fc.assert(
      fc.property(gradients, fc.double({ min: 0.01, max: 200, noNaN: true }), (numbers, threshold) => {
        const after = flat(clipGradient(gradientOf(numbers), { rule: 'value', threshold }))
        should(after).eql(numbers.map((value) => Math.sign(value) * Math.min(Math.abs(value), threshold)))
      }),
    )
  })

  it('leaves numbers within the threshold alone: the very same parameters', () => {
    const gradient = gradientOf(fill(-0.5))
    const { parameters, clip } = clipGradient(gradient, { rule: 'value', threshold: 0.5 })
    should(parameters).equal(gradient.parameters)
    should(clip.clipped).be.false()
  })
})

describe('clipGradient by no rule', () => {
  it('passes everything on', () => {
    const gradient = gradientOf(fill(1e6))
    const { parameters, clip } = clipGradient(gradient, { rule: 'none', threshold: 1 })
    should(parameters).equal(gradient.parameters)
    should(clip).eql({
      rule: 'none',
      normBefore: gradient.norm,
      normAfter: gradient.norm,
      coefficient: 1,
      clipped: false,
    })
  })
})

describe('clipGradient', () => {
  for (const rule of clipRules) {
    it(`tells the truth about the norms (${rule})`, () => {
      fc.assert(
        fc.property(gradients, fc.constantFrom('float32' as const, 'float64' as const), (numbers, dtype) => {
          const gradient = gradientOf(numbers, dtype)
          const { clip, norm, parameters } = clipGradient(gradient, { rule, threshold: 3 })
          close(clip.normBefore, Math.hypot(...flat(gradient)))
          close(clip.normAfter, Math.hypot(...flat({ parameters })))
          should(norm).equal(clip.normAfter)
          close(clip.coefficient, clip.normAfter / clip.normBefore)
          should(clip.clipped).equal(JSON.stringify(flat({ parameters })) !== JSON.stringify(flat(gradient)))
        }),
      )
    })

    it(`does not change the gradient it is given, and keeps all else of it (${rule})`, () => {
      const gradient = { ...gradientOf(fill(50)), loss: 7, growth: [1, 2] }
      const before = JSON.stringify(gradient)
      const clipped = clipGradient(gradient, { rule })
      should(JSON.stringify(gradient)).equal(before)
      should(clipped).containEql({ loss: 7, growth: [1, 2] })
      for (const name of parameterNames) should(clipped.parameters[name].shape).eql(shapes[name])
    })

    it(`passes a gradient that is not finite on untouched, and says so (${rule})`, () => {
      for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
        const gradient = gradientOf([...fill(1).slice(1), bad])
        const { parameters, clip } = clipGradient(gradient, { rule, threshold: 0.1 })
        should(parameters).equal(gradient.parameters)
        should(clip).eql({
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

  const wrong: [ClipOptions, string][] = [
    [{ threshold: 0 }, 'expected threshold to be a number above 0, got 0'],
    [{ threshold: Number.POSITIVE_INFINITY }, 'expected threshold to be a number above 0, got Infinity'],
    [{ rule: 'value', threshold: -1 }, 'expected threshold to be a number above 0, got -1'],
    [{ rule: 'half' as 'value' }, 'expected rule to be one of global-norm, value, none, got the text "half"'],
  ]
  for (const [options, message] of wrong)
    it(`refuses ${JSON.stringify(options)}`, () =>
      throwsExpected(() => clipGradient(gradientOf(fill(1)), options), message))
})
