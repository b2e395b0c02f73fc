/** A clip-gradient node by itself: gradients for it, and what it makes of them. */
import should from 'should'
import { allToMessage } from '../../nodes/common/tensors'
import { tensor } from '../../src'
import { type FlowNode, type Message, numbersOf, type Running, sink, withFlow } from './flow'

export const clipNode = (config: object): FlowNode[] => [
  { id: 'clip', type: 'clip-gradient', ...config, wires: [['out']] },
  sink('out'),
]

type Numbers = readonly number[] | readonly (readonly number[])[]

const asTensor = (numbers: Numbers) => {
  const [first] = numbers
  const shape = typeof first === 'number' ? [numbers.length] : [numbers.length, first.length]
  return tensor('float64', shape, Float64Array.from(numbers.flat()))
}

/** A message with a gradient as bptt-gradient sends it. */
export const gradient = (parameters: Readonly<Record<string, Numbers>>, more: object = {}) => ({
  gradient: {
    parameters: allToMessage(
      Object.fromEntries(Object.entries(parameters).map(([name, numbers]) => [name, asTensor(numbers)])),
    ),
    norm: 1,
    terms: {},
    growth: [],
    carry: [],
  },
  loss: 1,
  ...more,
})

/** Of the norms 5 and 12; together 13. */
export const twoTensors = { W: [[3, 4]], b: [12] }

/** Sends messages one by one, and takes what each of them brings. */
export async function passing(flow: Running, messages: readonly object[]): Promise<Message[]> {
  const seen: Message[] = []
  for (const msg of messages) {
    flow.send('clip', msg)
    seen.push(await flow.next('out'))
  }
  return seen
}

/** What a node with this dialog makes of the messages. */
export async function clipped(config: object, ...messages: object[]): Promise<Message[]> {
  let seen: Message[] = []
  await withFlow(clipNode(config), async (flow) => {
    seen = await passing(flow, messages)
  })
  return seen
}

/** The gradient of a message by parameter, in one row. */
export const numbersIn = (msg: Message): Record<string, number[]> =>
  Object.fromEntries(
    Object.entries(msg.gradient?.parameters ?? {}).map(([name, one]) => [name, numbersOf(one)]),
  )

export function shouldBeNear(
  found: Readonly<Record<string, readonly number[]>>,
  expected: Readonly<Record<string, readonly number[]>>,
): void {
  should(Object.keys(found)).eql(Object.keys(expected))
  for (const [name, numbers] of Object.entries(expected))
    numbers.forEach((number, index) => {
      should(found[name][index]).be.approximately(number, 1e-9)
    })
}
