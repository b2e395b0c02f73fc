/** Nested arrays that are made when somebody looks: ordinary to everybody, a tensor to our own nodes. */
import { inspect } from 'node:util'
import fc from 'fast-check'
import should from 'should'
import { hasTarget, setLazy, setNested, tensorOrValue } from '../../nodes/common/lazy'
import type { RnnMessage } from '../../nodes/common/message'
import { sizeOf, type Tensor, tensor, toNested } from '../../src'
import { type FlowNode, loop, type Message, palette, sink, withFlow } from '../support/flow'
import '../support/fast-check'

const util = require('@node-red/util').util as { cloneMessage(msg: object): RnnMessage }
const core = ['function/10-function', 'function/15-change', 'parsers/70-JSON'].map((name) =>
  require(`@node-red/nodes/core/${name}`),
)

const countingUp = (shape: number[]): Tensor =>
  tensor(
    'float64',
    shape,
    Float64Array.from({ length: sizeOf(shape) }, (_, index) => index + 0.5),
  )
const sequences = countingUp([3, 4, 2])
const withPayload = (from: Tensor = sequences): RnnMessage => {
  const msg: RnnMessage = { topic: 'kept', payload: 'before' }
  setNested(msg, 'payload', from)
  return msg
}
const accessor = (msg: RnnMessage) => Object.getOwnPropertyDescriptor(msg, 'payload')?.get
const shapes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 })

describe('nested arrays that wait', () => {
  it('read as the tensor says, and are the same arrays when read again', () =>
    fc.assert(
      fc.property(shapes, (shape) => {
        const from = countingUp(shape)
        const msg = withPayload(from)
        should(msg.payload).eql(toNested(from))
        should(msg.payload).equal(msg.payload)
      }),
    ))

  it('are not made before that, and not even an accessor if they are few', () => {
    should(accessor(withPayload())).be.a.Function()
    should(accessor(withPayload(countingUp([4, 4])))).equal(undefined)
  })

  for (const [how, copy] of [
    ['JSON', (msg: RnnMessage) => JSON.parse(JSON.stringify(msg))],
    ['a clone of Node-RED', util.cloneMessage],
    ['a structured clone', (msg: RnnMessage) => structuredClone(msg)],
    ['a spread', (msg: RnnMessage) => ({ ...msg })],
    ['Object.assign', (msg: RnnMessage) => Object.assign({}, msg)],
  ] as const)
    it(`are plain arrays in ${how}`, () => {
      const copied = copy(withPayload())
      should(copied).eql({ topic: 'kept', payload: toNested(sequences) })
      should(Object.getOwnPropertyDescriptor(copied, 'payload')).containEql({
        writable: true,
        enumerable: true,
        configurable: true,
      })
    })

  it('are plain arrays in a log, as often as the message is logged, and at any depth', () => {
    const plainly = { topic: 'kept', payload: toNested(sequences) }
    for (const depth of [0, 1, 2, 10, null]) {
      const msg = withPayload()
      for (const _ of [1, 2]) should(inspect(msg, { depth })).equal(inspect(plainly, { depth }))
      const inner = withPayload()
      should(inspect({ inner }, { depth })).equal(inspect({ inner: plainly }, { depth }))
    }
  })

  it('can be replaced and deleted, read or not', () => {
    for (const look of [() => {}, (msg: RnnMessage) => msg.payload]) {
      const msg = withPayload()
      look(msg)
      msg.payload = 5
      should(msg.payload).equal(5)
      should(tensorOrValue(msg, 'payload')).equal(5)
      setNested(msg, 'payload', sequences)
      look(msg)
      delete msg.payload
      should('payload' in msg).be.false()
    }
  })

  it('take a value put into an heir without changing the message', () => {
    const msg = withPayload()
    const heir: RnnMessage = Object.create(msg)
    heir.payload = 1
    should(heir.payload).equal(1)
    should(msg.payload).eql(toNested(sequences))
  })

  it('make a value once at most, and only when it is asked for', () => {
    let made = 0
    const msg: RnnMessage = {}
    setLazy(msg, 'payload', () => ++made)
    should(made).equal(0)
    should([msg.payload, msg.payload]).eql([1, 1])
    should(made).equal(1)
  })

  it('are the very tensor to our own nodes, also after a look', () => {
    const msg = withPayload()
    should(tensorOrValue(msg, 'payload')).equal(sequences)
    should(accessor(msg)).be.a.Function()
    should(msg.payload).be.an.Array()
    should(tensorOrValue(msg, 'payload')).equal(sequences)
  })

  it('are what somebody wrote into them, wherever that is', () =>
    fc.assert(
      fc.property(shapes, fc.nat(), (shape, place) => {
        const from = countingUp([...shape, 17])
        const msg = withPayload(from)
        let row = msg.payload as unknown[]
        for (let axis = 0; axis < shape.length; axis++) row = row[place % shape[axis]] as unknown[]
        row[place % 17] = 0
        should(tensorOrValue(msg, 'payload')).equal(msg.payload)
      }),
    ))

  it('are what somebody made longer or shorter', () => {
    for (const change of [
      (rows: unknown[][]) => rows.pop(),
      (rows: unknown[][]) => rows.push(rows[0]),
      (rows: unknown[][]) => rows[1].pop(),
      (rows: unknown[][]) => {
        rows[2] = 3 as unknown as unknown[]
      },
    ]) {
      const msg = withPayload()
      change(msg.payload as unknown[][])
      should(tensorOrValue(msg, 'payload')).equal(msg.payload)
    }
  })

  it('of a copy are its own', () => {
    const copied = util.cloneMessage(withPayload())
    should(tensorOrValue(copied, 'payload')).equal(copied.payload)
  })

  it('do not wait with a number that float32 does not hold: it is to be named to its sender', () => {
    for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY, -1e39]) {
      const from = countingUp([20])
      from.data[13] = wrong
      const msg = withPayload(from)
      should(accessor(msg)).equal(undefined)
      should(tensorOrValue(msg, 'payload')).equal(msg.payload)
    }
  })

  it('count as a target without being looked at', () => {
    const msg: RnnMessage = {}
    should(hasTarget(msg)).be.false()
    setNested(msg, 'target', sequences)
    should(hasTarget(msg)).be.true()
    should(Object.getOwnPropertyDescriptor(msg, 'target')?.get).be.a.Function()
    should(hasTarget({ target: null })).be.true()
  })
})

describe('the loop, with nodes of Node-RED between ours', () => {
  after(() => {
    palette.splice(-core.length)
  })

  const source = { task: 'sine', targetsPer: 'step', length: '12', budget: '6' }
  const forward = (nodes: FlowNode[], from: string): FlowNode[] =>
    nodes.map((node) =>
      node.id === from ? { ...node, wires: [['between'], ...(node.wires ?? []).slice(1)] } : node,
    )
  const train = async (nodes: FlowNode[]): Promise<Message[]> => {
    let seen: Message[] = []
    await withFlow(nodes, async (flow) => {
      flow.send('source', {})
      await flow.next('done')
      await flow.settled()
      should(flow.taken('errors')).eql([])
      seen = flow.taken('updates')
    })
    return seen
  }
  const whole = (wiring: Record<string, string[][]>, extra: FlowNode[] = []) => [
    ...loop({
      source: { ...source, ...(wiring.source && { wires: wiring.source }) },
      unroll: { topology: 'many-to-many', ...(wiring.unroll && { wires: wiring.unroll }) },
      bptt: wiring.bptt ? { wires: wiring.bptt } : {},
      clip: wiring.clip ? { wires: wiring.clip } : {},
    }),
    ...extra,
  ]
  const losses = (messages: Message[]) => messages.map(({ loss }) => loss)
  const bare = { unroll: [['bptt']], bptt: [['clip'], []], clip: [['optimizer']] }
  const between = (node: object): FlowNode => ({
    id: 'between',
    type: 'function',
    wires: [['cell']],
    ...node,
  })
  let usual: (number | undefined)[] = []
  before(async () => {
    palette.push(...core)
    usual = losses(await train(whole(bare)))
    should(usual).have.length(6)
  })

  it('names the reading that float32 does not hold', () =>
    withFlow(
      loop({ source: { task: 'dataset', from: 'payload', scaling: 'none', length: '20', shuffle: false } }),
      async (flow) => {
        flow.send('source', { payload: Array.from({ length: 40 }, (_, row) => (row === 3 ? 1e39 : row)) })
        const { error } = await flow.next('errors')
        should(error?.message).match(/finite number at sequence 1, step 4, .* got 1e\+39/)
      },
    ))

  it('learns the same, bit for bit, however often a message fans out', async () => {
    const everywhere = {
      source: [['cell', 'first', 'second'], ['done']],
      unroll: [['predictions', 'bptt', 'second']],
      bptt: [['gradients', 'clip'], ['alerts']],
      clip: [['optimizer', 'clipped']],
    }
    should(losses(await train(whole(everywhere, [sink('first'), sink('second')])))).eql(usual)
  })

  it('learns the same when a function node has looked at inputs and targets', async () => {
    const func =
      'msg.sum = msg.payload.flat(2).concat(msg.target.flat(2)).reduce((a, b) => a + b); return msg'
    const seen = await train(forward(whole(bare, [between({ func, outputs: 1 })]), 'source'))
    should(losses(seen)).eql(usual)
    should(seen.every((msg) => Number.isFinite((msg as unknown as { sum: number }).sum))).be.true()
  })

  it('learns the same from what went through JSON', async () => {
    const json = between({ type: 'json', property: 'payload', wires: [['back']] })
    const back = { id: 'back', type: 'json', property: 'payload', wires: [['cell']] }
    should(losses(await train(forward(whole(bare, [json, back]), 'source')))).eql(usual)
  })

  it('learns the same from what a change node has moved away and back', async () => {
    const move = (from: string, to: string) => ({ t: 'move', p: from, pt: 'msg', to, tot: 'msg' })
    const rules = [move('payload', 'seen'), move('seen', 'payload')]
    should(losses(await train(forward(whole(bare, [between({ type: 'change', rules })]), 'source')))).eql(
      usual,
    )
  })

  for (const [what, func] of [
    ['one number of the inputs', 'msg.payload[0][0][0] += 1; return msg'],
    ['one number of the targets', 'msg.target[0][0][0] += 1; return msg'],
    ['other inputs', 'msg.payload = msg.payload.map((rows) => rows.map(() => [0])); return msg'],
  ])
    it(`learns from ${what} that a function node writes`, async () => {
      const seen = losses(await train(forward(whole(bare, [between({ func, outputs: 1 })]), 'source')))
      should(seen).have.length(6)
      should(seen[0]).not.equal(usual[0])
    })

  it('shows a function node behind unroll its predictions, and one behind bptt-gradient its terms', async () => {
    const func =
      'msg.shown = [msg.payload.length, msg.payload[0].length, msg.payload[0][0].length].join(); return msg'
    const ofTerms =
      'msg.steps = msg.payload.terms.W.length; msg.same = msg.payload.loss === msg.loss; return msg'
    const nodes = whole({ ...bare, unroll: [['between']], bptt: [['terms'], []] }, [
      between({ func, outputs: 1, wires: [['bptt']] }),
      { id: 'terms', type: 'function', func: ofTerms, outputs: 1, wires: [['clip']] },
    ])
    for (const msg of await train(nodes)) should(msg).containEql({ shown: '4,12,1', steps: 12, same: true })
  })
})
