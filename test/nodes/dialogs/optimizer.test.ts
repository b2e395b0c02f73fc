/** What optimizer's dialog knows of rules and schedules: their fields, what blank ones count as, and the curve. */
import should from 'should'
import { applies, isNeeded, optionsOf, scheduleField, usual } from '../../../editor/dialogs/optimizer/fields'
import { rateCurve, scheduleOf } from '../../../editor/dialogs/optimizer/schedule'
import {
  defaultLearningRate,
  learningRateAt,
  type OptimizerOptions,
  optimizerRules,
  ruleOptions,
  type ScheduleName,
  type ScheduleOptions,
  scheduleNames,
} from '../../../src'
import { dialogOf, type Fields } from '../../support/dialog'
import { deltasByLibrary } from '../../support/optimizer-flow'

const names = Object.keys(dialogOf('optimizer').definition.defaults)
const getOf = (fields: Fields) => (field: string) => fields[field]

/** Numbers that have to be there. */
const needed: Partial<Record<ScheduleName, Omit<ScheduleOptions, 'name'>>> = {
  step: { stepSize: 3 },
  'multi-step': { milestones: [2] },
  exponential: { gamma: 0.5 },
  'warm-up': { warmupSteps: 3 },
  'inverse-square-root': { warmupSteps: 3 },
}

describe("optimizer's fields", () => {
  it('are in the dialog, all those of the rules and schedules', () => {
    const options = Object.values(ruleOptions).flat()
    for (const field of [...options, ...scheduleNames.flatMap(optionsOf).map(scheduleField)])
      should(names).containEql(field)
  })

  for (const rule of optimizerRules) {
    it(`of the rule ${rule}, left blank, count as the numbers shown in grey`, () => {
      const get = getOf({ rule })
      should(usual(get, 'learningRate')).equal(String(defaultLearningRate(rule)))
      const numbers = ruleOptions[rule].filter(
        (option) => option !== 'learningRate' && usual(get, option) !== undefined,
      )
      should(numbers).containEql('weightDecay')
      for (const option of numbers) {
        const number = Number(usual(get, option))
        const ground = option === 'dampening' ? { momentum: 0.5 } : {}
        const deltas = (options: OptimizerOptions) => deltasByLibrary({ rule, ...ground, ...options }, 12)
        should(deltas({ [option]: number })).eql(deltas({}), option)
        const other = option === 'accumulate' ? 2 : number === 0 ? 0.5 : number / 2
        should(deltas({ [option]: other })).not.eql(deltas({}), option)
      }
    })
  }

  for (const schedule of scheduleNames.filter((name) => name !== 'reduce-on-plateau')) {
    it(`of the schedule ${schedule}, left blank, count as the numbers shown in grey`, () => {
      const get = getOf({ schedule })
      const rates = (options: object) =>
        [1, 3, 6, 9, 10].map((step) => {
          const whole = optionsOf(schedule).includes('totalSteps') ? { totalSteps: 10 } : {}
          return learningRateAt({ name: schedule, ...whole, ...needed[schedule], ...options }, 1, step)
        })
      for (const option of optionsOf(schedule)) {
        const number = usual(get, scheduleField(option))
        if (number === undefined) continue
        rates({ [option]: Number(number) }).forEach((rate, index) => {
          should(rate).be.approximately(rates({})[index], 1e-4, option)
        })
      }
      const fields = Object.keys(needed[schedule] ?? {}).map((option) => scheduleField(option as 'gamma'))
      should(names.filter((field) => isNeeded(get, field))).eql(fields)
    })
  }

  it('of reduce-on-plateau, left blank, count as in PyTorch', () => {
    const get = getOf({ schedule: 'reduce-on-plateau' })
    const numbers = { Factor: '0.1', Patience: '10', Threshold: '0.0001', Cooldown: '0', Minimum: '0' }
    for (const [name, number] of Object.entries(numbers)) should(usual(get, `schedule${name}`)).equal(number)
  })

  it('are hidden where rule and schedule have no such option', () => {
    should(applies(getOf({ rule: 'sgd' }), 'momentum')).be.true()
    should(applies(getOf({ rule: 'adam' }), 'momentum')).be.false()
    should(applies(getOf({ schedule: 'constant' }), 'warmupSteps')).be.false()
    should(applies(getOf({ schedule: 'cosine' }), 'scheduleMinimum')).be.true()
    should(applies(getOf({}), 'beta1')).be.true()
  })
})

describe("the curve of optimizer's schedule", () => {
  const full: Fields = {
    scheduleStepSize: '30',
    scheduleMilestones: '20, 50',
    scheduleGamma: '0.9',
    warmupSteps: '10',
  }

  for (const schedule of scheduleNames.filter((name) => name !== 'reduce-on-plateau')) {
    it(`of ${schedule} goes through the rates of the library`, () => {
      const get = getOf({ ...full, schedule })
      const curve = rateCurve(get, 0.5, 100)
      should(curve?.updates).equal(100)
      should(curve?.points).have.length(100)
      for (const [update, rate] of curve?.points ?? [])
        should(rate).equal(learningRateAt(scheduleOf(get, 100), 0.5, update))
      should(curve?.warmupSteps).equal(schedule === 'constant' ? 0 : 10)
    })
  }

  it('ends with the training: what the length of a schedule leaves blank, the budget says', () => {
    const cosine = { schedule: 'cosine', warmupSteps: '10' }
    should(scheduleOf(getOf(cosine), 60).totalSteps).equal(50)
    should(rateCurve(getOf({ ...cosine, scheduleTotalSteps: '20' }), 1, 60)?.updates).equal(60)
    should(rateCurve(getOf({ ...cosine, scheduleTotalSteps: '200' }), 1, 60)?.updates).equal(210)
    should(rateCurve(getOf(cosine), 1, undefined)?.updates).equal(1000)
  })

  for (const [fields, updates] of [
    [{ schedule: 'step', scheduleStepSize: '30' }, 150],
    [{ schedule: 'multi-step', scheduleMilestones: '20, 50' }, 75],
    [{ schedule: 'exponential', scheduleGamma: '0.9' }, 44],
    [{ schedule: 'exponential', scheduleGamma: '1.1' }, 49],
    [{ schedule: 'exponential', scheduleGamma: '1' }, 1000],
    [{ schedule: 'warm-up', warmupSteps: '40' }, 80],
    [{ schedule: 'inverse-square-root', warmupSteps: '40' }, 400],
    [{ schedule: 'reduce-on-plateau', warmupSteps: '40' }, 80],
  ] as const)
    it(`shows ${JSON.stringify(fields)} without a budget for ${updates} updates`, () => {
      should(rateCurve(getOf(fields), 1, undefined)?.updates).equal(updates)
    })

  it('has no more points than a picture shows, first and last update among them', () => {
    const { points = [] } = rateCurve(getOf({ schedule: 'polynomial' }), 1, 100_000) ?? {}
    should(points.length).equal(300)
    should([points[0][0], points[299][0]]).eql([1, 100_000])
  })

  for (const fields of [
    { schedule: 'step' },
    { schedule: 'step', scheduleStepSize: '0' },
    { schedule: 'multi-step', scheduleMilestones: '1.5' },
    { schedule: 'exponential', scheduleGamma: 'x' },
    { schedule: 'warm-up', warmupSteps: '-1' },
    { schedule: 'mine' },
  ])
    it(`is not drawn of ${JSON.stringify(fields)}`, () => {
      should(rateCurve(getOf(fields), 1, 100)).be.undefined()
    })

  it('is not drawn of a rate that is none', () => {
    should(rateCurve(getOf({ schedule: 'cosine' }), Number.NaN, 100)).be.undefined()
    should(rateCurve(getOf({ schedule: 'cosine' }), -1, 100)).be.undefined()
  })
})
