/** Configurations of earlier versions: what they mean now, and that every dialog knows its own form. */
import fc from 'fast-check'
import should from 'should'
import { readDetectorOptions } from '../../nodes/bptt-gradient/detector-options'
import { currentVersion, migrate } from '../../nodes/common/migrations/migrate'
import { detectExplosion, detector } from '../../src'
import { dialogOf } from '../support/dialog'
import { sink, withFlow } from '../support/flow'
import { savedBy } from '../support/saved-flows'

const types = ['sequence-source', 'rnn-cell', 'unroll', 'bptt-gradient', 'clip-gradient', 'optimizer']
const savedNode = (version: string, type: string) =>
  savedBy(version).flow.find((node) => node.type === type) as Record<string, unknown>

describe('a configuration', () => {
  for (const type of types)
    it(`of ${type} is in the present form when it is new, and stays as it is`, () => {
      const { usual } = dialogOf(type)
      should(usual.configVersion).equal(currentVersion(type))
      should(migrate(type, usual)).eql(usual)
    })

  for (const version of ['0.1.0', '0.2.0'])
    for (const type of types)
      it(`of ${type} by ${version} keeps every field that it had, and is migrated once`, () => {
        const before = savedNode(version, type)
        const after = migrate(type, before)
        should(after).match({ ...before, configVersion: currentVersion(type) })
        should(migrate(type, after)).eql(after)
      })

  it('of bptt-gradient by 0.2.0 watches what it watched', () => {
    const before = savedNode('0.2.0', 'bptt-gradient')
    should(readDetectorOptions(migrate('bptt-gradient', before))).eql(readDetectorOptions(before))
  })

  it('of bptt-gradient by 0.1.0 goes on judging each gradient by itself, by four signals', () => {
    const options = readDetectorOptions(migrate('bptt-gradient', savedNode('0.1.0', 'bptt-gradient')))
    const gradient = fc
      .record({
        norm: fc.double({ min: 0, max: 1e3, noNaN: true }),
        logs: fc.array(fc.double({ min: -9, max: 3, noNaN: true })),
      })
      .map(({ norm, logs }) => ({ norm, carry: logs, growth: [0, ...logs], terms: {} }))
    const four = { enable: { spike: false, slope: false, ratio: false }, normThreshold: 50 }
    fc.assert(
      fc.property(fc.array(gradient, { minLength: 2, maxLength: 40 }), (gradients) => {
        const watch = detector(options)
        const states = gradients.map((one) => watch.observe(one as never).state)
        should(states).eql(gradients.map((one) => detectExplosion(one as never, four).state))
      }),
    )
  })

  for (const configVersion of [99, 0, 1.5, 'two', null])
    it(`that says its form is ${JSON.stringify(configVersion)} is refused in words, and every message to it`, async () => {
      const optimizer = { id: 'optimizer', type: 'optimizer', configVersion, wires: [['out']] }
      await withFlow([optimizer, sink('out')], async ({ send, next }) => {
        send('optimizer', { payload: 1 })
        const { error } = await next('errors')
        should(error?.message).match(
          /expected a node saved by this version or an earlier one \(configVersion 1 at most\), got/,
        )
      })
    })
})
