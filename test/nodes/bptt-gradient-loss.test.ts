/** bptt-gradient: the losses and their options, in training and in validation, against formulas written out here. */
import should from 'should'
import { withFlow } from '../support/flow'
import { gradientFlow, gradientOf, gradientsOf, oneUnit, refusalOf } from '../support/gradient-flow'

/** Answers o = V x: with x = 1 the outputs are the column itself. */
const answering = (...outputs: number[]) => ({
  ...oneUnit(0, outputs.length),
  V: outputs.map((output) => [output]),
})

const softmax = (logits: number[], k: number) =>
  Math.exp(logits[k]) / logits.reduce((sum, logit) => sum + Math.exp(logit), 0)
const sigmoid = (logit: number) => 1 / (1 + Math.exp(-logit))

/** Errors of 1, 0 and 3. */
const numbers = { parameters: answering(1, 2, 4), target: [[0, 2, 1]] }
/** Two sequences whose logits are (1, 2, 4) and twice that, of the classes 0 and 2. */
const classes = { parameters: answering(1, 2, 4), target: [0, 2] }
const [firstClass, lastClass] = [-Math.log(softmax([1, 2, 4], 0)), -Math.log(softmax([2, 4, 8], 2))]
/** Logits 1, -2 with targets 1, 1. */
const yesOrNo = { parameters: answering(1, -2), target: [[1, 1]] }
const [yes, missed] = [-Math.log(sigmoid(1)), -Math.log(sigmoid(-2))]

const one = [[[1]]]
const two = [[[1]], [[2]]]

describe('bptt-gradient: the losses', () => {
  for (const [{ parameters, target }, bptt, expected] of [
    [numbers, { loss: 'mse' }, 10 / 3],
    [numbers, { loss: 'mse', reduction: 'sum' }, 10],
    [numbers, { loss: 'mae' }, 4 / 3],
    [numbers, { loss: 'huber' }, (0.5 + 2.5) / 3],
    [numbers, { loss: 'huber', delta: '2' }, (0.5 + 2 * (3 - 1)) / 3],
    [numbers, { loss: 'auto' }, 10 / 3],
    [numbers, { loss: 'auto', reduction: 'sum' }, 10],
    [classes, { loss: 'cross-entropy' }, (firstClass + lastClass) / 2],
    [classes, { loss: 'cross-entropy', reduction: 'sum' }, firstClass + lastClass],
    [classes, { loss: 'cross-entropy', classWeights: '3, 1, 2' }, (3 * firstClass + 2 * lastClass) / 5],
    [classes, { loss: 'cross-entropy', ignoreIndex: '2' }, firstClass],
    [yesOrNo, { loss: 'binary-cross-entropy' }, (yes + missed) / 2],
    [yesOrNo, { loss: 'binary-cross-entropy', positiveWeights: '3' }, (3 * yes + 3 * missed) / 2],
    [yesOrNo, { loss: 'binary-cross-entropy', positiveWeights: '1, 5' }, (yes + 5 * missed) / 2],
  ] as const) {
    it(`${JSON.stringify(bptt)} is what its formula says, and the same in a validation`, async () => {
      const payload = target.length === 2 ? two : one
      const [trained, validated] = await gradientsOf({ parameters, bptt }, [
        { payload, target },
        { payload, target, sequence: { phase: 'validate' } },
      ])
      should(trained.loss).be.approximately(expected, 1e-12)
      should(trained.payload).have.property('loss', trained.loss)
      should(validated.payload).have.property('loss').approximately(expected, 1e-12)
    })
  }

  it('takes the sum of gradients too under the reduction sum', async () => {
    const { parameters, target } = numbers
    const normBy = async (reduction: string) =>
      (await gradientOf({ parameters, bptt: { reduction } }, { payload: one, target })).gradient
        ?.norm as number
    const [mean, sum] = [await normBy('mean'), await normBy('sum')]
    should(sum / mean).be.approximately(3, 1e-12)
  })

  it('chooses by the kind of target under auto', async () => {
    const { parameters, target } = classes
    const { loss } = await gradientOf(
      { parameters },
      { payload: two, target, sequence: { targetKind: 'class' } },
    )
    should(loss).be.approximately((firstClass + lastClass) / 2, 1e-12)
  })

  it('does not read what a hidden field of another loss holds', async () => {
    const bptt = { loss: 'mse', delta: 'x', classWeights: 'y', ignoreIndex: '0.5', positiveWeights: '-1' }
    const { parameters, target } = numbers
    should((await gradientOf({ parameters, bptt }, { payload: one, target })).loss).be.approximately(
      10 / 3,
      1e-12,
    )
  })

  for (const [bptt, says] of [
    [{ loss: 'hinge' }, /expected loss to be one of auto, mse, mae, huber.* got the text "hinge"/],
    [{ loss: 'mse', reduction: 'median' }, /expected reduction to be one of mean, sum/],
    [{ loss: 'huber', delta: '0' }, /expected delta to be a number above 0, got 0/],
    [{ loss: 'cross-entropy', classWeights: '1, x' }, /expected class weights to be a number.*"x"/],
    [{ loss: 'cross-entropy', classWeights: '1, 2' }, /classWeights as an array of 1, one for each output/],
  ] as const)
    it(`refuses ${JSON.stringify(bptt)} with what it expects`, async () => {
      const refusal = await refusalOf({ parameters: oneUnit(1), bptt }, { payload: one, target: [0] })
      should(refusal).match(says)
    })
})

describe('bptt-gradient: validation', () => {
  const validate = (target: unknown, sequence: object = {}, payload: unknown = two) => ({
    payload,
    target,
    sequence: { phase: 'validate', ...sequence },
  })

  it('has rmse in the units of the data, and the naive error beside it', async () => {
    const scale = { input: { mean: [0], std: [1] }, target: { mean: [7], std: [10] } }
    const { payload } = await gradientOf(
      { parameters: answering(1) },
      validate([[0], [5]], { scale, naive: 4 }),
    )
    // errors of 1 and 3 in the units of the network
    const rmse = 10 * Math.sqrt(5)
    should(payload).eql({ loss: 5, count: 2, rmse, naive: 4 })
  })

  it('has accuracy for classes', async () => {
    const { payload } = await gradientOf(
      { parameters: answering(1, 2, 4), bptt: { loss: 'cross-entropy' } },
      validate([0, 2]),
    )
    should(payload).have.properties({ count: 2, accuracy: 0.5 }).and.not.have.property('rmse')
  })

  it('counts only what the mask lets count, in training too', async () => {
    const parameters = answering(1)
    const sequence = { targetMask: [[1], [0]] }
    const [trained, validated] = await gradientsOf({ parameters }, [
      { payload: two, target: [[0], [5]], sequence },
      validate([[0], [5]], sequence),
    ])
    should(trained.loss).equal(1)
    should(validated.payload).eql({ loss: 1, count: 1, rmse: 1 })
  })

  it('masks steps as well as sequences', async () => {
    const settings = { parameters: oneUnit(0), unroll: { topology: 'many-to-many' } }
    const message = { payload: [[[1], [2], [3]]], target: [[[0], [0], [0]]] }
    const { loss, gradient } = await gradientOf(settings, {
      ...message,
      sequence: { targetMask: [[1, 0, 1]] },
    })
    should(loss).equal((1 + 9) / 2)
    should(gradient?.terms.V[1]).equal(0)
    should(await refusalOf(settings, { ...message, sequence: { targetMask: [[1, 0]] } })).match(
      /expected a mask of shape \[1, 3\]/,
    )
  })

  for (const [reduction, loss] of [
    ['mean', (1 + 9 + 4) / 3],
    ['sum', 14],
  ] as const) {
    it(`makes one of the parts of a pass, reduction ${reduction}`, async () => {
      const { validation, payload } = await gradientOf(
        { parameters: answering(1), bptt: { reduction } },
        { payload: [[[1]], [[2]], [[3]]], target: [[0], [5], [5]], sequence: { phase: 'validate' } },
      )
      let combined: unknown
      await withFlow(gradientFlow({ parameters: answering(1), bptt: { reduction } }), async (flow) => {
        // the first part of a pass that was given up
        flow.send('cell', validate([[9], [9]], { part: 1, parts: 2 }))
        flow.send('cell', validate([[0], [5]], { part: 1, parts: 2 }))
        flow.send('cell', validate([[5]], { part: 2, parts: 2 }, [[[3]]]))
        combined = (await flow.next('out')).payload
        await flow.settled()
        should(flow.taken('out')).eql([])
      })
      should(validation?.loss).be.approximately(loss, 1e-12)
      should(combined).eql(payload)
      should(combined).eql({
        loss,
        count: 3,
        rmse: Math.sqrt(14 / 3),
        ...(reduction === 'sum' && { reduction }),
      })
    })
  }
})
