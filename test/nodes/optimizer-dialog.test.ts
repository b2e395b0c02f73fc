/** optimizer's dialog: texts for all of it, the rules and schedules of the library, a sentence for what does not fit. */
import should from 'should'
import { epsilonPlacements, optimizerRules, scheduleNames, weightDecayModes } from '../../src'
import { dialogOf } from '../support/dialog'
import { describeDialog, labelOf } from '../support/dialog-rules'

const { choices, definition, texts, usual, validate } = dialogOf('optimizer')
const names = Object.keys(definition.defaults)

describe("optimizer's dialog", () => {
  describeDialog('optimizer')

  it('offers the rules, schedules and words of the library, and first what an old flow means', () => {
    for (const [field, words, first] of [
      ['rule', optimizerRules, 'adam'],
      ['schedule', scheduleNames, 'constant'],
      ['epsilonPlacement', epsilonPlacements, 'torch'],
      ['weightDecayMode', ['', ...weightDecayModes], ''],
    ] as const) {
      should(choices(field).sort()).eql([...words].sort())
      should(choices(field)[0]).equal(first)
      should(usual[field]).equal(first)
    }
  })

  it('says in a sentence what is wrong with a number, unless its field is hidden', () => {
    const everywhere = ['learningRate', 'weightDecay', 'accumulate']
    const checked = names.filter((field) => definition.defaults[field].validate)
    should(checked.length).equal(28)
    const pairs = optimizerRules.flatMap((rule) => scheduleNames.map((schedule) => ({ rule, schedule })))
    for (const field of checked) {
      const answers = pairs.map((node) => validate(field, 'many', node))
      const sentences = answers.filter((answer) => answer !== true)
      should(sentences).not.be.empty()
      for (const sentence of sentences)
        should(sentence)
          .startWith(`${texts.label[field]}: `)
          .and.match(/\w+ .*\w+/)
      should(answers.includes(true)).equal(!everywhere.includes(field), field)
      const node = pairs[answers.findIndex((answer) => answer !== true)]
      for (const bad of ['-1', '1e999']) should(validate(field, bad, node)).be.a.String()
    }
  })

  for (const [node, field, value] of [
    [{ schedule: 'step' }, 'scheduleStepSize', ''],
    [{ schedule: 'multi-step' }, 'scheduleMilestones', ''],
    [{ schedule: 'multi-step' }, 'scheduleMilestones', '100, 1.5'],
    [{ schedule: 'exponential' }, 'scheduleGamma', ''],
    [{ schedule: 'warm-up' }, 'warmupSteps', '0'],
    [{ schedule: 'inverse-square-root' }, 'warmupSteps', ''],
    [{ schedule: 'reduce-on-plateau' }, 'scheduleFactor', '1'],
    [{ rule: 'sgd', nesterov: true }, 'momentum', ''],
    [{ rule: 'sgd', nesterov: true, momentum: '0.9' }, 'dampening', '0.1'],
    [{ rule: 'adam' }, 'beta1', '1'],
    [{ rule: 'sgd' }, 'accumulate', '1.5'],
  ] as const)
    it(`is not content with ${field} "${value}" in ${JSON.stringify(node)}`, () => {
      should(validate(field, value, node)).be.a.String()
    })

  for (const [node, field, value] of [
    [{ schedule: 'multi-step' }, 'scheduleMilestones', '100, 200'],
    [{ schedule: 'cosine' }, 'scheduleTotalSteps', ''],
    [{ schedule: 'step' }, 'warmupSteps', '0'],
    [{ rule: 'sgd', nesterov: true }, 'momentum', '0.9'],
    [{ rule: 'sgd', nesterov: true, momentum: '0.9' }, 'dampening', ''],
    [{ rule: 'rmsprop', nesterov: true }, 'momentum', ''],
    [{ learningRateType: 'msg' }, 'learningRate', 'eta'],
  ] as const)
    it(`is content with ${field} "${value}" in ${JSON.stringify(node)}`, () => {
      should(validate(field, value, node)).be.true()
    })

  it('labels a node by its rule and rate', () => {
    const label = (node: object) => labelOf('optimizer', node)
    should(label({})).equal('adam 0.001')
    should(label({ rule: 'sgd', learningRate: '0.5' })).equal('sgd 0.5')
    should(label({ rule: 'lion', learningRate: 'eta', learningRateType: 'msg' })).equal('lion')
    should(label({ rule: 'mine' })).equal('mine')
    should(label({ name: 'mine' })).equal('mine')
  })
})
