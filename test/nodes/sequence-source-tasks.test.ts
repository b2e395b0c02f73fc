/** Every task of sequence-source through the whole chain, wired as its dialog says. */
import should from 'should'
import { type TaskName, taskNames } from '../../src'
import { loop, type Message, sink, withFlow } from '../support/flow'

/** Small ones that are learned in some steps; with the topology and the loss of the hint in the dialog. */
const wired: Record<TaskName, [source: object, topology: string, loss: string]> = {
  dataset: [{ from: 'payload', length: '6' }, 'many-to-one', 'auto'],
  sine: [{ length: '8' }, 'many-to-one', 'auto'],
  'sine-mixture': [{ length: '8' }, 'many-to-one', 'auto'],
  'mackey-glass': [{ length: '8', epochSize: '500' }, 'many-to-one', 'auto'],
  lorenz: [{ length: '8', epochSize: '500', targetsPer: 'step' }, 'many-to-many', 'auto'],
  narma10: [{ length: '12', targetsPer: 'step' }, 'many-to-many', 'auto'],
  adding: [{ length: '4' }, 'many-to-one', 'auto'],
  'temporal-order': [{ length: '6' }, 'many-to-one', 'auto'],
  'copy-memory': [{ length: '2', remember: '1' }, 'many-to-many', 'auto'],
  parity: [{ length: '3', targetsPer: 'step' }, 'many-to-many', 'auto'],
  'delayed-echo': [{ length: '6', delay: '1' }, 'many-to-many', 'auto'],
  'embedded-reber': [{ length: '20' }, 'many-to-many', 'binary-cross-entropy'],
  text: [{ from: 'typed', text: 'to be or not to be, '.repeat(12), length: '8' }, 'many-to-many', 'auto'],
  reverse: [{ length: '2', symbols: '3' }, 'encoder-decoder', 'auto'],
  waveform: [{ length: '8' }, 'one-to-many', 'auto'],
}
const readings = Array.from({ length: 200 }, (_, step) => Math.sin(step / 3))

const chain = (task: TaskName, source: object, cell: object = {}) => {
  const [usual, topology, loss] = wired[task]
  return loop({
    source: { task, ...usual, ...source },
    cell: { cellType: 'gru', hiddenSize: '10', ...cell },
    unroll: { topology },
    bptt: { loss },
    optimizer: { learningRate: '0.02' },
  })
}
const losses = (messages: Message[]) => messages.map(({ loss }) => loss as number)
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

describe('the tasks of sequence-source', () => {
  for (const task of taskNames) {
    it(`${task} is learned`, () =>
      withFlow(chain(task, { batch: '16', budget: '40' }), async (flow) => {
        flow.send('source', { payload: readings })
        await flow.next('done')
        await flow.settled()
        should(flow.taken('errors')).eql([])
        const seen = losses(flow.taken('gradients'))
        should(seen).have.length(40)
        should(mean(seen.slice(-5))).be.below(0.75 * mean(seen.slice(0, 5)))
      }))

    it(`${task} goes through one sequence at a time, and is validated`, () =>
      withFlow(
        chain(task, { batch: '1', budget: '2', epochSize: '10', validationSplit: '0.2' }),
        async (flow) => {
          flow.send('source', { payload: readings.slice(0, 12) })
          await flow.next('done')
          await flow.settled()
          should(flow.taken('errors')).eql([])
          const seen = flow.taken('gradients')
          const trained = seen.filter(({ sequence }) => sequence?.phase === 'train')
          const validated = seen.filter(({ validation }) => validation)
          should(trained).have.length(2)
          should(validated).have.length(1)
          should(losses(seen).every(Number.isFinite)).be.true()
        },
      ))
  }
})

describe('sequences of different lengths', () => {
  /** One batch of a source that sends several, and what the network says of it. */
  const batchOf = async (
    nodes: ReturnType<typeof loop>,
    check: (
      batch: Message,
      predict: (inputs: unknown) => Promise<unknown>,
      predicted: unknown,
    ) => Promise<void>,
    msg: object = {},
  ) => {
    const tapped = nodes.map((node) =>
      node.id === 'source' ? { ...node, wires: [['cell', 'batches'], ['done']] } : node,
    )
    await withFlow([...tapped, sink('batches')], async (flow) => {
      flow.send('source', msg)
      const batch = await flow.next('batches')
      const { payload } = await flow.next('predictions')
      await flow.next('done')
      await flow.settled()
      flow.taken('predictions')
      await check(
        batch,
        async (inputs) => {
          flow.send('cell', { payload: inputs })
          return (await flow.next('predictions')).payload
        },
        payload,
      )
    })
  }
  /** Nothing is learned, so that one batch can be asked again. */
  const still = { optimizer: { learningRate: '0' } }
  const close = (found: unknown, wanted: unknown) => {
    const [a, b] = [found, wanted].map((value) => (value as number[][]).flat(2))
    should(a.length).equal(b.length)
    a.forEach((value, index) => {
      should(value).be.approximately(b[index], 1e-6)
    })
  }

  it('say the same filled up as they do alone, at every step', () =>
    batchOf(
      loop({
        source: { task: 'embedded-reber', batch: '6', budget: '1' },
        unroll: { topology: 'many-to-many' },
        ...still,
      }),
      async ({ payload, sequence }, predict, predicted) => {
        const lengths = sequence?.lengths as number[]
        should(new Set(lengths).size).be.above(1)
        for (const [index, length] of lengths.entries()) {
          const alone = await predict((payload as number[][][])[index].slice(0, length))
          close((predicted as number[][][])[index].slice(0, length), alone)
        }
      },
    ))

  it('say the same filled up as they do alone, after the last step', () => {
    const walks = [3, 7, 5].flatMap((length, walk) =>
      Array.from({ length }, (_, step) => ({ walk, signal: Math.sin(walk + step), room: walk % 2 })),
    )
    return batchOf(
      loop({
        source: {
          task: 'dataset',
          from: 'payload',
          groupColumn: 'walk',
          targetColumns: 'room',
          targetKind: 'class',
          scaling: 'none',
          batch: '3',
          budget: '1',
        },
        cell: { cellType: 'lstm' },
        ...still,
      }),
      async ({ payload, sequence }, predict, predicted) => {
        const lengths = sequence?.lengths as number[]
        for (const [index, length] of lengths.entries())
          close(
            [(predicted as number[][])[index]],
            [await predict((payload as number[][][])[index].slice(0, length))],
          )
      },
      { payload: walks },
    )
  })

  for (const topology of ['many-to-many', 'encoder-decoder'])
    it(`count no target past their end, ${topology}`, () =>
      withFlow(
        loop({
          source: { task: 'embedded-reber', batch: '6', budget: '1' },
          cell: { parameters: always10(7) },
          unroll: { topology },
          bptt: { loss: 'mse' },
        }),
        async (flow) => {
          flow.send('source', {})
          const { loss, target, sequence } = await flow.next('gradients')
          const lengths = sequence?.lengths as number[]
          should(new Set(lengths).size).be.above(1)
          const counted = (target as number[][][]).flatMap((steps, index) =>
            steps.slice(0, lengths[index]).flat(),
          )
          should(loss).be.approximately(mean(counted.map((value) => (10 - value) ** 2)), 1e-3)
        },
      ))

  it('the targets that the mask leaves out do not count', () =>
    withFlow(
      loop({
        source: { task: 'delayed-echo', length: '6', delay: '4', batch: '5', budget: '1' },
        cell: { parameters: always10(1) },
        unroll: { topology: 'many-to-many' },
      }),
      async (flow) => {
        flow.send('source', {})
        const { loss, target } = await flow.next('gradients')
        const counted = (target as number[][][]).flatMap((steps) => steps.slice(4).map(([value]) => value))
        should(loss).be.approximately(mean(counted.map((value) => (10 - value) ** 2)), 1e-4)
      },
    ))
})

/** Parameters of a readout that says 10 whatever the state is. */
const always10 = (outputs: number) =>
  JSON.stringify({
    V: Array.from({ length: outputs }, () => new Array(6).fill(0)),
    c: new Array(outputs).fill(10),
  })
