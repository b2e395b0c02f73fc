/** sequence-source: what a batch says of its sequences, and where a text comes from. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import should from 'should'
import { type FlowNode, type Message, sink, withFlow } from '../support/flow'

const source = (config: object): FlowNode[] => [
  {
    id: 'source',
    type: 'sequence-source',
    batch: '3',
    validationSplit: '0',
    shuffle: false,
    scaling: 'none',
    ...config,
    wires: [['out'], ['done']],
  },
  sink('out'),
  sink('done'),
]
const ask = async (config: object, ...messages: object[]): Promise<Message[]> => {
  const seen: Message[] = []
  await withFlow(source(config), async (flow) => {
    for (const msg of messages) {
      flow.send('source', msg)
      seen.push(await flow.next('out'))
    }
  })
  return seen
}

/** Three walks of 2, 4 and 3 readings, each of which ends in a room of its own. */
const walks = [
  ['a', 1, 'hall'],
  ['a', 2, 'hall'],
  ['b', 3, 'attic'],
  ['b', 4, 'attic'],
  ['b', 5, 'attic'],
  ['b', 6, 'attic'],
  ['c', 7, 'hall'],
  ['c', 8, 'hall'],
  ['c', 9, 'hall'],
].map(([walk, signal, room]) => ({ walk, signal, room }))
const groups = { task: 'dataset', from: 'payload', groupColumn: 'walk' }
const rooms = { ...groups, targetColumns: 'room', targetKind: 'class' }

describe('sequence-source: sequences of different lengths', () => {
  it('takes off an update that took a wrong turn: rnn-cell would add it', async () => {
    const [batch] = await ask({ task: 'adding', length: '4' }, { update: { parameters: {}, step: 1 } })
    should(batch).not.have.property('update')
  })

  it('come filled up to the longest, with their lengths and the names of the classes', async () => {
    const [{ payload, target, sequence }] = await ask(rooms, { payload: walks })
    should(payload).eql([
      [[1], [2], [0], [0]],
      [[3], [4], [5], [6]],
      [[7], [8], [9], [0]],
    ])
    should(target).eql([1, 0, 1])
    const { run: _, ...facts } = sequence as object & { run: string }
    should(facts).eql({
      task: 'dataset',
      phase: 'train',
      epoch: 1,
      step: 1,
      batch: 3,
      length: 4,
      inputSize: 1,
      outputSize: 2,
      targetKind: 'class',
      lengths: [2, 4, 3],
      classes: ['attic', 'hall'],
    })
  })

  it('are as long as the longest of their own batch', async () => {
    const messages = await ask({ ...rooms, batch: '2' }, { payload: walks }, {})
    should(messages.map(({ sequence }) => [sequence?.length, sequence?.lengths])).eql([
      [4, [2, 4]],
      [3, [3]],
    ])
    should(messages[1].payload).eql([[[7], [8], [9]]])
  })

  it('have as many targets as steps where there is one a step', async () => {
    const config = { ...groups, targetsPer: 'step', columns: 'signal' }
    const [{ target, sequence }] = await ask(config, { payload: walks })
    should(sequence?.lengths).eql([1, 3, 2])
    should(sequence?.targetLengths).eql([1, 3, 2])
    should(target).eql([
      [[2], [0], [0]],
      [[4], [5], [6]],
      [[8], [9], [0]],
    ])
  })

  it('one at a time have no axis of sequences, and a list of one length', async () => {
    const [first, second] = await ask({ ...rooms, batch: '1' }, { payload: walks }, {})
    should(first.payload).eql([[1], [2]])
    should(first.target).equal(1)
    should([first, second].map(({ sequence }) => sequence?.lengths)).eql([[2], [4]])
  })

  it('are the walks of the data that the package ships', async () => {
    const file = 'data/indoor-movement.csv'
    const columns = 'anchor1, anchor2, anchor3, anchor4'
    const shipped = {
      ...rooms,
      from: 'file',
      file,
      columns,
      groupColumn: 'sequence',
      targetColumns: 'room_change',
    }
    const [{ sequence }] = await ask({ ...shipped, batch: '400' }, {})
    const lengths = sequence?.lengths as number[]
    should(sequence).containEql({ batch: 314, length: 129, inputSize: 4, classes: [0, 1] })
    should(Math.min(...lengths)).equal(19)
    should(lengths.reduce((sum, length) => sum + length, 0)).equal(13_197)
  })

  it('say nothing of lengths where all are equal', async () => {
    const [{ sequence }] = await ask({ task: 'adding', length: '5' }, {})
    should(sequence).not.have.any.properties([
      'lengths',
      'targetLengths',
      'targetMask',
      'classes',
      'vocabulary',
    ])
  })

  it('are also those of a grammar', async () => {
    const [{ payload, target, sequence }] = await ask({ task: 'embedded-reber', batch: '8' }, {})
    const lengths = sequence?.lengths as number[]
    should(new Set(lengths).size).be.above(1)
    should(sequence?.length).equal(Math.max(...lengths))
    should(sequence?.targetLengths).eql(lengths)
    const symbols = (steps: number[][]) => steps.filter((step) => step.includes(1)).length
    should((payload as number[][][]).map(symbols)).eql(lengths)
    should((target as number[][][]).map(symbols)).eql(lengths)
  })
})

describe('sequence-source: targets that do not count', () => {
  const mask = [0, 0, 1, 1, 1]

  it('are 0 in the mask', async () => {
    const [{ payload, target, sequence }] = await ask({ task: 'delayed-echo', length: '5', delay: '2' }, {})
    should(sequence?.targetMask).eql([mask, mask, mask])
    const [inputs, targets] = [payload as number[][][], target as number[][][]]
    should(targets[1].slice(2)).eql(inputs[1].slice(0, 3))
  })

  it('are in a mask without the axis of sequences when there is only one', async () => {
    const [{ sequence }] = await ask({ task: 'delayed-echo', length: '5', delay: '2', batch: '1' }, {})
    should(sequence?.targetMask).eql(mask)
  })

  it('are in a mask with that axis when they are to validate', () =>
    withFlow(
      source({
        task: 'delayed-echo',
        length: '5',
        delay: '2',
        batch: '1',
        epochSize: '2',
        validationSplit: '0.5',
      }),
      async (flow) => {
        for (const phase of ['train', 'train', 'validate']) {
          flow.send('source', {})
          const { sequence, payload } = await flow.next('out')
          should(sequence?.phase).equal(phase)
          should(sequence?.targetMask).eql(phase === 'train' ? mask : [mask])
          should(payload).have.length(phase === 'train' ? 5 : 1)
        }
      },
    ))
})

describe('sequence-source: a waveform', () => {
  it('is one step of input, and many targets', async () => {
    const [{ payload, target, sequence }] = await ask({ task: 'waveform', length: '6' }, {})
    should(sequence).containEql({ length: 1, inputSize: 4, outputSize: 1 })
    should((payload as number[][][]).map((steps) => steps.length)).eql([1, 1, 1])
    should((target as number[][][]).map((steps) => steps.length)).eql([6, 6, 6])
  })
})

describe('sequence-source: a text', () => {
  const text = { task: 'text', length: '3', encoding: 'index', batch: '2' }
  const abc = [
    [[0], [1], [2]],
    [[0], [1], [2]],
  ]
  const directory = mkdtempSync(join(tmpdir(), 'rnn-text-'))
  after(() => rmSync(directory, { recursive: true }))

  it('is the one of the dialog, with its vocabulary', async () => {
    for (const from of ['typed', undefined, '']) {
      const [{ payload, target, sequence }] = await ask({ ...text, from, text: 'abcabca' }, {})
      should(payload).eql(abc)
      should(target).eql([
        [1, 2, 0],
        [1, 2, 0],
      ])
      should(sequence).containEql({
        vocabulary: ['a', 'b', 'c'],
        inputSize: 1,
        outputSize: 3,
        targetKind: 'class',
      })
    }
  })

  it('may have blanks at its ends, which belong to it', async () => {
    const [{ sequence }] = await ask({ ...text, from: 'typed', text: ' abcd\n' }, {})
    should(sequence?.vocabulary).eql(['\n', ' ', 'a', 'b', 'c', 'd'])
  })

  it('comes as rows with a single 1 otherwise', async () => {
    const [{ payload, sequence }] = await ask({ ...text, encoding: '', from: 'typed', text: 'abcabca' }, {})
    should((payload as number[][][])[0]).eql([
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ])
    should(sequence?.inputSize).equal(3)
  })

  it('is read from a file, without its byte order mark', async () => {
    const file = join(directory, 'text.txt')
    writeFileSync(file, '\uFEFFabcabca')
    const [{ payload, sequence }] = await ask({ ...text, from: 'file', file, text: 'not this' }, {})
    should(payload).eql(abc)
    should(sequence?.vocabulary).eql(['a', 'b', 'c'])
  })

  it('comes in a payload; another one starts anew, and other payloads ask for the next batch', () =>
    withFlow(source({ ...text, from: 'payload', text: 'not this', budget: '2' }), async (flow) => {
      flow.send('source', { payload: Date.now() })
      should((await flow.next('errors')).error?.message).match(/expected a text first, in msg\.payload/)
      flow.send('source', { payload: ['abc'] })
      should((await flow.next('errors')).error?.message).match(/got an array of 1/)
      flow.send('source', { payload: 'abcabca' })
      should((await flow.next('out')).payload).eql(abc)
      flow.send('source', { payload: { step: 1 } })
      should((await flow.next('out')).sequence?.step).equal(2)
      flow.send('source', { payload: 'xyzxyzx' })
      const { payload, sequence } = await flow.next('out')
      should(payload).eql(abc)
      should(sequence).containEql({ step: 1, vocabulary: ['x', 'y', 'z'] })
      flow.send('source', { reset: true })
      should((await flow.next('out')).sequence).containEql({ step: 1, vocabulary: ['x', 'y', 'z'] })
    }))

  it('starts again at a reset', async () => {
    const messages = await ask({ ...text, from: 'typed', text: 'abcabca' }, {}, {}, { reset: true })
    should(messages.map(({ sequence }) => sequence?.step)).eql([1, 2, 1])
  })
})
