/**
 * Where Keras 3 has ε elsewhere, against its update_step written out for one number; and the numbers that the
 * tests of Keras and TensorFlow hold their optimizers to.
 */
import should from 'should'
import {
  type OptimizerOptions,
  type OptimizerRule,
  optimizer,
  optimizerRules,
} from '../../../src/optimizer/optimizer'
import { throwsExpected } from '../../support/throws'
import { flat, gradientFor, plus, rowCell } from './cells'

/** θ after each of the gradients. */
function path(
  options: OptimizerOptions,
  start: readonly number[],
  gradients: readonly (readonly number[])[],
) {
  const rule = optimizer(options)
  let cell = rowCell(start)
  return gradients.map((gradient) => {
    const numbers = gradient.values()
    const { parameters } = rule.update(
      gradientFor(cell, () => Number(numbers.next().value)),
      cell,
    )
    cell = plus(cell, parameters)
    return flat(cell.parameters)
  })
}

const isNear = (made: number[], wanted: number[], tolerance: number) => {
  should(made.length).equal(wanted.length)
  made.forEach((number, index) => {
    should(number).be.approximately(wanted[index], tolerance)
  })
}

type KerasStep = (gradient: number, k: number) => number

const kerasAdam =
  (rate: number, beta1: number, beta2: number, epsilon: number, amsgrad = false) =>
  (): KerasStep => {
    let [m, v, vHat] = [0, 0, 0]
    return (gradient, k) => {
      const alpha = (rate * Math.sqrt(1 - beta2 ** k)) / (1 - beta1 ** k)
      m += (gradient - m) * (1 - beta1)
      v += (gradient ** 2 - v) * (1 - beta2)
      vHat = Math.max(vHat, v)
      return (m * alpha) / (Math.sqrt(amsgrad ? vHat : v) + epsilon)
    }
  }
const kerasAdamax = (rate: number, beta1: number, beta2: number, epsilon: number) => (): KerasStep => {
  let [m, u] = [0, 0]
  return (gradient, k) => {
    m += (gradient - m) * (1 - beta1)
    u = Math.max(beta2 * u, Math.abs(gradient))
    return (rate * m) / ((1 - beta1 ** k) * (u + epsilon))
  }
}
const kerasRmsprop =
  (rate: number, rho: number, epsilon: number, centered: boolean, momentum: number) => (): KerasStep => {
    let [velocity, average, buffer] = [0, 0, 0]
    return (gradient) => {
      velocity = rho * velocity + (1 - rho) * gradient ** 2
      average = rho * average + (1 - rho) * gradient
      const denominator = velocity - (centered ? average ** 2 : 0) + epsilon
      buffer = momentum * buffer + (rate * gradient) / Math.sqrt(denominator)
      return buffer
    }
  }
const kerasAdagrad = (rate: number, start: number, epsilon: number) => (): KerasStep => {
  let accumulator = start
  return (gradient) => {
    accumulator += gradient ** 2
    return (rate * gradient) / Math.sqrt(accumulator + epsilon)
  }
}

const settings = { learningRate: 0.1, epsilon: 0.05, epsilonPlacement: 'keras' } as const
const betas = { beta1: 0.8, beta2: 0.9 }

const placed: [OptimizerOptions, () => KerasStep][] = [
  [{ rule: 'adam', ...settings, ...betas }, kerasAdam(0.1, 0.8, 0.9, 0.05)],
  [{ rule: 'adam', ...settings, ...betas, amsgrad: true }, kerasAdam(0.1, 0.8, 0.9, 0.05, true)],
  [{ rule: 'amsgrad', ...settings, ...betas }, kerasAdam(0.1, 0.8, 0.9, 0.05, true)],
  [{ rule: 'adamw', ...settings, ...betas, weightDecay: 0 }, kerasAdam(0.1, 0.8, 0.9, 0.05)],
  [{ rule: 'adamax', ...settings, ...betas }, kerasAdamax(0.1, 0.8, 0.9, 0.05)],
  [{ rule: 'rmsprop', ...settings, alpha: 0.7 }, kerasRmsprop(0.1, 0.7, 0.05, false, 0)],
  [
    { rule: 'rmsprop', ...settings, alpha: 0.7, centered: true, momentum: 0.6 },
    kerasRmsprop(0.1, 0.7, 0.05, true, 0.6),
  ],
  [{ rule: 'adagrad', ...settings, initialAccumulator: 0.1 }, kerasAdagrad(0.1, 0.1, 0.05)],
]

describe('epsilonPlacement keras', () => {
  const gradients = [0.3, -0.02, 0.7, 0.001, -1.5, 0.4, 0.05, -0.09]

  for (const [options, textbook] of placed)
    it(`${JSON.stringify(options)} agrees with Keras to 1e-12`, () => {
      const step = textbook()
      let theta = 0.5
      const wanted = gradients.map((gradient, index) => {
        theta -= step(gradient, index + 1)
        return theta
      })
      const made = path(
        options,
        [0.5],
        gradients.map((gradient) => [gradient]),
      )
      isNear(made.flat(), wanted, 1e-12)
    })

  it('is refused by the rules in which Keras and PyTorch agree', () => {
    const refusing = optimizerRules.filter((rule) => !placed.some(([options]) => options.rule === rule))
    should(refusing).eql(['sgd', 'adadelta', 'nadam', 'radam', 'lion'])
    for (const rule of refusing)
      throwsExpected(
        () => optimizer({ rule, epsilonPlacement: 'keras' }),
        'expected epsilonPlacement only with the rule adagrad, rmsprop, adam, amsgrad, adamw, adamax, ' +
          `got it with ${rule}`,
      )
  })
})

describe("optimizer and the numbers in Keras's own tests", () => {
  const tenths = Array.from({ length: 10 }, (_, index) => (index + 1) / 10)
  const golden = (options: OptimizerOptions) =>
    path({ ...options }, Array(10).fill(1), [Array(10).fill(0.01), ...Array(4).fill(tenths)])

  const columns: [OptimizerRule, OptimizerOptions, first: number[], last: number[]][] = [
    [
      'adagrad',
      { learningRate: 0.2, initialAccumulator: 0.3, epsilon: 1e-6, epsilonPlacement: 'keras' },
      [0.9963, 0.9604, 0.9251, 0.8903, 0.856],
      [0.9963, 0.8209, 0.6891, 0.579, 0.4825],
    ],
    [
      'adadelta',
      { learningRate: 1, rho: 0.8, epsilon: 1e-6 },
      [0.9978, 0.9947, 0.9915, 0.9882, 0.9849],
      [0.9978, 0.9947, 0.9915, 0.9882, 0.9849],
    ],
    [
      'rmsprop',
      { learningRate: 1e-3, alpha: 0.9, centered: true, epsilon: 1e-7, epsilonPlacement: 'keras' },
      [0.9967, 0.9933, 0.9908, 0.9885, 0.9864],
      [0.9967, 0.9933, 0.9908, 0.9885, 0.9864],
    ],
    [
      'adamw',
      { learningRate: 1, weightDecay: 0.5, epsilon: 2, epsilonPlacement: 'keras' },
      [0.4998, 0.2486, 0.1223, 0.0586, 0.0263],
      [0.4998, 0.2382, 0.1003, 0.0258, -0.0159],
    ],
    [
      'adamax',
      { learningRate: 0.2, beta1: 0.85, beta2: 0.95, epsilon: 1e-6, epsilonPlacement: 'keras' },
      [0.8, 0.6827, 0.5333, 0.368, 0.1933],
      [0.8, 0.691, 0.5466, 0.3848, 0.2126],
    ],
    [
      'nadam',
      { learningRate: 0.5, beta1: 0.5, beta2: 0.67, epsilon: 1e-5, momentumDecay: 1 },
      [0.4281, -0.1738, -0.7115, -1.2335, -1.7492],
      [0.4281, -0.1717, -0.7084, -1.2299, -1.7454],
    ],
    [
      'lion',
      { learningRate: 1e-3 },
      [0.999, 0.998, 0.997, 0.996, 0.995],
      [0.999, 0.998, 0.997, 0.996, 0.995],
    ],
  ]
  for (const [rule, options, first, last] of columns)
    it(`${rule}: five steps to the four digits given, for the smallest and the largest gradient`, () => {
      const made = golden({ rule, ...options })
      isNear(
        made.map((numbers) => numbers[0]),
        first,
        6e-5,
      )
      isNear(
        made.map((numbers) => numbers[9]),
        last,
        6e-5,
      )
    })

  const single: [OptimizerOptions, number[]][] = [
    [{ rule: 'adam', learningRate: 0.5 }, [0.5, 1.5, 2.5, 3.5]],
    [{ rule: 'adamw', learningRate: 0.5, weightDecay: 0.004 }, [0.498, 1.496, 2.494, 3.492]],
    [{ rule: 'rmsprop', learningRate: 0.5, alpha: 0.9 }, [-0.5811, 0.4189, 1.4189, 2.4189]],
    [{ rule: 'adagrad', learningRate: 0.5, initialAccumulator: 0.1 }, [0.5233, 1.5007, 2.5005, 3.5061]],
    [{ rule: 'adadelta', learningRate: 0.5, rho: 0.95, epsilon: 1e-7 }, [0.9993, 1.9993, 2.9993, 3.9993]],
    [{ rule: 'nadam', learningRate: 0.5, momentumDecay: 1 }, [0.4686, 1.4686, 2.4686, 3.4686]],
    [{ rule: 'lion', learningRate: 0.5 }, [0.5, 1.5, 2.5, 3.5]],
  ]
  for (const [options, wanted] of single)
    it(`${options.rule}: one step`, () =>
      isNear(path(options, [1, 2, 3, 4], [[1, 6, 7, 2]])[0], wanted, 1e-4))

  it("TensorFlow's Adagrad: three steps to seven digits", () => {
    const options: OptimizerOptions = {
      rule: 'adagrad',
      learningRate: 3,
      initialAccumulator: 0.1,
      epsilon: 0,
    }
    isNear(
      path(options, [1, 2, 3, 4], Array(3).fill([0.1, 0.1, 0.01, 0.01]))[2],
      [-1.6026098728179932, -0.6026098728179932, 2.715679168701172, 3.715679168701172],
      1e-6,
    )
  })
})
