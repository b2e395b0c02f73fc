/** optimizer's dialog: it knows the rules and schedules of the library, and has words for every field. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { createContext, runInContext } from 'node:vm'
import should from 'should'
import {
  defaultLearningRate,
  epsilonPlacements,
  learningRateAt,
  type OptimizerOptions,
  type OptimizerRule,
  optimizerRules,
  ruleOptions,
  type ScheduleName,
  type ScheduleOptions,
  scheduleNames,
  scheduleOptions,
  weightDecayModes,
} from '../../src'
import { deltasByLibrary } from '../support/optimizer-flow'

const read = (path: string) => readFileSync(resolve(__dirname, '../..', path), 'utf8')
const html = read('nodes/optimizer.html')
const help = read('nodes/locales/en-US/optimizer.html')
  .replace(/\s+/g, ' ')
  .replace(/<\/?i>/g, '')
const texts = JSON.parse(read('nodes/locales/en-US/optimizer.json')).optimizer as Record<
  string,
  Record<string, string>
>

/** As the editor says it. */
const say = (key: string, words: Record<string, string> = {}): string => {
  const [, group, name] = key.replace(/^.*:/, '').split('.')
  const text = texts[group]?.[name]
  if (text === undefined) throw new Error(`no text for ${key}`)
  return text.replace(/__(\w+)__/g, (_, word) => words[word])
}

type Fields = Record<string, string | boolean | null>
interface Definition {
  defaults: Record<
    string,
    { value: unknown; validate?: (this: object, value: unknown, opt: object) => true | string }
  >
  label(this: object): string
}

/** The dialog's scripts, run with what they need of the editor. */
function dialog() {
  let definition = {} as Definition
  const RED = {
    _: say,
    nodes: {
      registerType: (_type: string, given: Definition) => {
        definition = given
      },
    },
  }
  const $ = () => ({ val: () => undefined, is: () => false })
  const context = createContext({ RED, $ })
  const inline = html.match(/(?<=<script type="text\/javascript">).*?(?=<\/script>)/gs) ?? []
  for (const script of [read('resources/dialog.js'), read('resources/optimizer-dialog.js'), ...inline])
    runInContext(script, context)
  const { rules, schedules } = context.rnnOptimizerDialog as Record<string, Record<string, Fields>>
  return { rules, schedules, definition }
}
const { rules, schedules, definition } = dialog()
const { defaults } = definition
const names = Object.keys(defaults)

/** The library's name of a schedule's field. */
const scheduleOption = (field: string): string =>
  ({ scheduleMinimum: 'minLearningRate', warmupSteps: field, warmupStartFactor: field })[field] ??
  field.replace(/^schedule(.)/, (_, first) => first.toLowerCase())

const usualNumbers = (fields: Fields): [string, number][] =>
  Object.entries(fields)
    .filter(([, usual]) => typeof usual === 'string' && usual !== '' && Number.isFinite(Number(usual)))
    .map(([field, usual]) => [field, Number(usual)])

const optionsIn = (field: string): string[] => {
  const [, select] = html.match(new RegExp(`<select id="node-input-${field}">(.*?)</select>`, 's')) ?? []
  return [...(select ?? '').matchAll(/<option value="([^"]*)"/g)].map(([, value]) => value)
}

const validate = (node: object, field: string, value: unknown) =>
  defaults[field].validate?.call({ ...blank, ...node }, value, {})
const blank = Object.fromEntries(Object.entries(defaults).map(([field, { value }]) => [field, value]))

describe("optimizer's dialog", () => {
  it('offers the rules, schedules and words of the library, and first what an old flow means', () => {
    for (const [field, words, first] of [
      ['rule', optimizerRules, 'adam'],
      ['schedule', scheduleNames, 'constant'],
      ['epsilonPlacement', epsilonPlacements, 'torch'],
      ['weightDecayMode', ['', ...weightDecayModes], ''],
    ] as const) {
      should(optionsIn(field).sort()).eql([...words].sort())
      should(optionsIn(field)[0]).equal(first)
      should(defaults[field].value).equal(first)
    }
  })

  for (const rule of optimizerRules) {
    it(`shows the fields that the rule ${rule} has, and what the library takes for blank ones`, () => {
      const always = ['rule', 'schedule', 'weightDecay', 'weightDecayMode', 'accumulate']
      const shown = Object.keys(rules[rule]).filter((field) => field !== 'weightDecay')
      should(shown.sort()).eql(ruleOptions[rule].filter((option) => !always.includes(option)).sort())
      const { learningRate, ...numbers } = Object.fromEntries(usualNumbers(rules[rule]))
      should(learningRate).equal(defaultLearningRate(rule))
      for (const [option, usual] of Object.entries(numbers)) {
        const ground = option === 'dampening' ? { momentum: 0.5 } : {}
        const deltas = (options: OptimizerOptions) => deltasByLibrary({ rule, ...ground, ...options }, 12)
        should(deltas({ [option]: usual })).eql(deltas({}), option)
        should(deltas({ [option]: usual === 0 ? 0.5 : usual / 2 })).not.eql(deltas({}), option)
      }
    })
  }

  for (const schedule of scheduleNames) {
    it(`shows the fields that the schedule ${schedule} has, and what the library takes for blank ones`, () => {
      const wanted =
        schedule === 'constant' ? [] : scheduleOptions[schedule].filter((name) => name !== 'name')
      should(Object.keys(schedules[schedule]).map(scheduleOption).sort()).eql([...wanted].sort())
      if (schedule === 'reduce-on-plateau') return
      const needed: Partial<Record<ScheduleName, Omit<ScheduleOptions, 'name'>>> = {
        step: { stepSize: 3 },
        'multi-step': { milestones: [2] },
        exponential: { gamma: 0.5 },
        'warm-up': { warmupSteps: 3 },
        'inverse-square-root': { warmupSteps: 3 },
      }
      const rates = (options: Partial<ScheduleOptions>) =>
        [1, 3, 6, 9, 10].map((step) =>
          learningRateAt(
            {
              name: schedule,
              ...(schedule in needed ? needed[schedule] : schedule !== 'constant' && { totalSteps: 10 }),
              ...options,
            },
            1,
            step,
          ),
        )
      for (const [field, usual] of usualNumbers(schedules[schedule])) {
        const given = rates({ [scheduleOption(field)]: usual })
        given.forEach((rate, index) => {
          should(rate).be.approximately(rates({})[index], 1e-4, field)
        })
      }
    })
  }

  it('knows what reduce-on-plateau takes for blank fields', () => {
    should(Object.fromEntries(usualNumbers(schedules['reduce-on-plateau']))).containEql({
      scheduleFactor: 0.1,
      schedulePatience: 10,
      scheduleThreshold: 1e-4,
      scheduleCooldown: 0,
      scheduleMinimum: 0,
    })
  })

  it('finds nothing wrong with a new node, nor with one of version 0.1.0', () => {
    for (const [field, { value, validate: check }] of Object.entries(defaults)) {
      should(check?.call(blank, value, {}) ?? true).be.true(field)
      should(check?.call({ rule: 'adam' }, undefined, {}) ?? true).be.true(field)
      should(check?.length ?? 2).equal(2)
    }
  })

  it('says in a sentence what is wrong with a number, unless its field is hidden', () => {
    const everywhere = ['learningRate', 'weightDecay', 'accumulate']
    const words = [
      'name',
      'rule',
      'schedule',
      'epsilonPlacement',
      'weightDecayMode',
      'learningRateType',
      'store',
    ]
    const flags = ['nesterov', 'centered', 'amsgrad']
    const checked = names.filter((field) => ![...words, ...flags].includes(field))
    for (const field of checked) {
      const having = (table: Record<string, Fields>) =>
        Object.keys(table).filter((name) => everywhere.includes(field) || field in table[name])
      const rule = having(rules)[0] ?? 'adam'
      const schedule = having(schedules)[0] ?? 'constant'
      const label = texts.label[field]
      for (const bad of ['-1', 'many', '1e999'])
        should(String(validate({ rule, schedule }, field, bad)))
          .startWith(`${label}: `)
          .and.match(/\w+ .*\w+/)
      if (everywhere.includes(field)) continue
      const without = (table: Record<string, Fields>) =>
        Object.keys(table).find((name) => !(field in table[name])) as string
      should(validate({ rule: without(rules), schedule: without(schedules) }, field, 'many')).be.true(field)
    }
  })

  for (const [node, field, value] of [
    [{ schedule: 'step' }, 'scheduleStepSize', ''],
    [{ schedule: 'multi-step' }, 'scheduleMilestones', ''],
    [{ schedule: 'multi-step' }, 'scheduleMilestones', '100, 1.5'],
    [{ schedule: 'exponential' }, 'scheduleGamma', ''],
    [{ schedule: 'warm-up' }, 'warmupSteps', '0'],
    [{ schedule: 'reduce-on-plateau' }, 'scheduleFactor', '1'],
    [{ rule: 'sgd', nesterov: true }, 'momentum', ''],
    [{ rule: 'sgd', nesterov: true, momentum: '0.9' }, 'dampening', '0.1'],
    [{ rule: 'adam' }, 'beta1', '1'],
    [{ rule: 'sgd' }, 'accumulate', '1.5'],
  ] as const)
    it(`is not content with ${field} "${value}" in ${JSON.stringify(node)}`, () => {
      should(validate(node, field, value)).be.a.String()
    })

  for (const [node, field, value] of [
    [{ schedule: 'multi-step' }, 'scheduleMilestones', '100, 200'],
    [{ schedule: 'cosine' }, 'scheduleTotalSteps', ''],
    [{ schedule: 'step' }, 'warmupSteps', '0'],
    [{ rule: 'sgd', nesterov: true }, 'momentum', '0.9'],
    [{ rule: 'sgd', nesterov: true, momentum: '0.9' }, 'dampening', ''],
    [{ learningRateType: 'msg' }, 'learningRate', 'eta'],
  ] as const)
    it(`is content with ${field} "${value}" in ${JSON.stringify(node)}`, () => {
      should(validate(node, field, value)).be.true()
    })

  it('has for every field a row, a label and a word in the help', () => {
    for (const field of names.filter((name) => name !== 'name')) {
      should(html).match(new RegExp(`id="node-input-${field}"`))
      if (field.endsWith('Type')) continue
      should(html).match(new RegExp(`data-i18n="optimizer.label.${field}"`))
      should(help).containEql(texts.label[field])
    }
  })

  it('has a text for all that it shows, and shows every text it has', () => {
    const used = [...html.matchAll(/data-i18n="(?:\[placeholder\])?(optimizer\.[\w.-]+)"/g)].map(
      ([, key]) => key,
    )
    for (const key of used) should(say(key)).be.a.String()
    for (const group of ['label', 'option'])
      for (const name of Object.keys(texts[group])) should(used).containEql(`optimizer.${group}.${name}`)
  })

  it('labels a node by its rule and rate', () => {
    const label = (node: object) => definition.label.call({ ...blank, ...node })
    should(label({})).equal('adam 0.001')
    should(label({ rule: 'sgd' as OptimizerRule, learningRate: '0.5' })).equal('sgd 0.5')
    should(label({ rule: 'lion', learningRate: 'eta', learningRateType: 'msg' })).equal('lion')
    should(label({ name: 'mine' })).equal('mine')
  })
})
