/** An optimizer node by itself: a small cell, gradients for it, and the messages that bring them. */
import should from 'should'
import { cellToMessage } from '../../nodes/common/cell-message'
import { allToMessage } from '../../nodes/common/tensors'
import { type Cell, type Dtype, type OptimizerOptions, optimizer, rnnCell, tensor } from '../../src'
import { random } from '../../src/random/random'
import { type FlowNode, type Message, numbersOf, type Running, sink, withFlow } from './flow'

export const smallCell = (precision: Dtype = 'float64'): Cell =>
  rnnCell({ type: 'rnn', inputSize: 2, hiddenSize: 3, outputSize: 1, precision, seed: 4 })

/** Gradients of all sizes from 1 to 1000, the same at every call. */
export function gradientsOf(cell: Cell, count: number) {
  const { normal } = random(9)
  return Array.from({ length: count }, (_, k) => ({
    parameters: Object.fromEntries(
      Object.entries(cell.parameters).map(([name, { shape, dtype, data }]) => [
        name,
        tensor(
          dtype,
          shape,
          data.map(() => normal() * 10 ** (k % 4)),
        ),
      ]),
    ),
  }))
}

/** Messages with these gradients, as clip-gradient sends them. */
export const gradientMessages = (count: number, cell = smallCell()): Message[] =>
  gradientsOf(cell, count).map(
    ({ parameters }) =>
      ({
        cell: cellToMessage(cell, 'cell', 1),
        gradient: { parameters: allToMessage(parameters), norm: 1, terms: {} },
        loss: 0.5,
      }) as unknown as Message,
  )

export const optimizerNode = (config: object): FlowNode[] => [
  { id: 'optimizer', type: 'optimizer', wires: [['out']], ...config },
  sink('out'),
]

/** Sends messages one by one, and takes what each of them brings. */
export async function passing(flow: Running, messages: readonly Message[]): Promise<Message[]> {
  const seen: Message[] = []
  for (const msg of messages) {
    flow.send('optimizer', msg)
    seen.push(await flow.next('out'))
  }
  return seen
}

/** What a node with this dialog makes of the messages. */
export async function updatesBy(config: object, messages: readonly Message[]): Promise<Message[]> {
  let seen: Message[] = []
  await withFlow(optimizerNode(config), async (flow) => {
    seen = await passing(flow, messages)
  })
  return seen
}

/** Δ of all parameters in one row. */
export const deltasOf = ({ update }: Message): number[] =>
  Object.values(update?.parameters ?? {}).flatMap(numbersOf)

/** Δ of the library for as many gradients, the cell staying what it is. */
export function deltasByLibrary(options: OptimizerOptions, count: number, cell = smallCell()): number[][] {
  const rules = optimizer(options)
  return gradientsOf(cell, count).map((gradient) =>
    Object.values(rules.update(gradient, cell).parameters).flatMap((delta) => Array.from(delta?.data ?? [])),
  )
}

/** What a node's updates have as learning rate, in `msg.update` and the payload alike. */
export function ratesOf(messages: readonly Message[]): (number | undefined)[] {
  const rates = messages.map(({ update }) => update?.learningRate)
  should(messages.map(({ payload }) => (payload as { learningRate: number }).learningRate)).eql(rates)
  return rates
}
