/** What a message says of its sequences, its cell and its update: what cannot be is refused, and leaves nothing behind. */
import should from 'should'
import type { RnnMessage } from '../../nodes/common/message'
import { sameScale } from '../../nodes/common/scale-message'
import { stages } from '../support/strange/chains'
import { passed } from '../support/strange/passed'
import { startsChain } from '../support/strange/started'

describe('what a message says', () => {
  const { start, first, last } = startsChain()
  const scale = { input: { mean: [1, 2], std: [3, 4] }, target: { mean: [5], std: [6] } }
  const training = (fields: object): RnnMessage => {
    const msg = first('cell')
    return { ...msg, sequence: { ...msg.sequence, ...fields } }
  }

  for (const [what, sequence] of [
    ['an array', [3]],
    ['the text "abc"', 'abc'],
    ['5', 5],
    ['an array', Object.assign([1], { stream: {}, phase: 'train' })],
  ] as const)
    it(`of its sequences by ${what} is refused by all`, () => {
      for (const stage of stages)
        should(passed(start(stage), { ...last(stage), sequence }).error).match(
          /^expected msg.sequence to be an object, got /,
        )
    })

  it('of its cell by a function is looked at too', () => {
    const cell = Object.assign(() => {}, { id: 3 })
    should(passed(start('bptt'), { ...last('bptt'), cell }).error).equal(
      'expected msg.cell.id to be a text, got 3',
    )
  })

  for (const update of [true, [], 'x', {}, { parameters: 3 }])
    it(`of an update by ${JSON.stringify(update)} is refused, and learning goes on`, () => {
      const node = start('cell')
      const { sent } = passed(node, first('cell'))
      const back = { cell: sent?.cell, sequence: sent?.sequence }
      should(passed(node, { ...back, update }).error).match(/^expected an update { parameters, … }/)
      const asked = passed(node, { ...back, update: { parameters: {} } })
      should(asked.error).equal(undefined)
      should(asked.sent?.cell).have.property('id', 'rnn-cell')
    })

  it('of the scale is kept by its numbers alone, so that it can be written', async () => {
    const node = start('cell')
    const given: Record<string, unknown> = { ...scale, note: 7n }
    given.own = given
    const { sent, error } = passed(node, training({ scale: given }))
    should(error).equal(undefined)
    should(sent?.cell).have.property('scale').which.eql(scale)
    const kept = await node.close()
    should(Object.keys(kept)).eql(['rnn-cell:rnn-cell'])
    should(node.errors).eql([])
  })

  it('of the scale by what is the same in many places is looked at once', () => {
    let thread: unknown = [1]
    for (let depth = 0; depth < 14; depth++) thread = Array(8).fill(thread)
    const node = start('cell')
    for (const note of [thread, structuredClone(thread)])
      should(passed(node, training({ scale: { ...scale, note } })).error).equal(undefined)
    const msg = last('clip')
    const gradient = { ...msg.gradient, credit: thread, regularization: thread }
    should(passed(start('clip'), { ...msg, gradient }).error).equal(undefined)
  })

  for (const [what, other] of [
    ['1 features', { ...scale, input: { mean: [1], std: [1] } }],
    ['2 outputs', { ...scale, target: { mean: [1, 2], std: [1, 2] } }],
  ] as const)
    it(`of a scale of ${what} is refused, and the cell keeps its own`, () => {
      const node = start('cell')
      should(passed(node, training({ scale })).error).equal(undefined)
      should(passed(node, training({ scale: other })).error).match(/^expected a scale of/)
      const { payload } = first('cell')
      should(passed(node, { payload }).sent?.cell).have.property('scale').which.eql(scale)
    })

  it('of two scales is the same if all numbers are', () => {
    should(sameScale(scale, structuredClone(scale))).be.true()
    should(sameScale(undefined, undefined)).be.true()
    for (const other of [
      undefined,
      { input: scale.input },
      { ...scale, input: { mean: [1, 2], std: [3, 5] } },
      { ...scale, input: { mean: [1], std: [3] } },
      { ...scale, target: { mean: [0], std: [6] } },
    ]) {
      should(sameScale(scale, other)).be.false()
      should(sameScale(other, scale)).be.false()
    }
  })
})
