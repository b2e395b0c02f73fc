/** A cell on its way: read once, and known again only as long as its message says the same. */
import should from 'should'
import { cellFromMessage, cellToMessage } from '../../nodes/common/cell-message'
import type { MessageCell } from '../../nodes/common/message'
import { rnnCell } from '../../src'
import { throwsExpected } from '../support/throws'

const util = require('@node-red/util').util as { cloneMessage<T extends object>(msg: T): T }

const cell = rnnCell({ type: 'gru', inputSize: 2, hiddenSize: 3, outputSize: 1 })
const scale = { input: { mean: [1, 2], std: [3, 4] } }
const sent = () => cellToMessage(cell, 'cell', 7, scale)
const read = (message: MessageCell) => cellFromMessage({ cell: message })
/** As nothing but a change of the message's own parts could make it. */
type Changeable = { -readonly [Key in keyof MessageCell]: MessageCell[Key] } & Record<string, unknown>

describe('a cell in a message', () => {
  it('is the very cell that was sent', () => {
    should(read(sent())).equal(cell)
    should(read({ ...sent() })).not.equal(cell)
  })

  it('carries id, version and scale, which are no part of it', () => {
    const message = sent()
    should(message).containEql({ id: 'cell', version: 7, scale, type: 'gru', precision: 'float32' })
    Object.assign(message, { id: 'other', version: 8, scale: undefined })
    should(read(message)).equal(cell)
    should(cellToMessage(cell, 'cell', 8).version).equal(8)
    should(cellToMessage(cell, 'cell', 8)).not.have.property('scale')
  })

  it('comes in objects of its own each time, around the same Buffers', () => {
    const [one, other] = [sent(), sent()]
    should(one).eql(other)
    should(one).not.equal(other)
    should(one.sizes).not.equal(other.sizes)
    should(one.parameters).not.equal(other.parameters)
    should(one.parameters.W).not.equal(other.parameters.W)
    should(one.parameters.W.shape).not.equal(other.parameters.W.shape)
    should(one.parameters.W.data).equal(other.parameters.W.data)
  })

  it('shares its bytes with the library', () => {
    should(sent().parameters.W.data.buffer).equal(cell.parameters.W.data.buffer)
  })

  it('is read once where it comes as a copy, and gives the same numbers', () => {
    const copy = util.cloneMessage(sent())
    const first = read(copy)
    should(first).not.equal(cell)
    should(first).eql(cell)
    should(read(copy)).equal(first)
  })

  for (const [what, change] of [
    ['an activation', (message: Changeable) => Object.assign(message, { activation: 'relu' })],
    ['an option that was not there', (message: Changeable) => Object.assign(message, { clip: 3 })],
    [
      'the Buffer of a parameter',
      ({ parameters }: Changeable) => Object.assign(parameters.b, { data: Buffer.alloc(36) }),
    ],
    [
      'a parameter',
      ({ parameters }: Changeable) => Object.assign(parameters, { b: new Array(9).fill(0.25) }),
    ],
  ] as const)
    for (const [from, make] of [
      ['that was sent', sent],
      ['that was read before', () => util.cloneMessage(sent())],
    ] as const)
      it(`is read anew when ${what} was put into one ${from}`, () => {
        const message = make()
        const before = read(message)
        change(message as Changeable)
        const after = read(message)
        should(after).not.equal(before)
        should(after).not.eql(before)
        should(read(sent())).equal(cell)
      })

  for (const [what, change, wrong] of [
    ['a shape', ({ parameters }: Changeable) => (parameters.W.shape as number[]).pop(), /bytes in .*W/],
    [
      'a precision',
      ({ parameters }: Changeable) => Object.assign(parameters.W, { dtype: 'float64' }),
      /bytes in .*W/,
    ],
    ['a size', ({ sizes }: Changeable) => Object.assign(sizes, { hiddenSize: 4 }), /of shape \[12, 4\]/],
    [
      'a parameter that it has not',
      ({ parameters }: Changeable) => Object.assign(parameters, { x: [1] }),
      /a parameter to be one of/,
    ],
  ] as const)
    it(`is refused when ${what} no longer fits`, () => {
      const message = sent()
      change(message as Changeable)
      throwsExpected(() => read(message), wrong)
    })

  it('draws a parameter that was taken out, as before', () => {
    const message = sent()
    delete (message.parameters as Record<string, unknown>).c
    should(Object.keys(read(message).parameters)).eql(Object.keys(cell.parameters))
  })
})
