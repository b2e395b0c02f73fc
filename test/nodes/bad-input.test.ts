/**
 * Bad input: an error through done(err) that a catch node sees, which names the node, what it expected and what it
 * got; and the next good message goes on as if nothing had happened.
 */
import should from 'should'
import { loop, type Message, sink, withFlow } from '../support/flow'

/** A good message for a node, as its neighbours make it. */
async function goodMessage(at: 'unroll' | 'bptt' | 'clip' | 'optimizer'): Promise<Message> {
  let good: Message = {}
  const before = { unroll: 'cell', bptt: 'unroll', clip: 'bptt', optimizer: 'clip' } as const
  const nodes = loop({ source: { batch: '2' } }).map((node) =>
    node.id === before[at] ? { ...node, wires: [['tap'], [], []] } : node,
  )
  await withFlow([...nodes, sink('tap')], async (flow) => {
    flow.send('source', {})
    good = await flow.next('tap')
  })
  return good
}

const types = {
  cell: 'rnn-cell',
  unroll: 'unroll',
  bptt: 'bptt-gradient',
  clip: 'clip-gradient',
  optimizer: 'optimizer',
} as const

interface Bad {
  what: string
  at: keyof typeof types
  spoil: (good: Message) => Message
  says: RegExp
}

const x = (steps: unknown[][]): unknown => steps
const bad: Bad[] = [
  {
    what: 'a wrong feature count',
    at: 'unroll',
    spoil: (m) => ({ ...m, payload: x([[1, 2, 3]]) }),
    says: /expected 2 features at every step.*got 3 at step 1/,
  },
  {
    what: 'a wrong feature count in the middle',
    at: 'unroll',
    spoil: (m) => ({
      ...m,
      payload: x([
        [1, 2],
        [1, 2],
        [1, 2, 3],
      ]),
    }),
    says: /expected 2 features at step 3.*got 3/,
  },
  {
    what: 'ragged sequences',
    at: 'unroll',
    spoil: (m) => ({
      ...m,
      payload: [
        [
          [1, 2],
          [1, 2],
        ],
        [[1, 2]],
      ],
    }),
    says: /expected 2 steps at sequence 2.*got 1/,
  },
  {
    what: 'a string among the readings',
    at: 'unroll',
    spoil: (m) => ({ ...m, payload: x([[1, 'warm']]) }),
    says: /expected a finite number at step 1, feature 2, got the text "warm"/,
  },
  {
    what: 'NaN',
    at: 'unroll',
    spoil: (m) => ({
      ...m,
      payload: x([
        [1, 2],
        [Number.NaN, 2],
      ]),
    }),
    says: /expected a finite number at step 2, feature 1, got NaN/,
  },
  { what: 'null', at: 'unroll', spoil: (m) => ({ ...m, payload: x([[1, null]]) }), says: /got null/ },
  {
    what: 'an empty array',
    at: 'unroll',
    spoil: (m) => ({ ...m, payload: [] }),
    says: /expected at least one/,
  },
  {
    what: 'an empty step',
    at: 'unroll',
    spoil: (m) => ({ ...m, payload: [[]] }),
    says: /expected at least one feature at step 1/,
  },
  {
    what: 'a text',
    at: 'unroll',
    spoil: (m) => ({ ...m, payload: 'warm' }),
    says: /expected inputs \[steps\]\[features\].*got the text "warm"/,
  },
  {
    what: 'a message that skipped rnn-cell',
    at: 'unroll',
    spoil: ({ cell: _, ...m }) => m,
    says: /expected msg\.cell: wire rnn-cell in before/,
  },
  {
    what: 'an initial state of another size',
    at: 'unroll',
    spoil: (m) => ({ ...m, initialState: [1, 2] }),
    says: /expected an initial state of shape \[6\] or \[2, 6\], got \[2\]/,
  },
  {
    what: 'parameters of a wrong length',
    at: 'unroll',
    spoil: (m) =>
      ({
        ...m,
        cell: {
          ...(m.cell as object),
          parameters: {
            ...(m.cell as { parameters: object }).parameters,
            W: { shape: [6, 6], dtype: 'float32', data: Buffer.alloc(7) },
          },
        },
      }) as unknown as Message,
    says: /expected 144 bytes in msg\.cell\.parameters\.W, got 7/,
  },
  {
    what: 'a message that skipped unroll',
    at: 'bptt',
    spoil: ({ unrolled: _, ...m }) => m,
    says: /expected msg\.unrolled: wire unroll in before/,
  },
  {
    what: 'no target',
    at: 'bptt',
    spoil: ({ target: _, ...m }) => m,
    says: /expected msg\.target: wire sequence-source in before/,
  },
  {
    what: 'a target of another shape',
    at: 'bptt',
    spoil: (m) => ({ ...m, target: [[1], [2], [3]] }),
    says: /expected a target of shape \[2, 1\] for many-to-one.*got shape \[3, 1\]/,
  },
  {
    what: 'a target for every step',
    at: 'bptt',
    spoil: (m) => ({
      ...m,
      target: [
        [[1], [2]],
        [[1], [2]],
      ],
    }),
    says: /got shape \[2, 2, 1\]/,
  },
  {
    what: 'a class that is none',
    at: 'bptt',
    spoil: (m) => ({ ...m, target: [0, 3], sequence: { ...m.sequence, targetKind: 'class' } }),
    says: /expected a class from 0 to 0.*got 3/,
  },
  {
    what: 'a message that skipped bptt-gradient',
    at: 'clip',
    spoil: ({ gradient: _, ...m }) => m,
    says: /expected msg\.gradient: wire bptt-gradient in before/,
  },
  {
    what: 'a message without gradient',
    at: 'optimizer',
    spoil: ({ gradient: _, ...m }) => m,
    says: /expected msg\.gradient: wire bptt-gradient in before/,
  },
  {
    what: 'a gradient without V',
    at: 'optimizer',
    spoil: (m) => {
      const { V: _, ...parameters } = (m.gradient as { parameters: Record<string, unknown> }).parameters
      return { ...m, gradient: { ...m.gradient, parameters } } as Message
    },
    says: /expected a gradient of V of shape \[1, 6\], got none/,
  },
]

describe('bad input', () => {
  for (const { what, at, spoil, says } of bad) {
    it(`${types[at]}: ${what} is an error, and the next good message goes on`, async () => {
      const good = await goodMessage(at as 'unroll')
      await withFlow([{ id: 'node', type: types[at], wires: [['out'], []] }, sink('out')], async (flow) => {
        flow.send('node', good)
        const before = await flow.next('out')
        flow.send('node', spoil(good))
        const { error } = await flow.next('errors')
        should(error?.message).startWith(`${types[at]}: expected`)
        should(error?.message).match(says)
        should(error?.source.id).equal('node')
        should(flow.completions('node').map(Boolean)).eql([false, true])
        // the next batch, since the work of one is done once
        const { sequence } = good
        flow.send('node', { ...good, sequence: { ...sequence, step: (sequence?.step ?? 0) + 1 } })
        const after = await flow.next('out')
        if (at === 'optimizer') should(after.update?.step).equal((before.update?.step ?? 0) + 1)
        else should(after.payload).eql(before.payload)
        should(flow.taken('out')).eql([])
      })
    })
  }

  it('never lets a rejected promise out of an input handler', async () => {
    const escaped: unknown[] = []
    const listener = (reason: unknown) => escaped.push(reason)
    process.on('unhandledRejection', listener)
    try {
      const nodes = [
        {
          id: 'node',
          type: 'sequence-source',
          task: 'dataset',
          from: 'file',
          file: 'no/such/file.csv',
          wires: [['out'], []],
        },
        sink('out'),
      ]
      await withFlow(nodes, async (flow) => {
        flow.send('node', {})
        flow.send('node', {})
        for (let twice = 0; twice < 2; twice++)
          should((await flow.next('errors')).error?.message).match(
            /^sequence-source: .*no such file.*no\/such\/file\.csv/,
          )
        await flow.settled()
        should(flow.completions('node')).have.length(2)
      })
      should(escaped).eql([])
    } finally {
      process.removeListener('unhandledRejection', listener)
    }
  })

  it('answers every message with the error when the configuration is wrong', () =>
    withFlow(
      [
        { id: 'node', type: 'clip-gradient', name: 'my clip', rule: 'scissors', wires: [['out']] },
        sink('out'),
      ],
      async (flow) => {
        flow.send('node', {})
        should((await flow.next('errors')).error?.message).match(
          /^clip-gradient "my clip": expected rule to be one of global-norm, .*none, got the text "scissors"/,
        )
      },
    ))
})
