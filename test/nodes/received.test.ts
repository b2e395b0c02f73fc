/** Messages that cannot be written into, or not be read: a copy is worked on, or nothing has changed. */
import { runInNewContext } from 'node:vm'
import should from 'should'
import { typeOf } from '../support/strange/chains'
import { passed, throwing } from '../support/strange/passed'
import { startsChain } from '../support/strange/started'

describe('a message as it is received', () => {
  const { start, good, first, last } = startsChain()

  for (const stage of ['source', 'cell', 'unroll', 'bptt', 'clip', 'optimizer'] as const) {
    for (const close of [Object.freeze, Object.seal])
      it(`${typeOf[stage]}: one that is closed by ${close.name} is worked on as a copy`, () => {
        const closed = close(stage === 'source' ? first('source') : last(stage))
        const before = JSON.stringify(closed)
        const { sent, error } = passed(start(stage), closed)
        should(error).equal(undefined)
        should(sent).be.an.Object()
        should(JSON.stringify(closed)).equal(before)
      })

    it(`${typeOf[stage]}: a property that cannot be read is an error, and changes nothing`, () => {
      const [node, other] = [start(stage), start(stage)]
      for (const name of ['payload', 'cell', 'update', 'unrolled', 'gradient']) {
        const msg = Object.defineProperty(last(stage), name, throwing(name))
        should(passed(node, msg).error).equal('cannot be read')
      }
      should(passed(node, last(stage)).sent).eql(passed(other, last(stage)).sent)
    })

    it(`${typeOf[stage]}: what is no object is no message`, () => {
      for (const [msg, got] of [
        ['text', 'the text "text"'],
        [null, 'null'],
        [[1], 'an array of 1'],
      ])
        should(passed(start(stage), msg).error).equal(`expected a message, which is an object, got ${got}`)
    })
  }

  it('a property that is computed is asked once', () => {
    let asked = 0
    const msg = Object.defineProperty(last('cell'), 'topic', {
      enumerable: true,
      get() {
        asked += 1
        return asked
      },
    })
    const { sent } = passed(start('cell'), msg)
    should([sent?.topic, sent?.topic]).eql([1, 1])
  })

  it('what a property throws may be anything', () => {
    const msg = Object.defineProperty({}, 'payload', throwing('payload', Object.create(null)))
    should(passed(start('source'), msg).error).equal('something that is no error: an object')
    // of another realm, as a function node has its own
    const other = runInNewContext('new Error("from elsewhere")')
    should(
      passed(start('source'), Object.defineProperty({}, 'payload', throwing('payload', other))).error,
    ).equal('from elsewhere')
  })

  it('an update that cannot be read is not added', () => {
    const node = start('cell')
    passed(node, first('cell'))
    const update = { ...good('cell').find((msg) => msg.update)?.update }
    Object.defineProperty(update, 'skipped', throwing('skipped'))
    should(passed(node, { update, cell: { id: 'rnn-cell', version: 1 } }).error).equal('cannot be read')
    should(passed(node, { payload: first('cell').payload }).sent?.cell?.version).equal(1)
  })
})
