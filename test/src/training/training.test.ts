/** The training loop in one memory against the loop through the rooms, as a person would write it. */
import fc from 'fast-check'
import should from 'should'
import {
  applyUpdate,
  bpttGradient,
  type Cell,
  type ClipperOptions,
  clipGradient,
  type Gradient,
  type OptimizerOptions,
  type OptimizerState,
  optimizer,
  rnnCell,
  type ScheduleOptions,
  sequenceSource,
  type Tensor,
  type TrainingOptions,
  type TrainingStep,
  tensor,
  training,
  unroll,
} from '../../../src'
import { random } from '../../../src/random/random'
import { resident } from '../../../src/training/resident'
import { type Case, cases, type Draws, relativeError } from '../../support/networks'
import { throwsExpected } from '../../support/throws'

interface Batch {
  readonly inputs: Tensor
  readonly targets: Tensor
}

interface Done extends TrainingStep {
  readonly cell: Cell
  readonly state: OptimizerState
}

/** The loop through the rooms, step by step in plain TypeScript. */
function byRooms(
  cell: Cell,
  { unroll: forward, bptt, clip, optimizer: rule }: TrainingOptions,
  batches: readonly Batch[],
): Done[] {
  const adam = optimizer(rule)
  let current = cell
  return batches.map(({ inputs, targets }) => {
    const unrolled = unroll(current, inputs, { ...forward, targets, kernel: 'reference' })
    const gradient: Gradient = bpttGradient(unrolled, targets, { ...bptt, kernel: 'reference' })
    const clipped = clipGradient(gradient, { ...clip, parameters: current.parameters })
    const update = adam.update(clipped, current)
    current = applyUpdate(current, update)
    const { step, skipped } = update
    return { loss: gradient.loss, norm: gradient.norm, step, skipped, cell: current, state: adam.state() }
  })
}

function byTraining(cell: Cell, options: TrainingOptions, batches: readonly Batch[]): Done[] {
  const own = training(cell, options)
  const done = batches.map(({ inputs, targets }) => ({
    ...own.step(inputs, targets),
    cell: own.cell(),
    state: own.state(),
  }))
  own.close()
  return done
}

function shouldAgree(got: readonly Done[], wanted: readonly Done[], bound: number): void {
  should(got.length).equal(wanted.length)
  got.forEach((own, index) => {
    const other = wanted[index]
    const { step, skipped } = other
    should({ step: own.step, skipped: own.skipped }).eql({ step, skipped })
    for (const name of ['loss', 'norm'] as const)
      should(own[name]).be.approximately(other[name], bound * Math.max(1, Math.abs(other[name])), name)
    const size = Math.hypot(...Object.values(other.cell.parameters).flatMap(({ data }) => [...data]))
    for (const [name, { data }] of Object.entries(other.cell.parameters))
      should(relativeError(own.cell.parameters[name].data, data, 1e-3 * size)).be.below(
        bound,
        `${name} after step ${index + 1}`,
      )
    should(own.state.step).equal(other.state.step)
    should(Object.keys(own.state.moments)).eql(Object.keys(other.state.moments))
    for (const [name, moments] of Object.entries(other.state.moments)) {
      should(Object.keys(own.state.moments[name])).eql(Object.keys(moments))
      for (const [key, moment] of Object.entries(moments))
        should(relativeError(own.state.moments[name][key], moment, 1e-6)).be.below(
          10 * bound,
          `${key} of ${name}`,
        )
    }
  })
}

/** What a state keeps, without what is not there. */
const kept = ({ rule, step, moments }: OptimizerState) => ({ rule, step, moments })

/** Batches of the same shapes, each with other numbers. */
function batchesLike({ inputs, targets }: Batch, count: number, seed: number): Batch[] {
  const { normal } = random(seed)
  const filled = ({ dtype, shape, data }: Tensor): Tensor =>
    tensor(
      dtype,
      shape,
      data.map(() => normal()),
    )
  return Array.from({ length: count }, () => ({ inputs: filled(inputs), targets: filled(targets) }))
}

const usual: Partial<Draws> = {
  topology: fc.constantFrom('many-to-one', 'many-to-many', 'one-to-one'),
  readout: fc.constant('linear'),
  loss: fc.constant('mse'),
  reduction: fc.constant('mean'),
  padding: fc.constant('none'),
  pausesFirst: fc.constant(false),
  gain: fc.constant(0.6),
}
const clips = fc.constantFrom<(ClipperOptions | undefined)[]>(
  undefined,
  { rule: 'none' },
  { rule: 'global-norm', threshold: 0.05 },
  { rule: 'global-norm', threshold: 0.5, epsilon: 0 },
  { rule: 'global-norm', threshold: 1e3 },
)
const schedules = fc.constantFrom<(ScheduleOptions | undefined)[]>(
  undefined,
  { name: 'constant', warmupSteps: 4 },
  { name: 'step', stepSize: 5, gamma: 0.5 },
  { name: 'multi-step', milestones: [3, 9] },
  { name: 'exponential', gamma: 0.9 },
  { name: 'cosine', totalSteps: 12 },
  { name: 'warm-up', warmupSteps: 6 },
  { name: 'one-cycle', totalSteps: 15 },
  { name: 'inverse-square-root', warmupSteps: 3 },
  { name: 'polynomial', totalSteps: 18, power: 2 },
)
const rules = fc.constantFrom<OptimizerOptions[]>(
  {},
  { rule: 'adam', learningRate: 0.03 },
  { rule: 'adam', beta1: 0.5, beta2: 0.9, epsilon: 1e-3, learningRate: 0.02 },
  { rule: 'sgd' },
  { rule: 'sgd', learningRate: 0.1 },
  { rule: 'sgd', learningRate: 0.05, momentum: 0.9 },
)
const optionsOf = (
  { unroll: { topology } }: Case,
  clip: ClipperOptions | undefined,
  rule: OptimizerOptions,
  schedule: ScheduleOptions | undefined,
): TrainingOptions => ({
  unroll: { topology },
  ...(clip && { clip }),
  optimizer: { ...rule, ...(schedule && { schedule }) },
})

/** Whether the options are such that the whole loop stays in one memory. */
function staysInMemory(cell: Cell, options: TrainingOptions, { inputs, targets }: Batch): boolean {
  const own = resident(cell, options, optimizer(options.optimizer).state(), inputs, targets)
  own?.close()
  return own !== undefined
}

describe('training', () => {
  for (const [precision, bound] of [
    ['float64', 1e-10],
    ['float32', 1e-3],
  ] as const)
    it(`takes the steps of the loop through the rooms, every cell, rule, clip and schedule, in ${precision}`, () => {
      fc.assert(
        fc.property(cases(precision, 8, usual), clips, rules, schedules, (network, clip, rule, schedule) => {
          const options = optionsOf(network, clip, rule, schedule)
          const batches = batchesLike(network, precision === 'float64' ? 24 : 10, 3)
          should(staysInMemory(network.cell, options, batches[0])).be.true()
          shouldAgree(
            byTraining(network.cell, options, batches),
            byRooms(network.cell, options, batches),
            bound,
          )
        }),
        { numRuns: precision === 'float64' ? 120 : 40 },
      )
    })

  it('goes through the rooms for anything unusual, with the same result', () => {
    const unusual: TrainingOptions[] = [
      { clip: { rule: 'value', threshold: 0.1 } },
      { clip: { rule: 'per-tensor-norm', threshold: 0.1 } },
      { clip: { rule: 'global-norm', normType: 1, threshold: 0.1 } },
      { clip: { rule: 'adaptive' } },
      { clip: { rule: 'zero-nans' } },
      { optimizer: { rule: 'adamw' } },
      { optimizer: { rule: 'adam', amsgrad: true } },
      { optimizer: { rule: 'adam', epsilonPlacement: 'keras' } },
      { optimizer: { rule: 'adam', weightDecay: 0.1 } },
      { optimizer: { rule: 'adam', accumulate: 3 } },
      { optimizer: { rule: 'sgd', momentum: 0.9, nesterov: true } },
      { optimizer: { rule: 'sgd', momentum: 0.9, dampening: 0.1 } },
      { optimizer: { rule: 'rmsprop' } },
      { optimizer: { schedule: { name: 'reduce-on-plateau' } } },
      { bptt: { loss: 'mae' } },
      { bptt: { reduction: 'sum' } },
      { bptt: { k1: 2, k2: 3 } },
      { bptt: { mask: [1, 0, 1] } },
      { unroll: { lengths: [5, 2, 3] } },
      { unroll: { checkpoint: true } },
    ]
    const cell = rnnCell({ type: 'gru', inputSize: 2, hiddenSize: 4, outputSize: 1, precision: 'float64' })
    const like = { inputs: tensor('float64', [3, 5, 2]), targets: tensor('float64', [3, 1]) }
    const batches = batchesLike(like, 20, 5)
    should(staysInMemory(cell, {}, like)).be.true()
    for (const options of unusual) {
      should(staysInMemory(cell, options, like)).be.false()
      shouldAgree(byTraining(cell, options, batches), byRooms(cell, options, batches), 1e-10)
    }
    const soft = rnnCell({
      inputSize: 2,
      hiddenSize: 4,
      outputSize: 1,
      readout: 'sigmoid',
      precision: 'float64',
    })
    should(staysInMemory(soft, {}, like)).be.false()
    shouldAgree(byTraining(soft, {}, batches), byRooms(soft, {}, batches), 1e-10)
  })

  it('stays in one memory for the batches of a source, which are float64, with a cell of float32', () => {
    const source = sequenceSource({ task: 'adding', length: 6, batch: 4, steps: 3, seed: 1 })
    const cell = rnnCell({ inputSize: 2, hiddenSize: 5, outputSize: 1, seed: 3 })
    const batches = [...source].map(({ inputs, targets }) => ({ inputs, targets }))
    should(batches).matchEach(({ inputs }: { inputs: Tensor }) => should(inputs.dtype).equal('float64'))
    const [{ inputs, targets }] = batches
    const held = resident(cell, {}, { rule: 'adam', step: 0, moments: {} }, inputs, targets)
    should(held).be.ok()
    held?.close()
    const loop = training(cell)
    const losses = batches.map((batch) => loop.step(batch.inputs, batch.targets).loss)
    let current = cell
    const adam = optimizer()
    for (const [index, batch] of batches.entries()) {
      const gradient = bpttGradient(unroll(current, batch.inputs), batch.targets)
      should(losses[index]).be.approximately(gradient.loss, 1e-6 * gradient.loss)
      current = applyUpdate(current, adam.update(clipGradient(gradient), current))
    }
  })

  it('takes nested arrays and tensors of the other precision as the rooms do', () => {
    const cell = rnnCell({ inputSize: 1, hiddenSize: 3, outputSize: 1, precision: 'float64', seed: 2 })
    const own = training(cell)
    const other = training(cell)
    const nested = own.step(
      [
        [[1], [2]],
        [[3], [4]],
      ],
      [[1], [0.5]],
    )
    const narrow = other.step(
      tensor('float32', [2, 2, 1], Float32Array.of(1, 2, 3, 4)),
      tensor('float32', [2, 1], Float32Array.of(1, 0.5)),
    )
    should(narrow).eql(nested)
    const wide = {
      inputs: tensor('float64', [2, 2, 1], Float64Array.of(1, 2, 3, 4)),
      targets: tensor('float64', [2, 1], Float64Array.of(1, 0.5)),
    }
    should(wide.inputs.data).have.length(4)
    const [memory] = byTraining(cell, {}, [wide])
    should(memory.loss).be.approximately(nested.loss, 1e-14)
    for (const [name, { data }] of Object.entries(own.cell().parameters))
      should(relativeError(memory.cell.parameters[name].data, data)).be.below(1e-10)
  })

  it('goes on from cell() and state() to the last bit as if it had not been stopped', () => {
    for (const precision of ['float32', 'float64'] as const)
      fc.assert(
        fc.property(
          cases(precision, 6, usual),
          clips,
          rules,
          schedules,
          fc.nat(9),
          (network, clip, rule, schedule, stop) => {
            const options = optionsOf(network, clip, rule, schedule)
            const batches = batchesLike(network, 10, 4)
            const whole = byTraining(network.cell, options, batches)
            const first = training(network.cell, options)
            for (const { inputs, targets } of batches.slice(0, stop)) first.step(inputs, targets)
            // as it comes out of a file
            const state = structuredClone(first.state())
            const second = training(first.cell(), options, state)
            first.close()
            for (const [index, { inputs, targets }] of batches.slice(stop).entries()) {
              const { cell, state: after, ...wanted } = whole[stop + index]
              should(second.step(inputs, targets)).eql(wanted)
              should(second.cell().parameters).eql(cell.parameters)
              should(kept(second.state())).eql(kept(after))
            }
            second.close()
          },
        ),
        { numRuns: 25 },
      )
  })

  it('goes on through batches of other shapes in between', () => {
    const cell = rnnCell({ type: 'lstm', inputSize: 2, hiddenSize: 4, outputSize: 1, precision: 'float64' })
    const of = (batch: number, steps: number, seed: number) =>
      batchesLike(
        { inputs: tensor('float64', [batch, steps, 2]), targets: tensor('float64', [batch, 1]) },
        3,
        seed,
      )
    const batches = [...of(3, 5, 1), ...of(1, 9, 2), ...of(3, 5, 3), ...of(8, 2, 4), ...of(3, 5, 5)]
    for (const optimizer of [{ rule: 'adam' }, { rule: 'sgd', momentum: 0.9 }] as const)
      shouldAgree(byTraining(cell, { optimizer }, batches), byRooms(cell, { optimizer }, batches), 1e-10)
  })

  it('is changed by nothing that is wrong with inputs or targets', () => {
    const cell = rnnCell({ inputSize: 2, hiddenSize: 3, outputSize: 1, precision: 'float64' })
    const [{ inputs, targets }] = batchesLike(
      { inputs: tensor('float64', [2, 3, 2]), targets: tensor('float64', [2, 1]) },
      1,
      1,
    )
    const wrong: [unknown, unknown][] = [
      [tensor('float64', [2, 3, 1]), targets],
      [tensor('float64', [2, 0, 2]), targets],
      [inputs, tensor('float64', [2, 2])],
      [inputs, tensor('float64', [3, 1])],
      [tensor('float64', [0, 3, 2]), tensor('float64', [0, 1])],
      ['x', targets],
      [inputs, undefined],
    ]
    const own = training(cell)
    const undisturbed = training(cell)
    for (const [x, y] of wrong) {
      const before = { cell: own.cell(), state: kept(own.state()) }
      throwsExpected(() => own.step(x, y), /expected/)
      should({ cell: own.cell(), state: kept(own.state()) }).eql(before)
      should(own.step(inputs, targets)).eql(undisturbed.step(inputs, targets))
    }
    should(own.cell()).eql(undisturbed.cell())
  })

  it('skips a gradient that is not finite, as the optimizer does, and goes on', () => {
    const cell = rnnCell({
      inputSize: 1,
      hiddenSize: 2,
      outputSize: 1,
      activation: 'linear',
      precision: 'float64',
      parameters: {
        W: [
          [1e30, 0],
          [0, 1],
        ],
      },
    })
    const of = (steps: number, value: number): Batch => ({
      inputs: tensor('float64', [1, steps, 1], new Float64Array(steps).fill(value)),
      targets: tensor('float64', [1, 1]),
    })
    // h grows as 1e30ᵗ: beyond all numbers after 11 steps; the square of the error before that
    const batches = [of(2, 1e-3), of(30, 1), of(2, 1e-3), of(8, 1), of(2, 2e-3)]
    const done = byTraining(cell, {}, batches)
    should(done.map(({ skipped }) => skipped)).eql([false, true, false, true, false])
    should(done.map(({ step }) => step)).eql([1, 1, 2, 2, 3])
    should(done[1].cell).eql(done[0].cell)
    should(kept(done[1].state)).eql(kept(done[0].state))
    const wanted = byRooms(cell, {}, batches)
    should(done.map(({ skipped, step }) => ({ skipped, step }))).eql(
      wanted.map(({ skipped, step }) => ({ skipped, step })),
    )
    for (const [name, { data }] of Object.entries(wanted[4].cell.parameters))
      should(relativeError(done[4].cell.parameters[name].data, data)).be.below(1e-10)
  })

  it('skips inputs and targets that are not finite', () => {
    const cell = rnnCell({ inputSize: 2, hiddenSize: 3, outputSize: 1, precision: 'float64' })
    const like = { inputs: tensor('float64', [2, 3, 2]), targets: tensor('float64', [2, 1]) }
    const [{ inputs, targets }] = batchesLike(like, 1, 1)
    const broken = (from: Tensor, value: number) => ({ ...from, data: from.data.slice().fill(value, 1, 2) })
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY])
      for (const batch of [
        { inputs: broken(inputs, value), targets },
        { inputs, targets: broken(targets, value) },
      ]) {
        const [first, skipped, last] = byTraining(cell, {}, [{ inputs, targets }, batch, { inputs, targets }])
        should([first.skipped, skipped.skipped, last.skipped]).eql([false, true, false])
        should(skipped.cell).eql(first.cell)
        should(kept(skipped.state)).eql(kept(first.state))
        const wanted = byTraining(cell, {}, [
          { inputs, targets },
          { inputs, targets },
        ])
        should(last.cell).eql(wanted[1].cell)
      }
  })

  it('starts afresh from a state that is of another cell, and takes in gradients that wait in it', () => {
    const like = { inputs: tensor('float64', [2, 3, 2]), targets: tensor('float64', [2, 1]) }
    const [cell, larger] = [3, 5].map((hiddenSize) =>
      rnnCell({ inputSize: 2, hiddenSize, outputSize: 1, precision: 'float64' }),
    )
    const [first, second] = batchesLike(like, 2, 1)
    const stateAfter = (own: Cell, optimizer: OptimizerOptions) => {
      const done = training(own, { optimizer })
      done.step(first.inputs, first.targets)
      return done.state()
    }
    const fresh = training(cell)
    const wanted = fresh.step(second.inputs, second.targets)
    for (const state of [stateAfter(larger, {}), stateAfter(rnnCell({ ...cell.sizes, hiddenSize: 2 }), {})]) {
      const own = training(cell, {}, state)
      should(own.step(second.inputs, second.targets)).eql(wanted)
      should(own.cell()).eql(fresh.cell())
    }
    const waiting = stateAfter(cell, { accumulate: 2 })
    const [inMemory, byHand] = [training(cell, {}, waiting), optimizer({}, waiting)]
    inMemory.step(second.inputs, second.targets)
    const unrolled = unroll(cell, second.inputs)
    const clipped = clipGradient(bpttGradient(unrolled, second.targets))
    const after = applyUpdate(cell, byHand.update(clipped, cell))
    for (const [name, { data }] of Object.entries(after.parameters))
      should(relativeError(inMemory.cell().parameters[name].data, data)).be.below(1e-12)
    should(inMemory.state().accumulated).equal(undefined)
  })

  it('makes no update that would leave the finite numbers', () => {
    const cell = rnnCell({ inputSize: 1, hiddenSize: 2, outputSize: 1 })
    const batch = {
      inputs: tensor('float32', [1, 2, 1], Float32Array.of(1, 2)),
      targets: tensor('float32', [1, 1], Float32Array.of(5)),
    }
    for (const rule of [
      { rule: 'sgd', learningRate: 1e39 },
      { rule: 'sgd', learningRate: 1e38, momentum: 0.9 },
    ] as const) {
      const options: TrainingOptions = { clip: { rule: 'none' }, optimizer: rule }
      const [got, wanted] = [byTraining, byRooms].map((loop) => loop(cell, options, [batch, batch]))
      should(got.map(({ skipped }) => skipped)).eql(wanted.map(({ skipped }) => skipped))
      for (const { cell: after } of got)
        for (const { data } of Object.values(after.parameters)) should(data.every(Number.isFinite)).be.true()
    }
  })

  it('can be closed, more than once, and takes steps afterwards', () => {
    const cell = rnnCell({ type: 'gru', inputSize: 2, hiddenSize: 3, outputSize: 1 })
    const batches = batchesLike(
      { inputs: tensor('float32', [2, 3, 2]), targets: tensor('float32', [2, 1]) },
      6,
      1,
    )
    const whole = byTraining(cell, {}, batches)
    const own = training(cell)
    batches.forEach(({ inputs, targets }, index) => {
      own.close()
      const { cell: wanted, state, ...step } = whole[index]
      should(own.step(inputs, targets)).eql(step)
      own.close()
      own.close()
      should(own.cell()).eql(wanted)
      should(kept(own.state())).eql(kept(state))
    })
    // what it had is given back: another one's numbers are not in the way
    const [a, b] = [training(cell), training(cell)]
    const other = batches[5]
    for (const [index, { inputs, targets }] of batches.entries()) {
      const { loss } = a.step(inputs, targets)
      b.step(other.inputs, other.targets)
      should(loss).equal(whole[index].loss)
    }
  })

  it('leaves the cell that it was given, and what it has handed out, as they were', () => {
    const cell = rnnCell({ inputSize: 1, hiddenSize: 2, outputSize: 1 })
    const before = JSON.stringify(cell)
    const own = training(cell)
    const { inputs, targets } = batchesLike(
      { inputs: tensor('float32', [2, 3, 1]), targets: tensor('float32', [2, 1]) },
      1,
      1,
    )[0]
    own.step(inputs, targets)
    const [first, state] = [own.cell(), own.state()]
    const then = JSON.stringify([first, state])
    own.step(inputs, targets)
    should(JSON.stringify(cell)).equal(before)
    should(JSON.stringify([first, state])).equal(then)
    should(JSON.stringify(own.cell())).not.equal(JSON.stringify(first))
  })

  it('refuses options that are wrong at once', () => {
    const cell = rnnCell({ inputSize: 1, hiddenSize: 2, outputSize: 1 })
    throwsExpected(() => training(cell, { optimizer: { rule: 'adam', beta1: 1 } }), /beta1/)
    throwsExpected(() => training(cell, { clip: { threshold: -1 } }), /threshold/)
    throwsExpected(
      () => training(cell, { optimizer: { rule: 'sgd' } }, optimizer().state()),
      'expected a state of the rule sgd, got one of adam',
    )
  })
})
