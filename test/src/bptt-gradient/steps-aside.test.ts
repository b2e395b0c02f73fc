/** Steps one by one on a thread: the same numbers as on the event loop, whatever becomes of the thread. */
import fc from 'fast-check'
import should from 'should'
import {
  type BpttOptions,
  bpttGradient,
  bpttGradientAsync,
  closePool,
  configureLimits,
  ExpectedError,
  type Gradient,
  limitOf,
  releasePrograms,
  rnnCell,
  type Tensor,
  tensor,
  training,
  type UnrollOptions,
  unroll,
  unrollAsync,
} from '../../../src'
import { backward } from '../../../src/bptt-gradient/gradient-aside'
import { forward } from '../../../src/unroll/unroll-aside'
import { type Case, cases } from '../../support/networks'
import { slowly } from '../../support/slowly'
import { watchThreads, withWorkersVariable } from '../../support/threads'

const cell = rnnCell({ type: 'lstm', inputSize: 1, hiddenSize: 3, outputSize: 1, precision: 'float64' })
const wave = (steps = 20): Tensor =>
  tensor(
    'float64',
    [2, steps, 1],
    Float64Array.from({ length: 2 * steps }, (_, index) => Math.sin(index)),
  )
const manyToMany: UnrollOptions = { topology: 'many-to-many' }
const truncated: BpttOptions = { k1: 5, k2: 10 }
const unrolled = unroll(cell, wave(), manyToMany)
const wanted = bpttGradient(unrolled, wave(), truncated)
const begin = (options: BpttOptions = truncated, signal?: AbortSignal): Promise<Gradient> => {
  const pending = bpttGradientAsync(unrolled, wave(), options, signal)
  should(pending).be.a.Promise()
  return pending as Promise<Gradient>
}

describe('steps one by one beside the event loop', () => {
  const recover = slowly(backward.speed, forward.speed)
  after(() => closePool())

  const optionsFor = ({ cell: { bidirectional, type } }: Case) =>
    fc.record(
      {
        credit: fc.boolean(),
        factors: fc.boolean(),
        kernel: fc.constantFrom('auto' as const, 'reference' as const),
        terms: fc.constantFrom('batch' as const, 'sequence' as const, 'none' as const),
        ...(!bidirectional && { k1: fc.constantFrom(2, 3), k2: fc.constantFrom(3, 5) }),
        ...(type === 'rnn' && { regularizer: fc.constant({ coefficient: 0.5 }) }),
      },
      { requiredKeys: [] },
    )
  for (const precision of ['float32', 'float64'] as const)
    it(`hand over what the event loop would, in ${precision}`, async () =>
      fc.assert(
        fc.asyncProperty(
          cases(precision, 8).chain((network) =>
            fc.tuple(fc.constant(network), optionsFor(network), fc.constantFrom(false, true)),
          ),
          async ([network, more, checkpoint]) => {
            const { inputs, targets, unroll: options, loss } = network
            const { bidirectional } = network.cell
            const all = { ...options, ...(checkpoint && !bidirectional && { checkpoint }) }
            const own = unroll(network.cell, inputs, all)
            const aside = await unrollAsync(network.cell, inputs, all)
            should(aside).eql(own)
            should(aside.cell).equal(network.cell)
            const gradient = await bpttGradientAsync(aside, targets, { ...loss, ...more })
            should(gradient).eql(bpttGradient(own, targets, { ...loss, ...more }))
          },
        ),
        { numRuns: 60 },
      ))

  it('take what they need with them: memory that is given back is of no account', async () => {
    const own = unroll(cell, wave(), manyToMany)
    const pending = bpttGradientAsync(own, wave(), truncated)
    releasePrograms()
    unroll(cell, { ...wave(), data: wave().data.map((x) => 3 * x) }, manyToMany)
    should(await pending).eql(wanted)
  })

  it('are refused as on the event loop, by the same error', async () => {
    const error = await begin({ regularizer: { coefficient: 1 } }).catch((reason) => reason)
    should(error).be.instanceof(ExpectedError)
    should(error.message).equal('expected a cell of type rnn for the regularizer Ω, got lstm')
  })

  it('know the limits of this thread', async () => {
    configureLimits({ maxElements: 500 }, (limit) => `${limit} of the test`)
    try {
      await begin({ credit: true }).should.be.rejectedWith(
        'expected at most 500 numbers of credit (maxElements of the test), got 1200',
      )
    } finally {
      configureLimits()
    }
  })

  it('are ended by a signal, and the next ones are taken', async () => {
    const ending = new AbortController()
    const pending = begin(truncated, ending.signal)
    ending.abort(new Error('enough'))
    await pending.should.be.rejectedWith('enough')
    should(await begin()).eql(wanted)
  })

  it('are taken again if their thread is killed', async () => {
    const threads = watchThreads()
    try {
      await closePool()
      const pending = begin()
      while (threads.alive() === 0) await new Promise(setImmediate)
      should(await threads.kill()).equal(1)
      should(await pending).eql(wanted)
      should(threads.started()).equal(2)
    } finally {
      threads.end()
    }
  })

  const wide = rnnCell({ type: 'lstm', inputSize: 1, hiddenSize: 64, outputSize: 1, precision: 'float64' })
  it('that take more than a megabyte with them leave an error where their thread is killed, and nothing else', async () => {
    const large = unroll(wide, wave(500), manyToMany)
    const expected = bpttGradient(large, wave(500), truncated)
    const threads = watchThreads()
    try {
      await closePool()
      const pending = bpttGradientAsync(large, wave(500), truncated)
      while (threads.alive() === 0) await new Promise(setImmediate)
      should(await threads.kill()).equal(1)
      await (pending as Promise<Gradient>).should.be.rejectedWith(/^expected a worker thread to live until/)
      should(await bpttGradientAsync(large, wave(500), truncated)).eql(expected)
    } finally {
      threads.end()
    }
  })

  it('leave flags that came as a Buffer to who sent them', async () => {
    const lengths = [500, 300]
    const own = unroll(wide, wave(500), { ...manyToMany, lengths })
    const present = Buffer.from(own.present as Uint8Array)
    const before = Buffer.from(present)
    const large = { ...own, present }
    const got = await bpttGradientAsync(large, wave(500), truncated)
    should(got).eql(bpttGradient(own, wave(500), truncated))
    should(present.equals(before)).be.true()
  })

  it('share the threads of the kernels', () =>
    withWorkersVariable('1', async () => {
      await closePool()
      const threads = watchThreads()
      const all = { ...manyToMany, checkpoint: 4 }
      await Promise.all([begin(), begin({ credit: true }), unrollAsync(cell, wave(), all)])
      should(threads.started()).equal(1)
      threads.end()
    }))

  it('are what is asked for beside a gradient of the kernels, be it finite or not', async () => {
    for (const options of [{ credit: true }, { factors: true }]) {
      should(await begin(options)).eql(bpttGradient(unrolled, wave(), options))
      const lost = tensor('float64', [2, 20, 1])
      lost.data[3] = Number.NaN
      const own = unroll(cell, lost, manyToMany)
      const pending = bpttGradientAsync(own, wave(), options)
      should(pending).be.a.Promise()
      should((await pending).nonfinite).containEql({ step: 4 })
    }
  })

  it('are not thought longer because of gradients that need none', async () => {
    recover()
    const before = backward.speed.estimate(1)
    const large = unroll(wide, wave(100), manyToMany)
    for (let again = 0; again < 20; again++) await bpttGradientAsync(large, wave(100))
    should(backward.speed.estimate(1)).equal(before)
  })

  it('without threads leave the limits of this process alone', () =>
    withWorkersVariable('0', async () => {
      const pending = begin()
      configureLimits({ maxLayers: 2 })
      try {
        await pending
        should(limitOf('maxLayers')).equal(2)
      } finally {
        configureLimits()
      }
    }))

  it('are the same without threads', () =>
    withWorkersVariable('0', async () => {
      const threads = watchThreads()
      should(await begin()).eql(wanted)
      should(threads.started()).equal(0)
      threads.end()
    }))

  it('are taken in training(), which changes nothing meanwhile', async () => {
    const options = { unroll: manyToMany, bptt: truncated }
    const [own, other] = [training(cell, options), training(cell, options)]
    const pending = own.stepAsync(wave(), wave())
    should(own.cell()).equal(cell)
    await own.stepAsync(wave(), wave()).should.be.rejectedWith(/^expected the end of the step/)
    should(await pending).eql(other.step(wave(), wave()))
    should(own.cell()).eql(other.cell())
    const ending = new AbortController()
    const ended = own.stepAsync(wave(), wave(), ending.signal)
    ending.abort(new Error('enough'))
    await ended.should.be.rejectedWith('enough')
    should(own.cell()).eql(other.cell())
    should(await own.stepAsync(wave(), wave())).eql(other.step(wave(), wave()))
  })

  it('are taken at once where they are short', () => {
    recover()
    should(bpttGradientAsync(unrolled, wave(), truncated)).eql(wanted)
    should(unrollAsync(cell, wave(), { ...manyToMany, checkpoint: 4 })).not.be.a.Promise()
  })
})
