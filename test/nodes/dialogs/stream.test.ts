/** What sequence-source's dialog knows of readings as they come: their fields, usual numbers, and what fits. */
import should from 'should'
import { applies, type NumberField, usual } from '../../../editor/dialogs/sequence-source/tasks'
import { lossOf, topologyOf } from '../../../editor/dialogs/sequence-source/wiring'
import { readStreamOptions, type StreamConfig } from '../../../nodes/sequence-source/stream/options'
import {
  gapPolicies,
  orderPolicies,
  resamplings,
  sensorStream,
  streamScalings,
  timeSources,
} from '../../../src'
import { dialogOf, type Fields } from '../../support/dialog'

const { definition, choices, texts, usual: ofNew, validate } = dialogOf('sequence-source')
const getOf = (node: Fields) => (field: string) => node[field]
const stream = { task: 'stream' }

describe("a stream in sequence-source's dialog", () => {
  for (const [node, shown, hidden] of [
    [
      {},
      [
        'time',
        'interval',
        'rate',
        'length',
        'columns',
        'gaps',
        'longestGap',
        'scaleSteps',
        'topics',
        'replay',
      ],
      [],
    ],
    [
      {},
      [],
      ['from', 'file', 'text', 'scaling', 'groupColumn', 'targetKind', 'shuffle', 'epochSize', 'noise'],
    ],
    [{}, ['batch', 'seed'], ['validationSplit', 'budget', 'timeField', 'late', 'duplicates', 'resample']],
    [{ time: 'field' }, ['timeField', 'late', 'duplicates'], []],
    [{ interval: '60' }, ['resample'], []],
    [{ streamScaling: 'fixed' }, ['center', 'spread'], ['scaleSteps']],
    [{ streamScaling: 'none' }, [], ['center', 'spread', 'scaleSteps']],
    [{ gaps: 'error' }, [], ['longestGap']],
    [{ groupColumn: 'walk' }, ['length', 'stride'], ['groupColumn']],
    [
      { task: 'sine' },
      ['budget', 'validationSplit'],
      ['time', 'interval', 'rate', 'gaps', 'topics', 'replay'],
    ],
  ] as [Fields, string[], string[]][]) {
    it(`has the fields of ${JSON.stringify(node)}`, () => {
      const isShown = (field: string) => applies(getOf({ ...stream, ...node }), field)
      should(shown.filter((field) => !isShown(field))).eql([])
      should(hidden.filter(isShown)).eql([])
    })
  }

  it('offers what the library has, the usual first', () => {
    for (const [field, names, first] of [
      ['time', timeSources, 'arrival'],
      ['resample', resamplings, 'last'],
      ['late', orderPolicies, 'drop'],
      ['duplicates', orderPolicies, 'drop'],
      ['gaps', gapPolicies, 'hold'],
      ['streamScaling', streamScalings, 'z-score'],
    ] as const) {
      should(choices(field)).eql([...names])
      should(ofNew[field]).equal(first)
    }
  })

  it('shows in grey what the library takes for a blank number', () => {
    for (const node of [{}, { length: '9999' }, { length: '99999', horizon: '1' }]) {
      const { options, rate } = readStreamOptions({ ...stream, ...node } as never as StreamConfig)
      const { settings } = sensorStream(options)
      const get = getOf({ ...stream, ...node })
      for (const field of [
        'length',
        'horizon',
        'stride',
        'batch',
        'seed',
        'longestGap',
        'topics',
        'replay',
      ] as const)
        if (!(field in node)) should(usual(get, field as NumberField)).equal(settings[field], field)
      should(usual(get, 'rate')).equal(rate)
    }
  })

  const values = ['-1', '0', '0.0005', '0.5', '1', '2', '1.5', '32', '33', '999', '1000', '1001', '10000']
  const large = [
    '10001',
    '47619',
    '47620',
    '100000',
    '100001',
    '1000001',
    '10000001',
    '100000001',
    'x',
    '1, 2',
    '1, 0',
    '1, x',
  ]
  for (const [field, node] of [
    ['length', {}],
    ['horizon', {}],
    ['stride', {}],
    ['longestGap', {}],
    ['interval', {}],
    ['rate', {}],
    ['topics', {}],
    ['replay', {}],
    ['batch', {}],
    ['batch', { replay: '50' }],
    ['seed', {}],
    ['scaleSteps', {}],
    ['center', { streamScaling: 'fixed' }],
    ['spread', { streamScaling: 'fixed' }],
  ] as [string, Fields][]) {
    it(`${field}: takes what the library takes, and says what would fit: ${JSON.stringify(node)}`, () => {
      for (const value of ['', ...values, ...large]) {
        const config = { ...stream, ...node, [field]: value }
        let refused = false
        try {
          sensorStream(readStreamOptions(config as never as StreamConfig).options)
        } catch (error) {
          // what does not go together with this one is said of the other
          refused = new RegExp(`expected ${field}\\b`).test(String(error))
        }
        const answer = validate(field, value, config)
        should(answer !== true).equal(refused, `${field} ${value}: ${answer}`)
        if (answer !== true)
          should(answer)
            .match(/^[A-Z].*number/)
            .and.not.match(/undefined|__/)
      }
    })
  }

  it('does not mind what a hidden field holds', () => {
    const hidden = {
      center: 'x',
      spread: '-',
      tau: 'x',
      file: '',
      text: '',
      budget: '-',
      validationSplit: '7',
    }
    for (const field of Object.keys(hidden))
      should(validate(field, hidden[field as 'tau'], stream)).be.true(field)
    should(validate('rate', 'x', { task: 'sine' })).be.true()
  })

  it('says how to wire it, and is called by its length', () => {
    should([topologyOf(getOf(stream)), lossOf(getOf(stream))]).eql(['many-to-one', 'mse'])
    should(topologyOf(getOf({ ...stream, targetsPer: 'step' }))).equal('many-to-many')
    should(lossOf(getOf({ ...stream, targetKind: 'class' }))).equal('mse')
    should(definition.label.call({ ...stream, length: '7', groupColumn: 'walk' })).equal('stream (T=7)')
    should(texts.hint.stream).match(/where the last of its topic ended/)
  })
})
