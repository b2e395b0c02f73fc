/** Programs on worker threads: the numbers must be those of the same program here, bit for bit. */
import should from 'should'
import { bestKernel } from '../../../src/kernel/best-kernel'
import { kernelMemory } from '../../../src/kernel/memory'
import { shouldLeave } from '../../../src/kernel/pool/leave'
import { closePool, isForThreads, type Job, runJobs } from '../../../src/kernel/pool/pool'
import { program, programBytes } from '../../../src/kernel/program/program'
import { rnnCell } from '../../../src/rnn-cell/cell'
import { programPlan } from '../../../src/unroll/compile'

const shards = [4, 3]
const cell = rnnCell({ type: 'rnn', inputSize: 3, hiddenSize: 5, outputSize: 2, seed: 1 })
const plan = {
  ...programPlan(cell, {
    topology: 'many-to-many',
    batch: 7,
    steps: 6,
    inputSteps: 6,
    readouts: [1, 2, 3, 4, 5, 6],
    masked: false,
  }),
  shards,
}
let made = 0

/** The program in a memory of its own, with numbers in it. */
function filled() {
  const memory = kernelMemory()
  memory.reserve(programBytes(plan).backward)
  const own = program(plan, memory.memory, bestKernel(memory.memory, plan.dtype))
  const { layout } = own
  const fill = (pointer: number, count: number, factor: number) =>
    own.floats(pointer, count).set(Array.from({ length: count }, (_, i) => factor * Math.sin(i + 1)))
  fill(layout.parameterBlock, layout.parameterCount, 0.5)
  fill(layout.inputs[0], 6 * 7 * 3, 1)
  fill(layout.logitGradient, 6 * 7 * 2, 0.1)
  made += 1
  return { id: made, own, memory: memory.memory }
}

const results = ({ own }: ReturnType<typeof filled>) => ({
  logits: [...own.floats(own.layout.logits, 6 * 7 * 2)],
  gradient: [...own.floats(own.layout.gradientBlock, own.layout.parameterCount)],
})

async function step({ id, memory }: ReturnType<typeof filled>): Promise<boolean[]> {
  const jobs = (action: Job['action']): Job[] =>
    shards.map((_, shard) => ({ id, memory, plan, shard, action, terms: 'none' }))
  await runJobs(jobs('forward'))
  const inRange = await runJobs(jobs('backward'))
  await runJobs(jobs('gradients'))
  return inRange
}

describe('a program on worker threads', () => {
  const { RNN_WORKERS } = process.env
  afterEach(async () => {
    await closePool()
    if (RNN_WORKERS === undefined) delete process.env.RNN_WORKERS
    else process.env.RNN_WORKERS = RNN_WORKERS
  })

  for (const workers of [0, 1, 2])
    it(`gives the same numbers with ${workers} threads, again and again`, async () => {
      process.env.RNN_WORKERS = String(workers)
      const [here, there, other] = [filled(), filled(), filled()]
      for (const scale of [1, -2]) {
        for (const { own } of [here, there, other]) own.floats(own.layout.inputs[0], 1)[0] = scale
        for (const shard of shards.keys()) here.own.forward(shard)
        for (const shard of shards.keys()) should(here.own.backward(shard, 'none')).be.true()
        for (const share of shards.keys()) here.own.gradients(share, 'none')
        const expected = results(here)
        should(expected.gradient.some((number) => number !== 0)).be.true()
        should(await Promise.all([there, other].map(step))).eql([
          [true, true],
          [true, true],
        ])
        for (const one of [there, other]) should(results(one)).eql(expected)
      }
    })

  it('tells of numbers that left their range', async () => {
    process.env.RNN_WORKERS = '1'
    const one = filled()
    one.own.floats(one.own.layout.logitGradient, 1)[0] = Number.NaN
    should(await step(one)).eql([false, true])
  })
})

describe('shouldLeave', () => {
  const free = { hasRoom: () => true }
  const busy = { hasRoom: () => false }

  it('is for work from 3 ms on if a thread is free, from 10 ms on in any case', () => {
    should([0.1, 2.9, 3, 9.9, 10, 1000].map((time) => shouldLeave(time, free))).eql([
      ...[false, false],
      ...[true, true, true, true],
    ])
    should([0.1, 2.9, 3, 9.9, 10, 1000].map((time) => shouldLeave(time, busy))).eql([
      ...[false, false, false, false],
      ...[true, true],
    ])
  })

  it('asks the threads of this process', () => {
    const { RNN_WORKERS } = process.env
    process.env.RNN_WORKERS = '0'
    should(isForThreads(5)).be.false()
    process.env.RNN_WORKERS = '1'
    should(isForThreads(5)).be.true()
    if (RNN_WORKERS === undefined) delete process.env.RNN_WORKERS
    else process.env.RNN_WORKERS = RNN_WORKERS
  })
})
