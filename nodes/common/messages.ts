/** Cells, unrolled networks and gradients ⇄ message. */
import {
  activationNames,
  type Cell,
  type Dtype,
  ExpectedError,
  type Gradient,
  oneOf,
  type Parameters,
  parameterNames,
  parameterShapes,
  showShape,
  topologyNames,
  type Unrolled,
} from '../../src'
import type { MessageCell, MessageGradient, MessageUnrolled, RnnMessage } from './message'
import { allFromMessage, allToMessage, readTensor, toMessage } from './tensors'

/** What a message lacks, and which node to wire in before this one. */
const missing = (property: string, node: string): never => {
  throw new ExpectedError(`msg.${property}: wire ${node} in before this node`, 'a message without')
}

export const cellToMessage = (cell: Cell, id: string, version: number): MessageCell => ({
  id,
  ...cell,
  parameters: allToMessage(cell.parameters),
  version,
})

/** @throws ExpectedError if there is no cell in the message, or it does not hold together */
export function cellFromMessage(msg: RnnMessage): Cell {
  const cell = msg.cell && 'parameters' in msg.cell ? msg.cell : missing('cell', 'rnn-cell')
  const precision = oneOf('msg.cell.precision', cell.precision, ['float32', 'float64'])
  const parameters = parametersFrom(cell.parameters, 'msg.cell.parameters', precision)
  const shapes = parameterShapes(cell.sizes)
  for (const name of parameterNames)
    if (showShape(parameters[name].shape) !== showShape(shapes[name]))
      throw new ExpectedError(
        `msg.cell.parameters.${name} of shape ${showShape(shapes[name])}`,
        showShape(parameters[name].shape),
      )
  return {
    type: oneOf('msg.cell.type', cell.type, ['rnn']),
    activation: oneOf('msg.cell.activation', cell.activation, activationNames),
    precision,
    sizes: cell.sizes,
    parameters,
  }
}

export const unrolledToMessage = ({
  cell: _,
  inputs,
  hidden,
  outputs,
  readouts,
  ...facts
}: Unrolled): MessageUnrolled => ({
  ...facts,
  readouts: [...readouts],
  inputs: toMessage(inputs),
  hidden: toMessage(hidden),
  outputs: toMessage(outputs),
})

export function unrolledFromMessage(msg: RnnMessage, cell: Cell): Unrolled {
  const given = msg.unrolled ?? missing('unrolled', 'unroll')
  const { topology, batched, steps, batch, readouts } = given
  const { inputSize, hiddenSize, outputSize } = cell.sizes
  const read = (name: 'inputs' | 'hidden' | 'outputs', shape: number[]) => {
    const tensor = readTensor(given[name], `msg.unrolled.${name}`, cell.precision)
    if (showShape(tensor.shape) !== showShape(shape))
      throw new ExpectedError(`msg.unrolled.${name} of shape ${showShape(shape)}`, showShape(tensor.shape))
    return tensor
  }
  return {
    cell,
    topology: oneOf('msg.unrolled.topology', topology, topologyNames),
    batched,
    steps,
    batch,
    readouts,
    inputs: read('inputs', [steps, batch, inputSize]),
    hidden: read('hidden', [steps + 1, batch, hiddenSize]),
    outputs: read('outputs', [readouts.length, batch, outputSize]),
  }
}

export const gradientToMessage = ({ parameters, loss: _, ...rest }: Gradient): MessageGradient => ({
  ...rest,
  parameters: allToMessage(parameters),
})

/** @throws ExpectedError if there is no gradient in the message */
export function gradientFromMessage(msg: RnnMessage): Gradient {
  const gradient = msg.gradient ?? missing('gradient', 'bptt-gradient')
  return {
    ...gradient,
    loss: msg.loss ?? Number.NaN,
    parameters: parametersFrom(gradient.parameters, 'msg.gradient.parameters'),
  }
}

function parametersFrom(given: MessageCell['parameters'], name: string, precision?: Dtype): Parameters {
  const parameters = allFromMessage(given, name, precision)
  for (const known of parameterNames)
    if (!parameters[known]) throw new ExpectedError(`${name}.${known}`, 'none')
  return parameters as Parameters
}

/** A number for a payload: JSON turns what is not finite into null, so null it is. */
export const finiteOrNull = (value: number | undefined): number | null =>
  value !== undefined && Number.isFinite(value) ? value : null
