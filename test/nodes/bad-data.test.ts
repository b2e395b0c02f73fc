/** Bad data at sequence-source: an error that says where, and good readings go on as if nothing had happened. */
import should from 'should'
import { sink, withFlow } from '../support/flow'

describe('bad data at sequence-source', () => {
  const source = {
    id: 'node',
    type: 'sequence-source',
    task: 'dataset',
    from: 'payload',
    length: '3',
    batch: '2',
    validationSplit: '0',
    wires: [['out'], []],
  }
  const good = [1, 2, 3, 4, 5, 6]
  const faults: { what: string; payload: unknown; says: RegExp; settings?: object }[] = [
    {
      what: 'an unknown column',
      payload: 'a,b\n1,2\n3,4\n',
      settings: { columns: 'c' },
      says: /expected one of the columns a, b, got "c"/,
    },
    {
      what: 'a text among the numbers',
      payload: 'a\n1\n2\nwarm\n4\n',
      says: /expected a finite number in column a, row 4, got the text "warm"/,
    },
    {
      what: 'a gap',
      payload: 'a,b\n1,2\n3,\n',
      says: /expected a finite number in column b, row 3, got an empty text/,
    },
    { what: 'null', payload: [1, null, 3], says: /row 2, got null/ },
    { what: 'NaN', payload: [1, 2, Number.NaN], says: /row 3, got NaN/ },
    { what: 'an empty array', payload: [], says: /expected at least one reading, got none/ },
    { what: 'too few readings', payload: [1, 2], says: /expected at least 4 readings to learn from/ },
    { what: 'rows of different length', payload: [[1, 2], [3]], says: /expected 2 numbers in row 2/ },
    {
      what: 'broken CSV',
      payload: 'a,b\n1,2,3\n',
      says: /expected CSV with the same number of fields in every line/,
    },
    { what: 'no readings at all', payload: 42, says: /expected readings first/ },
  ]
  for (const { what, payload, says, settings } of faults) {
    it(`${what} is an error, and good readings go on`, () =>
      withFlow([{ ...source, ...settings }, sink('out')], async (flow) => {
        flow.send('node', { payload })
        should((await flow.next('errors')).error?.message).match(says)
        if (settings) return
        flow.send('node', { payload: good })
        should((await flow.next('out')).payload).have.length(2)
      }))
  }

  it('keeps the data set it has when the next one is bad', () =>
    withFlow([source, sink('out')], async (flow) => {
      flow.send('node', { payload: good })
      await flow.next('out')
      flow.send('node', { payload: [1, 'x'] })
      await flow.next('errors')
      flow.send('node', {})
      should((await flow.next('out')).sequence?.step).equal(2)
    }))
})
