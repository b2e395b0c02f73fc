/** What the views ask for: the sum is the gradient, a batch is looked at within bounds, a thread gets only numbers. */
import should from 'should'
import { traceOf } from '../../../nodes/watch/trace'
import { jobOf } from '../../../nodes/watch/trace-job'
import type { TraceView } from '../../../nodes/watch/wire'
import { batchOf } from '../../support/loops'

type Anything = Record<string, never> & { omitted?: string }
const trace = (view: TraceView, batch: ReturnType<typeof batchOf>): Anything =>
  traceOf(jobOf(view, batch)) as Anything

describe('a trace', () => {
  for (const type of ['rnn', 'gru', 'lstm'] as const)
    it(`of the sum of a ${type} adds up to the gradient of the first sequence by itself`, () => {
      const batch = batchOf({ type }, { steps: 6, batch: 3 })
      const { difference, gradient, factors } = trace('sum', batch) as never as {
        difference: Record<string, number>
        gradient: Record<string, unknown>
        factors: { losses: unknown[] }
      }
      should(Object.keys(difference)).eql(Object.keys(batch.gradient.parameters))
      for (const [name, value] of Object.entries(difference)) should(value).be.below(1e-12, name)
      should(factors.losses).have.length(6)
      const alone = batchOf({ type }, { steps: 6, batch: 1 })
      should(Object.keys(gradient)).eql(Object.keys(alone.gradient.parameters))
      const [value] = [gradient.b].flat(2) as number[]
      should(value).be.approximately(alone.gradient.parameters.b.data[0], 1e-12)
    })

  it('of the sum says why there is none where it would be too much to look at', () => {
    should(trace('sum', batchOf({ hiddenSize: 30 }, { steps: 40 })).omitted).match(/numbers, more than 30000/)
    should(trace('sum', batchOf({ bidirectional: true }, { steps: 4 })).omitted).match(/one direction/)
  })

  it('of credit has a row a loss and a column a step, of a large batch for its first sequence', () => {
    const credit = trace('credit', batchOf({}, { steps: 7, batch: 2 })) as never as Record<string, never>
    should(credit).containDeep({ losses: [1, 2, 3, 4, 5, 6, 7], stride: 1, sequences: 2 })
    const large = trace('credit', batchOf({ hiddenSize: 40 }, { steps: 150, batch: 40 })) as never as {
      sequences: number
      losses: number[]
    }
    should(large.sequences).equal(1)
    should(large.losses.length).be.belowOrEqual(100)
  })

  it('of the weights has every matrix, eigenvalues and the verdict', () => {
    const batch = batchOf({ hiddenSize: 4 }, { steps: 5 })
    const weights = trace('weights', batch) as never as {
      matrices: Record<string, { rows: number; columns: number; values: number[][] }>
      recurrent: { W: { blocks: { h: { eigenvalues: unknown[] } }; pascanu: { bound: number } } }
    }
    should(Object.keys(weights.matrices)).eql(['W', 'U', 'V'])
    should(weights.matrices.W.values[1][2]).equal(batch.unrolled.cell.parameters.W.data[6])
    should(weights.recurrent.W.blocks.h.eigenvalues).have.length(4)
    should(weights.recurrent.W.pascanu.bound).be.above(0)
  })

  it('of a large matrix shows the values farthest from zero', () => {
    const batch = batchOf({ hiddenSize: 200 }, { steps: 2 })
    const { matrices } = trace('weights', batch) as never as {
      matrices: Record<string, { stride: number; values: number[][] }>
    }
    const { stride, values } = matrices.W
    should(stride).equal(3)
    should(values).have.length(67)
    const { data } = batch.unrolled.cell.parameters.W
    const corner = [0, 1, 2].flatMap((row) => [0, 1, 2].map((column) => data[row * 200 + column]))
    const farthest = corner.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a))
    should(values[0][0]).be.approximately(farthest, 1e-4)
  })

  it('of a check agrees with finite differences, and says in words where there are none', () => {
    const batch = batchOf({}, { steps: 4, batch: 2 })
    should((trace('check', batch) as never as { largest: number }).largest).be.below(1e-8)
    const truncated = { ...batch, options: { ...batch.options, k1: 2 } }
    should(trace('check', truncated).omitted).match(/truncated/)
  })
})

describe('a job for the thread', () => {
  it('has copies of just the numbers, and what was one tensor is one tensor', () => {
    const batch = batchOf({ type: 'lstm', layers: 2 }, { steps: 3, batch: 2 })
    const { unrolled } = jobOf('credit', batch) as unknown as typeof batch
    for (const { hidden } of unrolled.strands) {
      should(hidden.data.buffer.byteLength).equal(hidden.data.byteLength)
      should(hidden.data.length).be.above(0)
    }
    should(unrolled.strands.at(-1)?.hidden).equal(unrolled.hidden)
    should(unrolled.outputs).equal(unrolled.logits)
    should(unrolled.hidden).not.equal(batch.unrolled.hidden)
    should(structuredClone(unrolled).hidden.data).eql(batch.unrolled.hidden.data)
  })
})
