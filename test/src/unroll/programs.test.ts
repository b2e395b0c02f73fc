/** The programs that are kept: whose tape lies in which memory, who is at work, and what is given back. */
import fc from 'fast-check'
import should from 'should'
import {
  bpttGradient,
  type Cell,
  type Gradient,
  releasePrograms,
  rnnCell,
  type Tensor,
  type Unrolled,
  type UnrollOptions,
  unroll,
} from '../../../src'
import { giveMemory, takeMemory } from '../../../src/kernel/memories'
import { programBytes } from '../../../src/kernel/program/program'
import type { Extent } from '../../../src/unroll/compile'
import { giveBack, type Runner, runnerFor, runnerWithTape } from '../../../src/unroll/programs'
import { cases, run, shouldBeNear } from '../../support/networks'

const cell = rnnCell({ type: 'lstm', inputSize: 1, hiddenSize: 3, outputSize: 1, layers: 2, seed: 3 })
const wave = (steps: number, rate = 1) => Array.from({ length: steps }, (_, t) => [Math.sin(rate * t)])
const many: UnrollOptions = { topology: 'many-to-many' }
const gradientOf = (unrolled: Unrolled) => bpttGradient(unrolled, wave(unrolled.steps, 2))
const holderOf = runnerWithTape
const numbersOf = ({ loss, parameters, terms, growth, carry }: Gradient) => ({
  loss,
  parameters,
  terms,
  growth,
  carry,
})
const extentOf = (steps: number, batch = 1): Extent => ({
  topology: 'many-to-one',
  batch,
  steps,
  inputSteps: steps,
  readouts: [steps],
  masked: false,
})
/** The same numbers elsewhere in memory. */
const copied = (own: Cell): Cell => ({
  ...own,
  parameters: Object.fromEntries(
    Object.entries(own.parameters).map(([name, given]) => [name, { ...given, data: given.data.slice() }]),
  ),
})

describe('the tape of a program', () => {
  it('is found again by the way back, which does not go forward a second time', () => {
    const unrolled = unroll(cell, wave(7), many)
    const runner = holderOf(unrolled) as Runner
    const { generation } = runner
    const first = gradientOf(unrolled)
    should(runner.generation).equal(generation)
    // it is still there, and nothing of it was used up
    should(holderOf(unrolled)).equal(runner)
    should(numbersOf(gradientOf(unrolled))).eql(numbersOf(first))
    should(runner.generation).equal(generation)
  })

  it('is found by views of the same bytes, as they come out of a message', () => {
    const unrolled = unroll(cell, wave(7), many)
    const viewed = ({ dtype, shape, data: { buffer, byteOffset, length } }: Tensor): Tensor => ({
      dtype,
      shape,
      data: new Float32Array(buffer, byteOffset, length),
    })
    const received: Unrolled = {
      ...unrolled,
      cell: {
        ...cell,
        parameters: Object.fromEntries(
          Object.entries(cell.parameters).map(([name, own]) => [name, viewed(own)]),
        ),
      },
      strands: unrolled.strands.map((strand) => ({ ...strand, hidden: viewed(strand.hidden) })),
    }
    should(holderOf(received)).equal(holderOf(unrolled)).and.be.ok()
  })

  it('is not taken for that of states which were copied, or of other parameters', () => {
    const elsewhere = (unrolled: Unrolled): Unrolled => ({
      ...unrolled,
      strands: unrolled.strands.map((strand) => ({
        ...strand,
        hidden: { ...strand.hidden, data: strand.hidden.data.slice() },
      })),
    })
    const otherCell = (unrolled: Unrolled): Unrolled => ({ ...unrolled, cell: copied(cell) })
    for (const change of [elsewhere, otherCell]) {
      const unrolled = unroll(cell, wave(7), many)
      const wanted = numbersOf(gradientOf(unrolled))
      should(holderOf(unrolled)).be.ok()
      should(holderOf(change(unrolled))).equal(undefined)
      should(numbersOf(gradientOf(change(unrolled)))).eql(wanted)
    }
  })

  it('is gone once another network has gone forward in its memory, and is then made again', () => {
    const first = unroll(cell, wave(7), many)
    const wanted = numbersOf(gradientOf(first))
    const second = unroll(cell, wave(7, 3), many)
    should(holderOf(first)).equal(undefined)
    should(holderOf(second)).be.ok()
    const other = numbersOf(gradientOf(second))
    should(other.loss).not.equal(wanted.loss)
    should(numbersOf(gradientOf(first))).eql(wanted)
    // now the second one's is gone
    should(holderOf(second)).equal(undefined)
    should(numbersOf(gradientOf(second))).eql(other)
    // of other sizes it stays
    const kept = unroll(cell, wave(7), many)
    unroll(cell, wave(8), many)
    should(holderOf(kept)).be.ok()
  })

  it('is made again to the last bit, every network', () => {
    fc.assert(
      fc.property(cases('float32', 7, { teacherForcing: fc.constantFrom(0, 1) }), (network) => {
        const unrolled = run(network)
        fc.pre(holderOf(unrolled) !== undefined)
        const terms = { ...network.loss, terms: 'sequence' } as const
        const of = () => [
          numbersOf(bpttGradient(unrolled, network.targets, network.loss)),
          bpttGradient(unrolled, network.targets, terms).sequenceTerms,
        ]
        const wanted = of()
        run({ ...network, inputs: { ...network.inputs, data: network.inputs.data.map((x) => x + 1) } })
        should(holderOf(unrolled)).equal(undefined)
        should(of()).eql(wanted)
      }),
      { numRuns: 60 },
    )
  })

  it('survives the parameters of another cell of the same form, which are loaded in between', () => {
    const other = rnnCell({ type: 'lstm', inputSize: 1, hiddenSize: 3, outputSize: 1, layers: 2, seed: 4 })
    const [a, b] = [cell, other].map((own) => {
      const unrolled = unroll(own, wave(7), many)
      const gradient = gradientOf(unrolled)
      const defined = unroll(own, wave(7), { ...many, kernel: 'reference' })
      shouldBeNear(gradient, bpttGradient(defined, wave(7, 2), { kernel: 'reference' }), 2e-5)
      return { unrolled, wanted: numbersOf(gradient) }
    })
    for (const { unrolled, wanted } of [a, b, a]) should(numbersOf(gradientOf(unrolled))).eql(wanted)
  })
})

describe('a runner', () => {
  it('that is at work is handed to nobody else, nor is its tape', () => {
    const unrolled = unroll(cell, wave(7))
    const own = runnerFor(cell, extentOf(7))
    should(holderOf(unrolled)).equal(own)
    own.busy = true
    const second = runnerFor(cell, extentOf(7))
    should(second).not.equal(own)
    should(second.memory).not.equal(own.memory)
    should(holderOf(unrolled)).equal(undefined)
    second.busy = true
    const third = runnerFor(cell, extentOf(7))
    should([own, second]).not.containEql(third)
    const alone = unroll(cell, wave(7))
    should(holderOf(alone)).equal(third)
    own.busy = false
    second.busy = false
    should(runnerFor(cell, extentOf(7))).equal(own)
    should(holderOf(unrolled)).equal(own)
  })

  it('is another one for everything that its program depends on', () => {
    const sizes = { inputSize: 2, hiddenSize: 3, outputSize: 2 } as const
    const forms: Cell[] = [
      rnnCell(sizes),
      rnnCell({ ...sizes, precision: 'float64' }),
      rnnCell({ ...sizes, activation: 'relu' }),
      rnnCell({ ...sizes, clip: 1 }),
      rnnCell({ ...sizes, clip: 2 }),
      rnnCell({ ...sizes, layers: 2 }),
      rnnCell({ ...sizes, bidirectional: true }),
      rnnCell({ ...sizes, decoder: true }),
      rnnCell({ ...sizes, inputSize: 3 }),
      rnnCell({ ...sizes, hiddenSize: 2 }),
      rnnCell({ ...sizes, outputSize: 3 }),
      rnnCell({ inputSize: 2, hiddenSize: 3, readout: 'none' }),
      rnnCell({ ...sizes, type: 'gru' }),
      rnnCell({ ...sizes, type: 'gru', resetAfter: false }),
      rnnCell({ ...sizes, type: 'gru', gateActivation: 'hard-sigmoid' }),
      rnnCell({ ...sizes, type: 'lstm' }),
      rnnCell({ ...sizes, type: 'lstm', peepholes: true }),
    ]
    const usual = { ...extentOf(4, 2), topology: 'many-to-many', readouts: [1, 2, 3, 4] } as const
    const extents: Extent[] = [
      usual,
      extentOf(4, 2),
      { ...usual, batch: 3 },
      { ...usual, masked: true },
      { ...usual, readouts: [2, 3, 4] },
      { ...usual, readouts: [1, 2, 3] },
      { ...usual, readouts: [1, 2, 4] },
      { ...usual, readouts: [1, 3, 4] },
      { ...usual, steps: 5, inputSteps: 5 },
    ]
    const made = [
      ...forms.map((form) => runnerFor(form, usual)),
      ...extents.slice(1).map((extent) => runnerFor(forms[0], extent)),
    ]
    should(new Set(made).size).equal(forms.length + extents.length - 1)
    // another readout activation is done outside of the program
    should(runnerFor(rnnCell({ ...sizes, readout: 'softmax' }), usual)).equal(made[0])
    should(runnerFor(rnnCell({ ...sizes, seed: 9 }), usual)).equal(made[0])
  })

  it('that was not used for the longest time is dropped, and the next one gets its memory', () => {
    releasePrograms()
    const oldest = unroll(cell, wave(3), many)
    const wanted = numbersOf(gradientOf(oldest))
    const { memory } = holderOf(oldest) as Runner
    for (let steps = 4; steps <= 34; steps++) unroll(cell, wave(steps), many)
    should((holderOf(oldest) as Runner).memory).equal(memory)
    // the one after 32
    const before = unroll(cell, wave(35), many)
    should(holderOf(oldest)).equal(undefined)
    should(holderOf(before)).be.ok()
    const next = unroll(cell, wave(36), many)
    should((holderOf(next) as Runner).memory).equal(memory)
    should(numbersOf(gradientOf(oldest))).eql(wanted)
  })

  it('that is dropped while it is at work gives its memory back when it has ended', () => {
    releasePrograms()
    const unrolled = unroll(cell, wave(9))
    const runner = holderOf(unrolled) as Runner
    runner.busy = true
    releasePrograms()
    const other = takeMemory()
    should(other).not.equal(runner.memory)
    runner.busy = false
    giveBack(runner)
    should(holderOf(unrolled)).equal(undefined)
    // more than may wait, so that it is among them
    const taken = Array.from({ length: 17 }, takeMemory)
    should(taken.filter((memory) => memory === runner.memory)).have.length(1)
    // only once
    giveBack(runner)
    const another = takeMemory()
    should(another).not.equal(runner.memory)
    for (const memory of [other, ...taken, another]) giveMemory(memory)
  })

  it('is kept even if it is larger than all are to be together', () => {
    releasePrograms()
    const wide = rnnCell({ inputSize: 1, hiddenSize: 64, outputSize: 1 })
    const own = runnerFor(wide, extentOf(25_000, 64))
    should(programBytes(own.program.plan).backward).be.above(2 ** 30)
    should(runnerFor(wide, extentOf(25_000, 64))).equal(own)
    // one that comes after it drives it out
    const small = runnerFor(cell, extentOf(3))
    should(runnerFor(cell, extentOf(3))).equal(small)
    releasePrograms()
  })
})
