/** What sequence-source's dialog knows of the tasks: their fields, what blank ones count as, and how to wire them. */
import should from 'should'
import { applies, usual } from '../../../editor/dialogs/sequence-source/tasks'
import { lossOf, topologyOf } from '../../../editor/dialogs/sequence-source/wiring'
import { type SourceOptions, sequenceSource, taskNames, taskOptions } from '../../../src'
import { dialogOf, type Fields } from '../../support/dialog'
import { numbersOf, small } from '../../support/tasks'

const { texts } = dialogOf('sequence-source')
const getOf = (node: Fields) => (field: string) => node[field]

describe("the tasks in sequence-source's dialog", () => {
  for (const [node, shown, hidden] of [
    [{ task: 'dataset' }, ['from', 'file', 'length', 'stride', 'groupColumn'], ['text', 'tau', 'epochSize']],
    [{ task: 'dataset', from: 'payload' }, ['from'], ['file', 'text']],
    [{ task: 'dataset', groupColumn: 'walk' }, ['horizon', 'groupColumn'], ['length', 'stride']],
    [{ task: 'text' }, ['from', 'text', 'encoding'], ['file', 'horizon', 'groupColumn']],
    [{ task: 'text', from: 'file' }, ['file'], ['text']],
    [{ task: 'text', from: 'payload' }, ['from'], ['file', 'text']],
    [{ task: 'sine', groupColumn: 'walk' }, ['length', 'noise'], ['from', 'file', 'groupColumn']],
    [{}, ['from', 'file', 'batch', 'seed', 'validationSplit', 'budget'], ['text']],
  ] as [Fields, string[], string[]][]) {
    it(`have the fields of ${JSON.stringify(node)}`, () => {
      const isShown = (field: string) => applies(getOf(node), field)
      should(shown.filter((field) => !isShown(field))).eql([])
      should(hidden.filter(isShown)).eql([])
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
        should(facts({ [option]: usual(getOf({ task }), option) })).eql(facts({}), option)
      }
    })
  }

  it('know that the target column of groups lies beside the inputs', () => {
    const groups = { task: 'dataset', groupColumn: 'walk', targetColumns: 'b' }
    should(usual(getOf(groups), 'horizon')).equal(0)
    should(usual(getOf({ ...groups, targetColumns: '' }), 'horizon')).equal(1)
    const first = (horizon?: number) =>
      sequenceSource({ ...small('dataset'), groupColumn: 'walk', targetColumns: ['b'], horizon }).next().value
    should(first(0)).eql(first())
  })

  it('say how to wire each of them', () => {
    const wired = (node: Fields) => [topologyOf(getOf(node)), lossOf(getOf(node))]
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
})
