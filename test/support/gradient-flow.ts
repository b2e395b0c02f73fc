/** rnn-cell, unroll and bptt-gradient with the weights and readings of a test, and what its messages bring. */
import should from 'should'
import { type FlowNode, type Message, type Running, sink, withFlow } from './flow'

export interface ChainSettings {
  /** by name; sizes follow from them */
  readonly parameters: Readonly<Record<string, unknown>>
  readonly cell?: object
  readonly unroll?: object
  readonly bptt?: object
}

/** h_t = w h_{t-1} + x_t and o_t = h_t: one unit, linear, in which everything can be reckoned by hand. */
export const oneUnit = (w: number, O = 1) => ({
  W: [[w]],
  U: [[1]],
  b: [0],
  V: Array.from({ length: O }, () => [1]),
  c: new Array(O).fill(0),
})

/** Taps: `out` at the gradients, `alerts`. */
export const gradientFlow = ({ parameters, cell, unroll, bptt }: ChainSettings): FlowNode[] => [
  {
    id: 'cell',
    type: 'rnn-cell',
    activation: 'linear',
    precision: 'float64',
    parameters: JSON.stringify(parameters),
    ...cell,
    wires: [['unroll'], [], []],
  },
  { id: 'unroll', type: 'unroll', ...unroll, wires: [['bptt']] },
  { id: 'bptt', type: 'bptt-gradient', configVersion: 2, ...bptt, wires: [['out'], ['alerts']] },
  sink('out'),
  sink('alerts'),
]

/** Sends messages one by one, and takes what each of them brings. */
export async function passing(flow: Running, messages: readonly object[]): Promise<Message[]> {
  const seen: Message[] = []
  for (const msg of messages) {
    flow.send('cell', msg)
    seen.push(await flow.next('out'))
  }
  return seen
}

/** What the chain makes of the messages. */
export async function gradientsOf(settings: ChainSettings, messages: readonly object[]): Promise<Message[]> {
  let seen: Message[] = []
  await withFlow(gradientFlow(settings), async (flow) => {
    seen = await passing(flow, messages)
  })
  return seen
}

export const gradientOf = async (settings: ChainSettings, message: object): Promise<Message> =>
  (await gradientsOf(settings, [message]))[0]

/** Why the chain refuses a message. */
export async function refusalOf(settings: ChainSettings, message: object): Promise<string> {
  let refusal = ''
  await withFlow(gradientFlow(settings), async (flow) => {
    flow.send('cell', message)
    refusal = String((await flow.next('errors')).error?.message)
  })
  return refusal
}

/** What has to be there. */
export function there<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('it is not there')
  return value
}

/** Nothing in it that JSON would change. */
export const shouldBePlain = (value: unknown) => should(JSON.parse(JSON.stringify(value))).eql(value)
