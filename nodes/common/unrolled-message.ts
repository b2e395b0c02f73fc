/** Unrolled network ⇄ message. Flags of bytes travel as Buffers, like the bytes of tensors. */
import {
  type Cell,
  checkedUnrolled,
  describe,
  ExpectedError,
  limitOf,
  oneOf,
  type Tensor,
  topologyNames,
  type Unrolled,
} from '../../src'
import type { MessageUnrolled, RnnMessage } from './message'
import { missing } from './missing'
import { bytesOf, readTensor, toMessage } from './tensors'

const flagsToMessage = (flags: Uint8Array): Buffer =>
  Buffer.from(flags.buffer, flags.byteOffset, flags.byteLength)

export function unrolledToMessage(unrolled: Unrolled): MessageUnrolled {
  const {
    cell: _,
    inputs,
    fed,
    present,
    strands,
    hidden,
    readoutMask,
    logits,
    outputs,
    readouts,
    ...facts
  } = unrolled
  const sent = strands.map(({ layer, reverse, hidden: states, cellState, gates }) => ({
    layer,
    reverse,
    hidden: toMessage(states),
    ...(cellState && { cellState: toMessage(cellState) }),
    ...(gates && { gates: toMessage(gates) }),
  }))
  const out = toMessage(outputs)
  return {
    ...facts,
    readouts: [...readouts],
    inputs: toMessage(inputs),
    ...(fed && { fed: { inputs: toMessage(fed.inputs), throughOutput: flagsToMessage(fed.throughOutput) } }),
    ...(present && { present: flagsToMessage(present) }),
    ...(readoutMask && { readoutMask: flagsToMessage(readoutMask) }),
    strands: sent,
    hidden: sent[strands.findIndex((strand) => strand.hidden === hidden)].hidden,
    logits: logits === outputs ? out : toMessage(logits),
    outputs: out,
  }
}

/** @throws ExpectedError if there is none in the message, or it does not fit the cell */
export function unrolledFromMessage(msg: RnnMessage, cell: Cell): Unrolled {
  const given = msg.unrolled ?? missing('unrolled', 'unroll')
  const { topology, batched, steps, batch, inputSteps, readouts, zeroPastEnd, checkpointEvery } = given
  const read = (value: unknown, name: string): Tensor =>
    readTensor(value, `msg.unrolled.${name}`, cell.precision)
  if (!Array.isArray(given.strands))
    throw new ExpectedError('msg.unrolled.strands, as unroll sends them', describe(given.strands))
  const lanes = cell.layers * (cell.bidirectional ? 2 : 1)
  if (given.strands.length !== lanes)
    throw new ExpectedError(`${lanes} strands of states`, `${given.strands.length}`)
  const strands = Array.from(given.strands, (strand, index) => ({
    layer: strand?.layer,
    reverse: strand?.reverse,
    hidden: read(strand?.hidden, `strands[${index}].hidden`),
    ...(strand?.cellState && { cellState: read(strand.cellState, `strands[${index}].cellState`) }),
    ...(strand?.gates && { gates: read(strand.gates, `strands[${index}].gates`) }),
  }))
  return checkedUnrolled({
    cell,
    topology: oneOf('msg.unrolled.topology', topology, topologyNames),
    batched,
    steps,
    batch,
    inputSteps,
    readouts,
    zeroPastEnd,
    ...(checkpointEvery && { checkpointEvery }),
    inputs: read(given.inputs, 'inputs'),
    ...(given.fed && {
      fed: {
        inputs: read(given.fed.inputs, 'fed.inputs'),
        throughOutput: readFlags(given.fed.throughOutput, 'fed.throughOutput'),
      },
    }),
    ...(given.present && { present: readFlags(given.present, 'present') }),
    ...(given.readoutMask && { readoutMask: readFlags(given.readoutMask, 'readoutMask') }),
    strands,
    hidden: strands.findLast(({ reverse }) => !reverse)?.hidden as Tensor,
    logits: read(given.logits, 'logits'),
    outputs: read(given.outputs, 'outputs'),
  })
}

function readFlags(value: unknown, name: string): Uint8Array {
  const bytes = bytesOf(value, `msg.unrolled.${name}`, limitOf('maxElements'))
  if (bytes instanceof Uint8Array) return bytes
  throw new ExpectedError(`msg.unrolled.${name} to be a Buffer`, describe(value))
}
