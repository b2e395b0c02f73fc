/** unroll: the state that a message brings, and the one it takes along. */
import should from 'should'
import type { MessageState, MessageTensor } from '../../nodes/common/message'
import { lastState, unroll } from '../../src'
import { numbersOf, withFlow } from '../support/flow'
import { answers, cells, network, payloads, predicted, sameCell, signal } from '../support/unroll-flow'

const reading = (value: number) => ({ payload: [value] })
const everyStep = { topology: 'many-to-many' as const }

describe('unroll, a state that the message brings', () => {
  const shapeOf = (state: unknown) => (state as MessageTensor).shape

  for (const [options, cell] of cells) {
    it(`travels as it ended, and can be sent back: ${JSON.stringify(options)}`, async () => {
      const own = sameCell(options)
      const whole = predicted(own, signal, everyStep) as unknown[]
      const ended = lastState(unroll(own, signal.slice(0, 3), everyStep))
      await withFlow(network(everyStep, cell), async (flow) => {
        flow.send('cell', { payload: signal.slice(0, 3) })
        const { state, payload } = await flow.next('out')
        should(payload).eql(whole.slice(0, 3))
        for (const [sent, expected] of 'h' in ended
          ? ([
              [(state as { h: MessageTensor }).h, ended.h],
              [(state as { c: MessageTensor }).c, ended.c],
            ] as const)
          : ([[state as MessageTensor, ended]] as const)) {
          should(sent.shape).eql(expected.shape)
          should(numbersOf(sent)).eql([...expected.data])
        }
        for (const initialState of [state, JSON.parse(JSON.stringify(state)), nested(state)]) {
          flow.send('cell', { payload: signal.slice(3), initialState })
          should((await flow.next('out')).payload).eql(whole.slice(3))
        }
      })
    })
  }

  it('comes before one that was carried', async () => {
    const [, second] = await payloads(network({ state: 'carry' }), [
      reading(1),
      { ...reading(1), initialState: [0, 0, 0, 0] },
    ])
    should(second).eql((predicted(sameCell(), [1], everyStep) as unknown[])[0])
  })

  it('has a row for each layer and direction', async () => {
    const cell = { layers: '2', bidirectional: true }
    const [{ state }] = await answers(network({}, cell), [{ payload: [[[1]], [[2]], [[3]]] }])
    should(shapeOf(state)).eql([4, 3, 4])
  })

  for (const [what, initialState, cell, says] of [
    ['of another size', [1, 2], {}, /expected an initial state of shape \[4\] or \[1, 4\], got \[2\]/],
    ['that is a text', 'warm', {}, /expected an? .*got the text "warm"/],
    ['with a gap', [1, null, 3, 4], {}, /expected a finite number .*got null/],
    [
      'with a cell state for an rnn',
      { h: [0, 0, 0, 0], c: [0, 0, 0, 0] },
      {},
      /without c, which is an lstm's/,
    ],
    [
      'whose cell state is of another size',
      { h: [0, 0, 0, 0], c: [0] },
      { cellType: 'lstm' },
      /expected an initial cell state c of shape \[4\] or \[1, 4\], got \[1\]/,
    ],
  ] as const) {
    it(`is refused if it is one ${what}, and nothing is lost`, async () => {
      const type = 'cellType' in cell ? cell.cellType : 'rnn'
      const [first, second] = predicted(sameCell({ type }), [1, 1], everyStep) as unknown[]
      await withFlow(network({ state: 'carry' }, cell), async (flow) => {
        flow.send('cell', reading(1))
        should((await flow.next('out')).payload).eql(first)
        flow.send('cell', { ...reading(1), initialState })
        should((await flow.next('errors')).error?.message).match(says)
        flow.send('cell', reading(1))
        should((await flow.next('out')).payload).eql(second)
      })
    })
  }
})

/** A state as plain nested arrays. */
function nested(state: MessageState | undefined): unknown {
  if (state && 'h' in state) return { h: nested(state.h), c: nested(state.c) }
  const { shape } = state as MessageTensor
  const fold = (numbers: number[], [size, ...inner]: readonly number[]): unknown =>
    inner.length === 0
      ? numbers
      : Array.from({ length: size }, (_, index) => {
          const length = numbers.length / size
          return fold(numbers.slice(index * length, (index + 1) * length), inner)
        })
  return fold(numbersOf(state as MessageTensor), shape)
}
