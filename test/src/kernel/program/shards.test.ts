/** How a batch is cut into shards, and that it makes no difference in how many or in which order they are run. */
import fc from 'fast-check'
import should from 'should'
import type { Unrolled } from '../../../../src'
import { giveMemory, takeMemory } from '../../../../src/kernel/memories'
import { plainKernel } from '../../../../src/kernel/plain/plain'
import type { ProgramPlan } from '../../../../src/kernel/program/plan'
import { type Program, program, programBytes, type TermsKind } from '../../../../src/kernel/program/program'
import { shardsOf } from '../../../../src/kernel/program/shards'
import { random } from '../../../../src/random/random'
import type { Cell } from '../../../../src/rnn-cell/cell'
import { entry } from '../../../../src/tensor/axes'
import { type Extent, programPlan } from '../../../../src/unroll/compile'
import { type Case, cases, relativeError, run } from '../../../support/networks'

const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0)

/** The plan of an unrolled network. */
function planOf({ cell, topology, batch, steps, inputSteps, readouts, present }: Unrolled): ProgramPlan {
  const extent: Extent = { topology, batch, steps, inputSteps, readouts, masked: present !== undefined }
  return programPlan(cell, extent)
}

interface Results {
  readonly states: number[][]
  readonly logits: number[]
  readonly gradients: Record<string, number[]>
  readonly terms: number[][]
  readonly norms: number[]
}

/** Forward and back over what a network was unrolled over, its shards in the order that `orderOf` gives them. */
function runShards(
  unrolled: Unrolled,
  shards: readonly number[],
  terms: TermsKind,
  orderOf: (indices: number[]) => number[] = (indices) => indices,
): Results {
  const { cell } = unrolled
  const plan = { ...planOf(unrolled), shards }
  const taken = takeMemory()
  const { memory } = taken
  taken.reserve(programBytes(plan)[terms === 'sequence' ? 'sequenceTerms' : 'backward'])
  const own = program(plan, memory, plainKernel(memory, plan.dtype))
  load(own, unrolled, cell)
  const order = () => orderOf(shards.map((_, shard) => shard))
  for (const shard of order()) own.forward(shard)
  for (const shard of order()) should(own.backward(shard, terms)).be.true()
  for (const share of order()) own.gradients(share, terms)
  const all = results(own, terms)
  giveMemory(taken)
  return all
}

function load(own: Program, { inputs, fed, present, strands, logits }: Unrolled, cell: Cell): void {
  const { layout, plan } = own
  for (const [name, { data }] of Object.entries(cell.parameters))
    own.floats(layout.parameters[name], data.length).set(data)
  const [first, second] = layout.inputs
  own.floats(first, inputs.data.length).set(inputs.data)
  if (fed) own.floats(second ?? first + inputs.data.byteLength, fed.inputs.data.length).set(fed.inputs.data)
  if (present) own.bytes(layout.present, present.length).set(present)
  strands.forEach(({ hidden, cellState, reverse }, strand) => {
    const at = reverse ? plan.steps : 0
    const size = plan.batch * plan.hiddenSize
    const begin = (pointer: number) => own.floats(pointer, (plan.steps + 1) * size).subarray(at * size)
    begin(layout.strands[strand].hidden).set(entry(hidden, at))
    if (cellState) begin(layout.strands[strand].cellState).set(entry(cellState, at))
  })
  const { normal } = random(1)
  own.floats(layout.logitGradient, logits.data.length).forEach((_, index, all) => {
    all[index] = normal()
  })
}

function results(own: Program, terms: TermsKind): Results {
  const { plan, layout, partials } = own
  const { batch, steps, hiddenSize, outputSize, readouts } = plan
  const states = (pointer: number) => [...own.floats(pointer, (steps + 1) * batch * hiddenSize)]
  /** ‖∂L/∂s_t‖² over all shards, which each keep their own under exponents of their own */
  const norms = layout.strands.flatMap((_, strand) =>
    Array.from({ length: 2 * steps }, (_, index) =>
      sum(
        layout.shards.map((shard) => {
          const [exponent] = own.integers(shard.exponents[strand] + 4 * Math.floor(index / 2), 1)
          return own.doubles(shard.norms[strand], 2 * steps)[index] * 4 ** exponent
        }),
      ),
    ),
  )
  const termsOf = ({
    slot,
    first,
    steps: count,
    b,
    cellStates,
  }: Program['partials'][string][number]): number[][] => {
    const many = (pointer: number) => [...own.doubles(pointer + 8 * (first - 1) * batch, count * batch)]
    if (terms === 'batch') return [[...own.doubles(slot.batch + 8 * (first - 1), count)]]
    return [many(slot.rows), ...(b && !cellStates ? [many(slot.columns)] : [])]
  }
  return {
    states: layout.strands.flatMap(({ hidden, cellState }) =>
      [hidden, cellState].filter((pointer) => pointer !== 0).map(states),
    ),
    logits: [...own.floats(layout.logits, readouts.length * batch * outputSize)],
    gradients: Object.fromEntries(
      plan.parameters
        .filter(([name]) => partials[name].length > 0)
        .map(([name, count]) => [name, [...own.floats(layout.gradients[name], count)]]),
    ),
    terms: terms === 'none' ? [] : Object.values(partials).flat().flatMap(termsOf),
    norms,
  }
}

function shouldAgree(a: Results, b: Results, bound: number): void {
  a.states.forEach((own, index) => {
    should(relativeError(own, b.states[index], 1e-3)).be.below(bound)
  })
  should(relativeError(a.logits, b.logits, 1e-3)).be.below(bound)
  const floor = 1e-3 * Math.hypot(...Object.values(b.gradients).flat())
  for (const [name, own] of Object.entries(b.gradients))
    should(relativeError(a.gradients[name], own, floor)).be.below(bound, name)
  a.terms.forEach((own, index) => {
    should(relativeError(own, b.terms[index], floor ** 2)).be.below(bound, `terms ${index}`)
  })
  should(relativeError(a.norms, b.norms, floor ** 2)).be.below(bound)
}

/** So many sequences cut into shards at the places that are drawn. */
const cutsOf = (batch: number, places: readonly number[]): number[] => {
  const edges = [...new Set(places.map((place) => place % batch))].filter((edge) => edge > 0)
  return [...edges, batch]
    .sort((a, b) => a - b)
    .map((edge, index, all) => edge - (index === 0 ? 0 : all[index - 1]))
}

const own = {
  batch: fc.integer({ min: 2, max: 9 }),
  hiddenSize: fc.integer({ min: 1, max: 20 }),
  teacherForcing: fc.constantFrom(0, 1),
  feed: fc.constant('zeros' as const),
}

describe('the shards of a program', () => {
  for (const terms of ['batch', 'sequence'] as const)
    it(`give the states, gradients and terms (${terms}) of the whole batch, however it is cut`, () => {
      fc.assert(
        fc.property(
          cases('float64', 7, own),
          fc.array(fc.nat(), { minLength: 1, maxLength: 4 }),
          (network, places) => {
            const unrolled = run(network)
            const whole = runShards(unrolled, [unrolled.batch], terms)
            shouldAgree(runShards(unrolled, cutsOf(unrolled.batch, places), terms), whole, 1e-12)
          },
        ),
        { numRuns: 120 },
      )
    })

  it('give the same to the last bit in whichever order they are run', () => {
    fc.assert(
      fc.property(cases('float32', 6, own), fc.integer(), (network, seed) => {
        const unrolled = run(network)
        const shards = cutsOf(unrolled.batch, [1, 3, 4, 6])
        const { integer } = random(seed)
        const shuffled = (indices: number[]) => {
          const left = [...indices]
          return indices.map(() => left.splice(integer(0, left.length - 1), 1)[0])
        }
        const terms = seed % 2 === 0 ? 'batch' : 'sequence'
        const wanted = runShards(unrolled, shards, terms)
        should(runShards(unrolled, shards, terms, shuffled)).eql(wanted)
        should(runShards(unrolled, shards, terms, (indices) => indices.toReversed())).eql(wanted)
      }),
      { numRuns: 40 },
    )
  })

  it('carry what vanishes as the whole batch does', () => {
    const [network] = fc.sample(
      cases('float32', 60, {
        ...own,
        type: fc.constant('rnn'),
        activation: fc.constant('tanh'),
        clip: fc.constant(undefined),
        topology: fc.constant('many-to-one'),
        padding: fc.constant('none'),
        readout: fc.constant('linear'),
        loss: fc.constant('mse'),
        layers: fc.constant(1),
        bidirectional: fc.constant(false),
        steps: fc.constant(60),
        batch: fc.constant(6),
        gain: fc.constant(0.02),
      }),
      1,
    ) as Case[]
    const unrolled = run(network)
    const logs = ({ norms }: Results) => norms.map((square) => Math.log(square) / 2)
    const results = [[6], [1, 2, 3]].map((shards) => runShards(unrolled, shards, 'none'))
    const [whole, cut] = results.map(logs)
    for (const [name, gradient] of Object.entries(results[0].gradients))
      should(relativeError(results[1].gradients[name], gradient)).be.below(1e-5, name)
    // of what is carried on from the first step nobody asks
    should(whole[2 * 59]).be.below(-120)
    for (const [index, value] of whole.slice(0, -1).entries())
      should(cut[index]).be.approximately(value, 1e-4, `${index}`)
  })
})

describe('the number of shards', () => {
  const [network] = fc.sample(
    cases('float32', 4, { ...own, padding: fc.constant('none'), topology: fc.constant('many-to-one') }),
    1,
  ) as Case[]
  const plan = planOf(run(network))
  const { shards: _, ...usual } = plan
  const of = (batch: number, hiddenSize: number, steps: number) =>
    shardsOf({ ...usual, batch, hiddenSize, steps, inputSteps: steps, readouts: [steps] })

  it('is one for little work and for few sequences, and up to four', () => {
    should(of(32, 16, 50)).eql([32])
    should(of(1, 512, 1000)).eql([1])
    should(of(15, 512, 1000)).eql([15])
    should(of(16, 512, 1000)).eql([8, 8])
    should(of(127, 512, 1000)).have.length(2)
    should(of(128, 512, 1000)).eql([32, 32, 32, 32])
    should(of(1000, 512, 1000)).have.length(4)
  })

  it('cuts any batch into shards that add up to it, none of them empty, at whole groups of four', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5000 }),
        fc.constantFrom(1, 8, 64, 512),
        fc.constantFrom(1, 100, 5000),
        (batch, hiddenSize, steps) => {
          const shards = of(batch, hiddenSize, steps)
          should(sum(shards)).equal(batch)
          should(shards.length).be.within(1, 4)
          for (const rows of shards.slice(0, -1)) should(rows % 4).equal(0)
          const least = shards.length === 1 ? 1 : 5
          for (const rows of shards) should(rows).be.aboveOrEqual(least)
          should(Math.max(...shards) - Math.min(...shards)).be.belowOrEqual(7)
        },
      ),
      { numRuns: 500 },
    )
  })

  it('depends on the sizes alone', () => {
    const before = process.env.RNN_WORKERS
    const numbers = ['0', '1', '3', '64'].map((workers) => {
      process.env.RNN_WORKERS = workers
      return of(64, 256, 100)
    })
    if (before === undefined) delete process.env.RNN_WORKERS
    else process.env.RNN_WORKERS = before
    for (const shards of numbers) should(shards).eql([32, 32])
  })
})
