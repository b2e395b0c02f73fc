/** The dialog of sequence-source: words for all of it, the tasks of the library, and a sentence for what does not fit. */
import should from 'should'
import { type SourceOptions, sequenceSource, taskNames } from '../../src'
import { dialogOf, type Fields } from '../support/dialog'
import { describeDialog } from '../support/dialog-rules'
import { numbersOf, small } from '../support/tasks'

const { definition, help, html, texts } = dialogOf('sequence-source')
/** What a node has that was written by hand, and so has nothing else. */
const valid = (node: Fields, field: string) =>
  definition.defaults[field].validate?.call(node, node[field], {})

describe('the dialog of sequence-source', () => {
  describeDialog('sequence-source', ['file'])

  it('has the tasks of the library and the stream, in groups', () => {
    const select = html.match(/<select id="node-input-task">([\s\S]*?)<\/select>/)?.[1] as string
    const groups = [...select.matchAll(/<optgroup data-i18n="\[label\]sequence-source\.group\.(\w+)">/g)]
    should(groups.map(([, group]) => group)).eql(Object.keys(texts.group))
    const options = [
      ...select.matchAll(/<option value="([\w-]+)" data-i18n="sequence-source\.option\.(.*?)">/g),
    ]
    should(options.map(([, task]) => task).sort()).eql([...taskNames, 'stream'].sort())
    for (const [, task, key] of options) should(key).equal(task)
  })

  for (const task of taskNames) {
    it(`${task}: takes the numbers that the library takes, and says which`, () => {
      const values = [-1, 0, 0.5, 1, 1.5, 2, 3, 4, 5, 7, 8, 9, 10, 11, 100, 101, 1000, 1001, 10_001, 65_537]
      for (const option of numbersOf(task))
        for (const value of [...values, 10_000_001]) {
          const options = { epochSize: 1, length: 10, ...small(task), validationSplit: 0, [option]: value }
          const node = Object.fromEntries(Object.entries(options).map(([name, given]) => [name, `${given}`]))
          let refused = false
          try {
            sequenceSource(options as SourceOptions)
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

  it('calls the length of a task by its name there', () => {
    should(valid({ task: 'copy-memory', length: '0' }, 'length')).startWith('Delay: ')
    should(valid({ task: 'embedded-reber', length: '0' }, 'length')).startWith('Length, at most: ')
    should(valid({ task: 'sine', length: '0' }, 'length')).startWith('Length: ')
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

  it('has a place of its own in the help for every task', () => {
    const terms = [...help.matchAll(/<dt>([^<]*)<\/dt>/g)].map(([, term]) => term)
    for (const task of [...taskNames, 'stream']) should(terms).containEql(texts.option[task].split(':')[0])
  })
})
