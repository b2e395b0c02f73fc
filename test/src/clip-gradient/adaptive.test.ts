/** Adaptive gradient clipping: against the formula, its axes, and what optax does with shapes. */
import fc from 'fast-check'
import should from 'should'
import { type ClipOptions, clipGradient } from '../../../src/clip-gradient/clip-gradient'
import { tensor } from '../../../src/tensor/tensor'
import { throwsExpected } from '../../support/throws'
import {
  allClose,
  euclidean,
  fill,
  flat,
  gradientOf,
  gradients,
  gradientWith,
  parametersOf,
} from './gradients'

/** The indices of the units of W [2,2], U [2,1], bn [2], V [1,2], c [1]. One row or one column is one unit. */
const vectors = [[4, 5], [6, 7], [8, 9], [10]]
const units = {
  row: [[0, 1], [2, 3], ...vectors],
  column: [[0, 2], [1, 3], ...vectors],
  tensor: [[0, 1, 2, 3], ...vectors],
}

/** g ← g λ max(‖w‖, ε) / ‖g‖ for each unit with ‖g‖ > λ max(‖w‖, ε) */
const byHand = (
  gradient: number[],
  weights: number[],
  { clipping = 0.01, epsilon = 1e-3, axis = 'row' }: ClipOptions,
) => {
  const after = [...gradient]
  for (const unit of units[axis]) {
    const largest = clipping * Math.max(euclidean(unit.map((index) => weights[index])), epsilon)
    const size = euclidean(unit.map((index) => gradient[index]))
    if (size > largest) for (const index of unit) after[index] *= largest / size
  }
  return after
}

const matrix = (numbers: number[]) => ({ W: tensor('float64', [2, 3], Float64Array.from(numbers)) })

describe('adaptive gradient clipping', () => {
  const choices: ClipOptions[] = [
    {},
    { axis: 'row', clipping: 0.5 },
    { axis: 'column', clipping: 2 },
    { axis: 'tensor', clipping: 10 },
    { epsilon: 50, clipping: 0.5 },
  ]
  for (const options of choices)
    it(`follows equation 3 of Brock et al. 2021 for each unit (${JSON.stringify(options)})`, () => {
      fc.assert(
        fc.property(gradients, gradients, (numbers, weights) => {
          const parameters = parametersOf(weights)
          const clipped = clipGradient(gradientOf(numbers), { rule: 'adaptive', parameters, ...options })
          allClose(flat(clipped), byHand(numbers, weights, options), 1e-12)
        }),
      )
    })

  it('does nothing the second time', () => {
    fc.assert(
      fc.property(gradients, gradients, (numbers, weights) => {
        const options = { rule: 'adaptive', parameters: parametersOf(weights) } as const
        const once = clipGradient(gradientOf(numbers), options)
        allClose(flat(clipGradient(once, options)), flat(once))
      }),
    )
  })

  it('measures rows, columns or the tensor against those of the weights', () => {
    const parameters = matrix([3, 0, 4, 0, 0, 0.5])
    const gradient = gradientWith(matrix([6, 0, 8, 0, 0, 0.1]))
    const clippedBy = (axis: 'row' | 'column' | 'tensor') =>
      flat(clipGradient(gradient, { rule: 'adaptive', parameters, clipping: 1, axis, epsilon: 0 }))
    // rows: 10 against 5, 0.1 against 0.5
    allClose(clippedBy('row'), [3, 0, 4, 0, 0, 0.1])
    // columns: 6 against 3, 0 against 0, √64.01 against √16.25
    const third = Math.sqrt(16.25 / 64.01)
    allClose(clippedBy('column'), [3, 0, 8 * third, 0, 0, 0.1 * third])
    // tensor: √100.01 against √25.25
    const whole = Math.sqrt(25.25 / 100.01)
    allClose(clippedBy('tensor'), [6 * whole, 0, 8 * whole, 0, 0, 0.1 * whole])
  })

  it('lets parameters of zero move, by ε', () => {
    const numbers = [3, 4, ...fill(0).slice(2)]
    const parameters = parametersOf(fill(0))
    const norm = (epsilon?: number) =>
      clipGradient(gradientOf(numbers), { rule: 'adaptive', parameters, epsilon }).norm
    should(norm()).be.approximately(1e-5, 1e-18)
    should(norm(0.5)).be.approximately(5e-3, 1e-15)
    should(norm(0)).equal(0)
  })

  it('leaves a gradient that is small beside its parameters alone: the very same parameters', () => {
    const gradient = gradientOf(fill(0.01))
    const { parameters, clip } = clipGradient(gradient, {
      rule: 'adaptive',
      parameters: parametersOf(fill(1)),
    })
    should(parameters).equal(gradient.parameters)
    should(clip.clipped).be.false()
  })

  it('does not overflow', () => {
    const parameters = parametersOf(fill(1e200))
    const options = { rule: 'adaptive', parameters, clipping: 1e-200 } as const
    allClose(flat(clipGradient(gradientOf(fill(1e250)), options)), fill(1), 1e-12)
  })

  it('wants parameters that fit', () => {
    const gradient = gradientOf(fill(1))
    throwsExpected(
      () => clipGradient(gradient, { rule: 'adaptive' }),
      "expected the cell's parameters with the rule adaptive, W of shape [2, 2] among them, got none called W",
    )
    throwsExpected(
      () => clipGradient(gradient, { rule: 'adaptive', parameters: matrix([1, 2, 3, 4, 5, 6]) }),
      "expected the cell's parameters with the rule adaptive, W of shape [2, 2] among them, got [2, 3]",
    )
  })
})
