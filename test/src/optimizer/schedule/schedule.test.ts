/**
 * Every schedule against PyTorch's closed form, update by update. Most lists are those of PyTorch's
 * test_lrscheduler.
 */
import should from 'should'
import { optimizer } from '../../../../src/optimizer/optimizer'
import {
  type ScheduleName,
  type ScheduleOptions,
  scheduleNames,
  scheduleOptions,
} from '../../../../src/optimizer/schedule/options'
import { learningRateAt } from '../../../../src/optimizer/schedule/schedule'
import { throwsExpected } from '../../../support/throws'
import { gradientFor, rowCell } from '../cells'

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index)
const cosineFrom = (from: number, to: number, share: number) =>
  to + ((from - to) / 2) * (Math.cos(Math.PI * share) + 1)

const curves: [ScheduleOptions, baseRate: number, wanted: number[]][] = [
  [{ name: 'constant' }, 0.05, Array(4).fill(0.05)],
  [{ name: 'step', stepSize: 3 }, 0.05, [0.05, 0.05, 0.05, 5e-3, 5e-3, 5e-3, 5e-4, 5e-4, 5e-4, 5e-5]],
  [{ name: 'step', stepSize: 2, gamma: 0.5 }, 8, [8, 8, 4, 4, 2, 2, 1]],
  [
    { name: 'multi-step', milestones: [2, 5, 9] },
    0.05,
    [0.05, 0.05, 5e-3, 5e-3, 5e-3, 5e-4, 5e-4, 5e-4, 5e-4, 5e-5],
  ],
  [{ name: 'multi-step', milestones: [4, 1, 1], gamma: 0.5 }, 8, [8, 2, 2, 2, 1, 1]],
  [{ name: 'exponential', gamma: 0.9 }, 0.05, upTo(10).map((t) => 0.05 * 0.9 ** t)],
  [{ name: 'exponential', gamma: 2 }, 1, [1, 2, 4, 8]],
  [
    { name: 'cosine', totalSteps: 10, minLearningRate: 1e-10 },
    0.05,
    upTo(10).map((t) => 1e-10 + ((0.05 - 1e-10) * (1 + Math.cos((Math.PI * t) / 10))) / 2),
  ],
  [{ name: 'cosine', totalSteps: 4 }, 2, [2, 1 + Math.SQRT1_2, 1, 1 - Math.SQRT1_2, 0, 1 - Math.SQRT1_2, 1]],
  [{ name: 'polynomial', totalSteps: 4 }, 8, [8, 6, 4, 2, 0, 0, 0]],
  [
    { name: 'polynomial', totalSteps: 5, power: 0.9 },
    0.05,
    [...upTo(5).map((t) => 0.05 * (1 - t / 5) ** 0.9), 0, 0, 0],
  ],
  [
    { name: 'one-cycle', totalSteps: 10, finalDivFactor: 2 },
    25,
    [1, 13, 25, ...upTo(7).map((index) => cosineFrom(25, 0.5, (index + 1) / 7)), 0.5, 0.5],
  ],
  [
    { name: 'one-cycle', totalSteps: 10, pctStart: 0.6, divFactor: 5 },
    10,
    [
      ...upTo(6).map((t) => cosineFrom(2, 10, t / 5)),
      ...upTo(4).map((index) => cosineFrom(10, 2e-4, (index + 1) / 4)),
    ],
  ],
  // a rise of one update: PyTorch divides by zero
  [
    { name: 'one-cycle', totalSteps: 10, pctStart: 0.1 },
    9,
    upTo(10).map((t) => cosineFrom(9, 9 / 25e4, t / 9)),
  ],
  [{ name: 'one-cycle', totalSteps: 4, pctStart: 1 }, 25, upTo(4).map((t) => cosineFrom(1, 25, t / 3))],
  [
    { name: 'warm-up', warmupSteps: 4, warmupStartFactor: 0.5 },
    0.05,
    [0.025, 0.03125, 0.0375, 0.04375, 0.05, 0.05],
  ],
  [{ name: 'warm-up', warmupSteps: 5 }, 15, [5, 7, 9, 11, 13, 15, 15]],
  [{ name: 'warm-up', warmupSteps: 4, warmupStartFactor: 0 }, 8, [0, 2, 4, 6, 8, 8]],
  [
    { name: 'inverse-square-root', warmupSteps: 4, warmupStartFactor: 0 },
    8,
    [
      0,
      2,
      4,
      6,
      8,
      8 * Math.sqrt(4 / 5),
      8 * Math.sqrt(4 / 6),
      ...upTo(9).map((t) => 16 / Math.sqrt(7 + t)),
      4,
    ],
  ],
  // SequentialLR([LinearLR, …], milestones=[warmupSteps])
  [{ name: 'constant', warmupSteps: 2, warmupStartFactor: 0.5 }, 8, [4, 6, 8, 8]],
  [{ name: 'exponential', gamma: 0.5, warmupSteps: 3, warmupStartFactor: 0.4 }, 5, [2, 3, 4, 5, 2.5, 1.25]],
  [{ name: 'cosine', totalSteps: 2, warmupSteps: 2, warmupStartFactor: 0 }, 8, [0, 4, 8, 4, 0]],
  [
    { name: 'one-cycle', totalSteps: 10, warmupSteps: 2, warmupStartFactor: 0.5 },
    25,
    [0.5, 0.75, 1, 13, 25, cosineFrom(25, 1e-4, 1 / 7)],
  ],
]

const pathOf = (schedule: ScheduleOptions, baseRate: number, count: number) =>
  upTo(count).map((index) => learningRateAt(schedule, baseRate, index + 1))

const isNear = (made: number[], wanted: number[]) => {
  should(made.length).equal(wanted.length)
  made.forEach((rate, index) => {
    should(Math.abs(rate - wanted[index])).be.belowOrEqual(
      1e-14 + 1e-13 * wanted[index],
      `update ${index + 1}`,
    )
  })
}

describe('the learning rate by', () => {
  for (const [schedule, baseRate, wanted] of curves)
    it(JSON.stringify(schedule), () => {
      isNear(pathOf(schedule, baseRate, wanted.length), wanted)
    })

  for (const [schedule, baseRate, wanted] of curves)
    it(`${JSON.stringify(schedule)}, as an optimizer uses it`, () => {
      const cell = rowCell([0])
      const gradient = gradientFor(cell, () => 1)
      const rule = optimizer({ rule: 'sgd', learningRate: baseRate, schedule })
      const updates = wanted.map(() => rule.update(gradient, cell))
      isNear(
        updates.map(({ learningRate }) => learningRate),
        wanted,
      )
      isNear(
        updates.map(({ parameters }) => -(parameters.b?.data[0] ?? Number.NaN)),
        wanted,
      )
    })
})

describe('an optimizer with a schedule', () => {
  const cell = rowCell([0])
  const gradient = gradientFor(cell, () => 1)

  it('starts from the learning rate of the call', () => {
    const rule = optimizer({
      rule: 'sgd',
      learningRate: 8,
      schedule: { name: 'step', stepSize: 1, gamma: 0.5 },
    })
    const rates = [undefined, undefined, 100, undefined].map(
      (rate) => rule.update(gradient, cell, rate).learningRate,
    )
    should(rates).eql([8, 4, 25, 1])
  })

  it('does not move on where a step is skipped', () => {
    const rule = optimizer({
      rule: 'sgd',
      learningRate: 8,
      schedule: { name: 'step', stepSize: 1, gamma: 0.5 },
    })
    const bad = gradientFor(cell, () => Number.NaN)
    const rates = [gradient, bad, bad, gradient].map((each) => rule.update(each, cell).learningRate)
    should(rates).eql([8, 4, 4, 4])
  })

  it('goes on with it from its state', () => {
    const options = { rule: 'adam', schedule: { name: 'cosine', totalSteps: 9, warmupSteps: 2 } } as const
    const original = optimizer(options)
    for (let step = 0; step < 4; step++) original.update(gradient, cell)
    const resumed = optimizer(options, original.state())
    for (let step = 0; step < 4; step++)
      should(resumed.update(gradient, cell)).eql(original.update(gradient, cell))
  })

  it('has none to tell a validation loss', () => {
    const rule = optimizer({ schedule: { name: 'step', stepSize: 2 } })
    const before = rule.state()
    should([1, 2, 3].map(rule.validated)).eql([1, 1, 1])
    should(rule.state()).eql(before)
  })
})

/** Of every schedule what it needs, and of every option another value than its default. */
const needed: Record<ScheduleName, Omit<ScheduleOptions, 'name'>> = {
  constant: {},
  step: { stepSize: 2 },
  'multi-step': { milestones: [2, 4] },
  exponential: { gamma: 0.9 },
  cosine: { totalSteps: 8 },
  'warm-up': { warmupSteps: 3 },
  'one-cycle': { totalSteps: 8 },
  'inverse-square-root': { warmupSteps: 3 },
  polynomial: { totalSteps: 8 },
  'reduce-on-plateau': {},
}
const others: Required<Omit<ScheduleOptions, 'name'>> = {
  warmupSteps: 5,
  warmupStartFactor: 0.7,
  stepSize: 3,
  milestones: [1],
  gamma: 0.7,
  totalSteps: 6,
  minLearningRate: 0.1,
  pctStart: 0.6,
  divFactor: 5,
  finalDivFactor: 5,
  power: 2,
  factor: 0.7,
  patience: 3,
  threshold: 0.7,
  cooldown: 5,
}

describe('every option of a schedule', () => {
  for (const name of scheduleNames.filter((each) => each !== 'reduce-on-plateau'))
    for (const option of scheduleOptions[name].filter((each) => each !== 'name'))
      it(`${option} makes a difference to ${name}`, () => {
        const warm = option === 'warmupStartFactor' ? { warmupSteps: 3 } : {}
        const ground = { name, ...needed[name], ...warm }
        should(pathOf({ ...ground, [option]: others[option] }, 1, 8)).not.eql(pathOf(ground, 1, 8))
      })

  it('is refused by its name where the schedule does not use it', () => {
    for (const [option, value] of Object.entries(others))
      for (const name of scheduleNames.filter(
        (each) => !(scheduleOptions[each] as string[]).includes(option),
      ))
        throwsExpected(
          () => optimizer({ schedule: { name, [option]: value } }),
          new RegExp(`^expected ${option} only with the schedule .*, got it with ${name}$`),
        )
  })
})

describe('a schedule refuses', () => {
  const wrong: [ScheduleOptions, string | RegExp][] = [
    [
      { name: 'linear' as 'step' },
      /^expected the schedule to be one of constant, step, .*, got the text "linear"$/,
    ],
    [
      { name: 'constant', gamma: 0.5 },
      'expected gamma only with the schedule step, multi-step, exponential, got it with constant',
    ],
    [{ name: 'step' }, 'expected stepSize to be a whole number from 1, got undefined'],
    [{ name: 'step', stepSize: 2, gamma: 0 }, 'expected gamma to be a number above 0, got 0'],
    [{ name: 'multi-step' }, 'expected milestones to be an array of whole numbers, got undefined'],
    [{ name: 'multi-step', milestones: [1.5] }, 'expected a milestone to be a whole number from 0, got 1.5'],
    [{ name: 'multi-step', milestones: [2], gamma: 0 }, 'expected gamma to be a number above 0, got 0'],
    [{ name: 'exponential' }, 'expected gamma to be a number above 0, got undefined'],
    [{ name: 'cosine' }, 'expected totalSteps to be a whole number from 1, got undefined'],
    [
      { name: 'cosine', totalSteps: 5, minLearningRate: -1 },
      'expected minLearningRate to be a number from 0, got -1',
    ],
    [{ name: 'warm-up' }, 'expected warmupSteps to be a whole number from 1, got undefined'],
    [{ name: 'inverse-square-root' }, 'expected warmupSteps to be a whole number from 1, got undefined'],
    [{ name: 'constant', warmupSteps: -1 }, 'expected warmupSteps to be a whole number from 0, got -1'],
    [
      { name: 'warm-up', warmupSteps: 2, warmupStartFactor: 1.5 },
      'expected warmupStartFactor to be a number from 0 up to 1, got 1.5',
    ],
    [{ name: 'one-cycle' }, 'expected totalSteps to be a whole number from 1, got undefined'],
    [
      { name: 'one-cycle', totalSteps: 5, pctStart: 2 },
      'expected pctStart to be a number from 0 up to 1, got 2',
    ],
    [{ name: 'one-cycle', totalSteps: 5, divFactor: 0 }, 'expected divFactor to be a number above 0, got 0'],
    [
      { name: 'one-cycle', totalSteps: 5, finalDivFactor: 0 },
      'expected finalDivFactor to be a number above 0, got 0',
    ],
    [{ name: 'polynomial' }, 'expected totalSteps to be a whole number from 1, got undefined'],
    [{ name: 'polynomial', totalSteps: 5, power: -1 }, 'expected power to be a number from 0, got -1'],
    [{ name: 'reduce-on-plateau', factor: 1 }, 'expected factor below 1, got 1'],
    [{ name: 'reduce-on-plateau', factor: 0 }, 'expected factor to be a number above 0, got 0'],
    [{ name: 'reduce-on-plateau', patience: -1 }, 'expected patience to be a whole number from 0, got -1'],
    [{ name: 'reduce-on-plateau', threshold: 2 }, 'expected threshold to be a number from 0 up to 1, got 2'],
    [{ name: 'reduce-on-plateau', cooldown: 0.5 }, 'expected cooldown to be a whole number from 0, got 0.5'],
    [
      { name: 'reduce-on-plateau', minLearningRate: -1 },
      'expected minLearningRate to be a number from 0, got -1',
    ],
  ]
  for (const [schedule, message] of wrong)
    it(JSON.stringify(schedule), () => throwsExpected(() => optimizer({ schedule }), message))

  it('a step before the first', () =>
    throwsExpected(
      () => learningRateAt({ name: 'constant' }, 1, 0),
      'expected step to be a whole number from 1, got 0',
    ))

  it('a base rate below 0', () =>
    throwsExpected(
      () => learningRateAt({ name: 'constant' }, -1, 1),
      'expected learningRate to be a number from 0, got -1',
    ))

  it('to draw reduce-on-plateau', () =>
    throwsExpected(
      () => learningRateAt({ name: 'reduce-on-plateau' }, 1, 1),
      'expected a schedule that the step alone decides, got reduce-on-plateau',
    ))
})
