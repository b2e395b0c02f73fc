/** optimizer: schedules of its dialog, seen in the learning rates that leave the node. */
import should from 'should'
import { loop, type Message, type Running, withFlow } from '../support/flow'
import {
  deltasOf,
  gradientMessages,
  optimizerNode,
  passing,
  ratesOf,
  updatesBy,
} from '../support/optimizer-flow'

const near = (got: (number | undefined)[], wanted: number[]) => {
  should(got).have.length(wanted.length)
  got.forEach((rate, index) => {
    should(rate).be.approximately(wanted[index], 1e-12)
  })
}

const withBudget = (messages: Message[], steps: number): Message[] =>
  messages.map((msg) => ({ ...msg, sequence: { phase: 'train', steps } }))

describe('optimizer: schedules that go by the step', () => {
  const root = Math.sqrt
  const schedules: [fields: object, rates: number[]][] = [
    [{ schedule: 'constant' }, [0.8, 0.8, 0.8]],
    [{ schedule: 'constant', warmupSteps: '2', warmupStartFactor: '0.5' }, [0.8, 0.8, 0.8]],
    [{ schedule: 'step', scheduleStepSize: '2' }, [0.8, 0.8, 0.08]],
    [{ schedule: 'step', scheduleStepSize: '2', scheduleGamma: '0.5' }, [0.8, 0.8, 0.4, 0.4, 0.2]],
    [{ schedule: 'multi-step', scheduleMilestones: '1, 3' }, [0.8, 0.08, 0.08, 0.008]],
    [{ schedule: 'multi-step', scheduleMilestones: '2,1', scheduleGamma: '0.5' }, [0.8, 0.4, 0.2, 0.2]],
    [{ schedule: 'exponential', scheduleGamma: '0.5' }, [0.8, 0.4, 0.2, 0.1]],
    [{ schedule: 'cosine', scheduleTotalSteps: '2' }, [0.8, 0.4, 0]],
    [{ schedule: 'cosine', scheduleTotalSteps: '2', scheduleMinimum: '0.2' }, [0.8, 0.5, 0.2]],
    [{ schedule: 'warm-up', warmupSteps: '2' }, [0.8 / 3, (0.8 * 2) / 3, 0.8, 0.8]],
    [{ schedule: 'warm-up', warmupSteps: '4', warmupStartFactor: '0.2' }, [0.16, 0.32, 0.48, 0.64, 0.8]],
    [{ schedule: 'one-cycle', scheduleTotalSteps: '10' }, [0.032, 0.416, 0.8]],
    [
      {
        schedule: 'one-cycle',
        scheduleTotalSteps: '5',
        schedulePctStart: '0.4',
        scheduleDivFactor: '4',
        scheduleFinalDivFactor: '10',
      },
      [0.2, 0.8, 0.605, 0.215, 0.02],
    ],
    [
      { schedule: 'inverse-square-root', warmupSteps: '2', warmupStartFactor: '0.5' },
      [0.4, 0.6, 0.8, 0.8 * root(2 / 3), 0.8 * root(1 / 2)],
    ],
    [{ schedule: 'polynomial', scheduleTotalSteps: '4' }, [0.8, 0.6, 0.4, 0.2, 0]],
    [{ schedule: 'polynomial', scheduleTotalSteps: '4', schedulePower: '2' }, [0.8, 0.45, 0.2, 0.05, 0]],
    [
      {
        schedule: 'exponential',
        scheduleGamma: '0.5',
        warmupSteps: '2',
        warmupStartFactor: '0.5',
      },
      [0.4, 0.6, 0.8, 0.4],
    ],
  ]
  for (const [fields, rates] of schedules)
    it(JSON.stringify(fields), async () => {
      const config = { rule: 'sgd', learningRate: '0.8', ...fields }
      near(ratesOf(await updatesBy(config, gradientMessages(rates.length))), rates)
    })

  it('multiplies the step with it', async () => {
    const config = { rule: 'sgd', learningRate: '0.8', schedule: 'exponential', scheduleGamma: '0.5' }
    const [first] = gradientMessages(1)
    const [[before], [after]] = (await updatesBy(config, [first, first])).map(deltasOf)
    should(after).be.approximately(before / 2, 1e-15)
  })

  for (const [fields, says] of [
    [{ schedule: 'triangle' }, /expected schedule to be one of constant, step, .*, got the text "triangle"/],
    [{ schedule: 'step' }, /expected stepSize to be a whole number from 1, got undefined/],
    [{ schedule: 'multi-step' }, /expected milestones in updates, such as 100, 200, got none/],
    [{ schedule: 'multi-step', scheduleMilestones: '1, soon' }, /expected a milestone to be a number/],
    [{ schedule: 'exponential' }, /expected gamma to be a number above 0, got undefined/],
    [{ schedule: 'warm-up' }, /expected warmupSteps to be a whole number from 1, got undefined/],
    [{ schedule: 'reduce-on-plateau', scheduleFactor: '1' }, /expected factor below 1, got 1/],
    [{ schedule: 'cosine', scheduleMinimum: '-1' }, /expected minLearningRate to be a number from 0, got -1/],
  ] as const)
    it(`says what is wrong with ${JSON.stringify(fields)}`, () =>
      withFlow(optimizerNode(fields), async (flow) => {
        flow.send('optimizer', gradientMessages(1)[0])
        should((await flow.next('errors')).error?.message).match(says)
      }))
})

describe('optimizer: a schedule as long as the budget of the source', () => {
  const polynomial = { rule: 'sgd', learningRate: '0.8', schedule: 'polynomial' }
  const rates = [0.8, 0.6, 0.4, 0.2, 0]

  it('takes its total steps from the message when they are left blank, and the dialog first', async () => {
    const messages = withBudget(gradientMessages(5), 4)
    near(ratesOf(await updatesBy(polynomial, messages)), rates)
    near(ratesOf(await updatesBy({ ...polynomial, scheduleTotalSteps: '2' }, messages)), [0.8, 0.4, 0, 0, 0])
  })

  it('counts updates, not batches, and has the warm-up within the budget', async () => {
    const config = { ...polynomial, accumulate: '2', warmupSteps: '1', warmupStartFactor: '0.5' }
    const updates = await updatesBy(config, withBudget(gradientMessages(12), 10))
    near(ratesOf(updates.filter((_, index) => index % 2 === 1)), [0.4, ...rates])
  })

  it('goes on with another budget from the step it has reached', async () => {
    const messages = gradientMessages(3)
    const updates = await updatesBy(polynomial, [
      ...withBudget(messages.slice(0, 2), 4),
      ...withBudget(messages.slice(2), 8),
    ])
    near(ratesOf(updates), [0.8, 0.6, 0.6])
    should(updates.map(({ update }) => update?.step)).eql([1, 2, 3])
  })

  it('says that they are to be given where there is no budget, and goes on when there is one', () =>
    withFlow(optimizerNode({ schedule: 'cosine' }), async (flow) => {
      const [first] = gradientMessages(1)
      flow.send('optimizer', first)
      should((await flow.next('errors')).error?.message).match(
        /^optimizer: expected the total steps of the schedule cosine, in the dialog or from a budget of sequence-source, got none/,
      )
      const [update] = await passing(flow, withBudget([first], 10))
      should(update.update?.step).equal(1)
      should((await passing(flow, [first]))[0].update?.step).equal(2)
    }))

  it('in a loop ends at the end of the budget', () =>
    withFlow(
      loop({ source: { budget: '4' }, optimizer: { learningRate: '0.8', schedule: 'polynomial' } }),
      async (flow) => {
        flow.send('source', {})
        await flow.next('done')
        near(ratesOf(flow.taken('updates')), [0.8, 0.6, 0.4, 0.2])
      },
    ))
})

describe('optimizer: reduce-on-plateau', () => {
  const plateau = { rule: 'sgd', learningRate: '0.8', schedule: 'reduce-on-plateau', scheduleFactor: '0.5' }

  const validate = async (flow: Running, loss: number) => {
    flow.send('optimizer', { loss, sequence: { phase: 'validate' } })
    await flow.settled()
  }
  /** The learning rate after each of the validation losses. */
  const ratesAfter = async (fields: object, losses: number[]) => {
    const rates: (number | undefined)[] = []
    await withFlow(optimizerNode({ ...plateau, ...fields }), async (flow) => {
      for (const loss of losses) {
        await validate(flow, loss)
        should(flow.taken('out')).eql([])
        rates.push(...ratesOf(await passing(flow, gradientMessages(1))))
      }
      should(flow.taken('errors')).eql([])
    })
    return rates
  }

  const cases: [fields: object, losses: number[], rates: number[]][] = [
    [{}, new Array(12).fill(1), [...new Array(11).fill(0.8), 0.4]],
    [{ schedulePatience: '0' }, [1, 1, 1, 0.5], [0.8, 0.4, 0.2, 0.2]],
    [{ schedulePatience: '1' }, [1, 1, 1, 0.5, 1, 1], [0.8, 0.8, 0.4, 0.4, 0.4, 0.2]],
    [{ schedulePatience: '0', scheduleFactor: '' }, [1, 1], [0.8, 0.08]],
    [{ schedulePatience: '0', scheduleThreshold: '0.5' }, [1, 0.6, 0.4], [0.8, 0.4, 0.4]],
    [{ schedulePatience: '0', scheduleCooldown: '2' }, [1, 1, 1, 1, 1], [0.8, 0.4, 0.4, 0.4, 0.2]],
    [{ schedulePatience: '0', scheduleMinimum: '0.3' }, [1, 1, 1, 1], [0.8, 0.4, 0.3, 0.3]],
    [{ schedulePatience: '0' }, [1, Number.NaN, 0.9], [0.8, 0.4, 0.4]],
    [{ schedulePatience: '0', warmupSteps: '2', warmupStartFactor: '0.5' }, [1, 1, 1], [0.4, 0.3, 0.2]],
  ]
  for (const [fields, losses, rates] of cases)
    it(`${JSON.stringify(fields)} with the losses ${losses}`, async () => {
      near(await ratesAfter(fields, losses), rates)
    })

  it('leaves another schedule alone', async () => {
    const rates = await ratesAfter({ schedule: 'exponential', scheduleGamma: '0.5' }, [1, 1, 1])
    near(rates, [0.8, 0.4, 0.2])
  })

  it('goes by what sequence-source holds out, a loss for each pass', () => {
    const readings = Array.from({ length: 120 }, (_, index) => Math.sin(index / 4))
    const nodes = loop({
      source: {
        task: 'dataset',
        from: 'payload',
        length: '8',
        batch: '8',
        budget: '4',
        budgetUnit: 'epochs',
        validationSplit: '0.25',
      },
      // at a threshold of 1 no loss is an improvement
      optimizer: { ...plateau, schedulePatience: '0', scheduleThreshold: '1' },
    })
    return withFlow(nodes, async (flow) => {
      flow.send('source', { payload: readings })
      await flow.next('done')
      const rates = new Map<number | undefined, Set<number | undefined>>()
      for (const { sequence, update } of flow.taken('updates'))
        rates.set(sequence?.epoch, (rates.get(sequence?.epoch) ?? new Set()).add(update?.learningRate))
      should([...rates].map(([epoch, seen]) => [epoch, ...seen])).eql([
        [1, 0.8],
        [2, 0.8],
        [3, 0.4],
        [4, 0.2],
      ])
    })
  })
})
