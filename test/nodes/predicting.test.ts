/** The chain without a target: predictions, in the units of the data. */
import should from 'should'
import { modelFormats, predictions, rnnCell, saveModel, unroll } from '../../src'
import { type FlowNode, loop, withFlow } from '../support/flow'

describe('the chain without a target', () => {
  const chain: FlowNode[] = [
    {
      id: 'cell',
      type: 'rnn-cell',
      hiddenSize: '4',
      inputSize: '2',
      outputSize: '1',
      wires: [['unroll'], [], []],
    },
    { id: 'unroll', type: 'unroll', wires: [['out']] },
    { id: 'out', type: 'helper' },
  ]

  it('predicts, and leaves no tape', () =>
    withFlow(chain, async (flow) => {
      flow.send('cell', {
        payload: [
          [1, 2],
          [3, 4],
        ],
      })
      const one = await flow.next('out')
      should(one.payload).be.an.Array().of.length(1)
      should(one.unrolled).equal(undefined)
      flow.send('cell', { payload: [[[1, 2]], [[3, 4]], [[5, 6]]] })
      const batch = await flow.next('out')
      should(batch.payload).be.an.Array().of.length(3)
    }))

  it('keeps the tape when asked to', () =>
    withFlow(
      chain.map((node) => (node.id === 'unroll' ? { ...node, alwaysTape: true } : node)),
      async (flow) => {
        flow.send('cell', { payload: [[1, 2]] })
        should((await flow.next('out')).unrolled?.hidden.shape).eql([2, 1, 4])
      },
    ))

  it('predicts in the units of the data, or not, as the option says', async () => {
    const scale = { input: { mean: [0, 0], std: [1, 1] }, target: { mean: [100], std: [10] } }
    const predicted: number[] = []
    for (const originalUnits of [true, false]) {
      const nodes = chain.map((node) => (node.id === 'unroll' ? { ...node, originalUnits } : node))
      await withFlow(nodes, async (flow) => {
        flow.send('cell', { payload: [[1, 2]], sequence: { scale, inputSize: 2, outputSize: 1 } })
        predicted.push(((await flow.next('out')).payload as number[])[0])
      })
    }
    should(predicted[0]).be.approximately(100 + 10 * predicted[1], 1e-4)
  })

  it('answers in the units of the data that an imported model has learned from', async () => {
    const made = rnnCell({ inputSize: 2, hiddenSize: 4, outputSize: 1, seed: 7 })
    const scale = { input: { mean: [20, 1000], std: [5, 30] }, target: { mean: [20], std: [5] } }
    const readings = [
      [18, 1010],
      [23, 990],
    ]
    const scaled = readings.map((row) =>
      row.map((value, index) => (value - scale.input.mean[index]) / scale.input.std[index]),
    )
    const [own] = predictions(unroll(made, scaled, { topology: 'many-to-one' }), scale.target) as number[]
    for (const format of modelFormats)
      await withFlow(chain, async (flow) => {
        flow.send('cell', { parameters: saveModel(made, format, { scale }) })
        flow.send('cell', { payload: readings })
        should(((await flow.next('out')).payload as number[])[0]).be.approximately(own, 1e-5)
      })
  })

  it('understands readings in the units of the data it has learned from, also after a redeploy', () => {
    const readings = Array.from({ length: 200 }, (_, index) => 1000 + 50 * Math.sin(index / 3))
    const trained = (name: string) =>
      loop({
        source: { task: 'dataset', from: 'payload', length: '6', budget: '150' },
        cell: { name },
        optimizer: { learningRate: '0.01' },
      })
    return withFlow(trained('before'), async (flow) => {
      const ask = async () => {
        flow.taken('predictions')
        flow.send('cell', { payload: readings.slice(20, 26) })
        const msg = await flow.next('predictions')
        should(msg.sequence?.phase).equal('predict')
        return (msg.payload as number[])[0]
      }
      flow.send('source', { payload: readings })
      await flow.next('done')
      await flow.settled()
      const predicted = await ask()
      should(predicted).be.approximately(readings[26], 20)
      await flow.deploy(trained('after'), 'nodes')
      should(await ask()).be.approximately(predicted, 1e-9)
      await flow.settled()
      should(flow.taken('errors')).eql([])
    })
  })

  it('takes readings as they are when the units are not to be changed', () => {
    const readings = Array.from({ length: 60 }, (_, index) => 1000 + index)
    const nodes = loop({
      source: { task: 'dataset', from: 'payload', length: '6', budget: '3' },
      unroll: { originalUnits: false },
    })
    return withFlow(nodes, async (flow) => {
      flow.send('source', { payload: readings })
      await flow.next('done')
      await flow.settled()
      flow.taken('predictions')
      flow.send('cell', { payload: readings.slice(0, 6) })
      should(Math.abs(((await flow.next('predictions')).payload as number[])[0])).be.below(100)
    })
  })
})
