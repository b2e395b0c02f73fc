/** The dialog of sequence-source, its scripts run without a browser: it knows of each task what the library knows. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createContext, runInContext } from 'node:vm'
import should from 'should'
import type { SourceOptions, TaskName } from '../../src'
import { sequenceSource, taskNames, taskOptions } from '../../src'

const read = (file: string) => readFileSync(join(__dirname, '../..', file), 'utf8')
const texts = JSON.parse(read('nodes/locales/en-US/sequence-source.json'))['sequence-source']
const html = read('nodes/sequence-source.html')
const help = read('nodes/locales/en-US/sequence-source.html')

type Get = (field: string) => unknown
interface Dialog {
  taskOptions: object
  applies(get: Get, field: string): boolean
  usual(get: Get, field: string): number
  topologyOf(get: Get): string
  lossOf(get: Get): string
}
interface Definition {
  defaults: Record<string, { value: unknown; validate?: (value: unknown, opt: object) => true | string }>
  label(this: object): string
}

/** What the scripts leave behind, in an editor that has only what they ask of it and no dialog open. */
function dialogScripts(): { dialog: Dialog; definition: Definition } {
  const seen: { definition?: Definition } = {}
  const translate = (key: string, words: Record<string, unknown> = {}) =>
    key
      .split('sequence-source:sequence-source.')[1]
      .split('.')
      .reduce((found, name) => found[name], texts)
      .replace(/__(\w+)__/g, (_: string, word: string) => String(words[word]))
  const context = createContext({
    $: () => ({ is: () => false, val: () => undefined }),
    RED: {
      _: translate,
      nodes: {
        registerType: (_: string, definition: Definition) => {
          seen.definition = definition
        },
      },
    },
  })
  const inline = html.match(/<script type="text\/javascript">([\s\S]*)<\/script>/)?.[1] as string
  for (const script of [read('resources/dialog.js'), read('resources/sequence-source-dialog.js'), inline])
    runInContext(script, context)
  return { dialog: context.rnnSourceDialog, definition: seen.definition as Definition }
}

const { dialog, definition } = dialogScripts()
const valid = (node: Record<string, unknown>, field: string) =>
  definition.defaults[field].validate?.call(node, node[field], {})
const getOf =
  (node: Record<string, unknown>): Get =>
  (field) =>
    node[field]

const csv = `walk,a,b\n${Array.from({ length: 40 }, (_, row) => `${Math.floor(row / 8)},${row % 7},${row % 2}`).join('\n')}\n`
const letters = 'the quick brown fox jumps over the lazy dog. '.repeat(3)
/** Data for the tasks that need some, and epochs so short that all is quick. */
const small = (task: TaskName): SourceOptions => ({
  task,
  ...(task === 'dataset' && { data: csv }),
  ...(task === 'text' && { text: letters }),
})
const numbers = [
  'length',
  'horizon',
  'stride',
  'symbols',
  'remember',
  'delay',
  'components',
  'tau',
  'noise',
  'epochSize',
] as const
type NumberName = (typeof numbers)[number] | 'batch' | 'validationSplit' | 'seed'
const numbersOf = (task: TaskName): NumberName[] => [
  ...numbers.filter((option) => taskOptions[task].includes(option)),
  'batch',
  'validationSplit',
  'seed',
]

describe('the dialog of sequence-source', () => {
  it('has the tasks of the library, in groups', () => {
    const select = html.match(/<select id="node-input-task">([\s\S]*?)<\/select>/)?.[1] as string
    const groups = [...select.matchAll(/<optgroup data-i18n="\[label\]sequence-source\.group\.(\w+)">/g)]
    should(groups.map(([, group]) => group)).eql(Object.keys(texts.group))
    const options = [
      ...select.matchAll(/<option value="([\w-]+)" data-i18n="sequence-source\.option\.(.*?)">/g),
    ]
    should(options.map(([, task]) => task).sort()).eql([...taskNames].sort())
    for (const [, task, key] of options) should(key).equal(task)
  })

  it('gives each task the fields of the options that it uses', () =>
    should(JSON.parse(JSON.stringify(dialog.taskOptions))).eql(taskOptions))

  for (const [node, shown, hidden] of [
    [{ task: 'dataset' }, ['from', 'file', 'length', 'stride', 'groupColumn'], ['text', 'tau', 'epochSize']],
    [{ task: 'dataset', from: 'payload' }, ['from'], ['file', 'text']],
    [{ task: 'dataset', groupColumn: 'walk' }, ['horizon', 'groupColumn'], ['length', 'stride']],
    [{ task: 'text' }, ['from', 'text', 'encoding'], ['file', 'horizon', 'groupColumn']],
    [{ task: 'text', from: 'file' }, ['file'], ['text']],
    [{ task: 'text', from: 'payload' }, ['from'], ['file', 'text']],
    [{ task: 'sine', groupColumn: 'walk' }, ['length', 'noise'], ['from', 'file', 'groupColumn']],
    [{}, ['from', 'file', 'batch', 'seed', 'validationSplit', 'budget'], ['text']],
  ] as [Record<string, unknown>, string[], string[]][]) {
    it(`shows the fields of ${JSON.stringify(node)}`, () => {
      const applies = (field: string) => dialog.applies(getOf(node), field)
      should(shown.filter((field) => !applies(field))).eql([])
      should(hidden.filter(applies)).eql([])
    })
  }

  for (const task of taskNames) {
    it(`${task}: shows in grey what the library takes for a blank number`, () => {
      for (const option of numbersOf(task)) {
        const facts = (given: object) => {
          const source = sequenceSource({ ...small(task), ...given })
          const { train: _, validation: __, ...of } = source.task as never as Record<string, unknown>
          return { of, first: source.next().value }
        }
        should(facts({ [option]: dialog.usual(getOf({ task }), option) })).eql(facts({}), option)
      }
    })

    it(`${task}: takes the numbers that the library takes, and says which`, () => {
      const values = [-1, 0, 0.5, 1, 1.5, 2, 3, 4, 5, 7, 8, 9, 10, 11, 100, 101, 1000, 1001, 10_001, 65_537]
      for (const option of numbersOf(task))
        for (const value of [...values, 10_000_001]) {
          const options = { epochSize: 1, length: 10, ...small(task), validationSplit: 0, [option]: value }
          const node = Object.fromEntries(Object.entries(options).map(([name, given]) => [name, `${given}`]))
          let refused = false
          try {
            sequenceSource(options)
          } catch (error) {
            refused = String(error).includes(`expected ${option} to be`)
          }
          const answer = valid(node, option)
          should(answer !== true).equal(refused, `${option} ${value}: ${answer}`)
          if (answer !== true)
            should(answer)
              .match(/^[A-Z].*number/)
              .and.not.match(/undefined|__/)
        }
    })
  }

  it('knows that the target column of groups lies beside the inputs', () => {
    const groups = { task: 'dataset', groupColumn: 'walk', targetColumns: 'b' }
    should(dialog.usual(getOf(groups), 'horizon')).equal(0)
    should(dialog.usual(getOf({ ...groups, targetColumns: '' }), 'horizon')).equal(1)
    const first = (horizon?: number) =>
      sequenceSource({ ...small('dataset'), groupColumn: 'walk', targetColumns: ['b'], horizon }).next().value
    should(first(0)).eql(first())
  })

  it('does not mind what a hidden field holds', () => {
    const wrong = { length: '-', noise: '-', symbols: '0', tau: 'x', file: '', text: '', horizon: '-1' }
    should(valid({ ...wrong, task: 'adding', length: '' }, 'noise')).be.true()
    for (const field of Object.keys(wrong)) {
      const node = { ...wrong, task: 'dataset', from: 'payload', groupColumn: 'walk' }
      if (field !== 'horizon') should(valid(node, field)).be.true(field)
    }
  })

  it('asks for a file, a text and one column of classes where they are needed', () => {
    should(valid({ task: 'dataset', file: ' ' }, 'file')).equal(texts.error.file)
    should(valid({ task: 'text', text: '' }, 'text')).equal(texts.error.text)
    should(valid({ task: 'text', text: ' ' }, 'text')).be.true()
    const classes = { task: 'dataset', targetKind: 'class', targetColumns: 'a,b' }
    should(valid(classes, 'targetColumns')).equal(texts.error.targetColumns)
    should(valid({ ...classes, targetKind: 'value' }, 'targetColumns')).be.true()
    should(valid({ budget: '0' }, 'budget')).equal(texts.error.budget)
    should(valid({ budget: '' }, 'budget')).be.true()
  })

  it('says how to wire each task', () => {
    const wired = (node: Record<string, unknown>) => [
      dialog.topologyOf(getOf(node)),
      dialog.lossOf(getOf(node)),
    ]
    for (const task of taskNames) {
      const perTask = taskOptions[task].includes('targetsPer') ? ['sequence', 'step'] : [undefined]
      for (const targetsPer of perTask) {
        const source = sequenceSource({ ...small(task), targetsPer } as SourceOptions)
        const once = source.task.targetsPer === 'sequence'
        const [topology, loss] = wired({ task, targetsPer })
        should(texts.hint).have.properties([topology, loss, 'sentence'])
        should(topology.endsWith('-one')).equal(once, task)
        should(topology.startsWith('one-')).equal(task === 'waveform', task)
        should(topology === 'encoder-decoder').equal(task === 'reverse', task)
        should(loss === 'cross-entropy').equal(source.task.targetKind === 'class', task)
      }
    }
    should(wired({ task: 'dataset', targetKind: 'class' })).eql(['many-to-one', 'cross-entropy'])
    should(wired({ task: 'sine', targetKind: 'class' })).eql(['many-to-one', 'mse'])
    should(wired({ task: 'embedded-reber' })).eql(['many-to-many', 'binary-cross-entropy'])
    should(wired({ task: 'reverse' })).eql(['encoder-decoder', 'cross-entropy'])
  })

  for (const [node, label] of [
    [{ task: 'sine', length: '7' }, 'sine (T=7)'],
    [{ task: 'reverse' }, 'reverse (T=8)'],
    [{ task: 'copy-memory', length: '4', remember: '3' }, 'copy-memory (T=10)'],
    [{ task: 'embedded-reber' }, 'embedded-reber (T≤50)'],
    [{ task: 'dataset', groupColumn: 'walk', length: '7' }, 'dataset'],
    [{ task: 'dataset', length: '$' + '{STEPS}' }, 'dataset'],
    [{}, 'dataset (T=20)'],
    [{ name: 'porch', task: 'sine' }, 'porch'],
  ] as const) {
    it(`calls a node ${label}`, () => should(definition.label.call(node)).equal(label))
  }

  it('has a field and a label for all that it saves', () => {
    const others = ['name', 'fileType', 'budgetUnit']
    for (const field of Object.keys(definition.defaults)) {
      should(html).containEql(`id="node-input-${field}"`)
      if (!others.includes(field)) should(texts.label).have.property(field)
    }
  })

  it('has words for every key it uses, and no others', () => {
    const script = read('resources/sequence-source-dialog.js')
    const keys = [...html.matchAll(/sequence-source\.((?:label|group|option|placeholder|port)\.[\w-]+)/g)]
    const used = new Set(keys.map(([, key]) => key))
    for (const [, key] of `${html}${script}`.matchAll(/say\('([\w.]+)'/g)) used.add(key)
    const written = Object.entries(texts as Record<string, object>)
      .filter(([kind]) => ['group', 'option', 'placeholder', 'port'].includes(kind))
      .flatMap(([kind, words]) => Object.keys(words).map((word) => `${kind}.${word}`))
    for (const key of used) should(key.split('.').reduce((found, name) => found?.[name], texts)).be.a.String()
    should(written.filter((key) => !used.has(key))).eql([])
  })

  it('has help for every task and every option', () => {
    const terms = [...help.matchAll(/<dt>([^<]*)<\/dt>/g)].flatMap(([, term]) => term.split(', '))
    for (const task of taskNames) should(terms).containEql(texts.option[task].split(':')[0])
    const explained = [
      'task',
      'from',
      'file',
      'text',
      'columns',
      'targetColumns',
      'more',
      'delayLength',
      'longest',
    ]
    for (const [field, label] of Object.entries(texts.label))
      if (!explained.includes(field) && field !== 'shuffle') should(terms).containEql(label)
  })
})
