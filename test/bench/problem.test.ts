/** What all sides train on, and that plain JavaScript, which is measured against, computes the right gradient. */
import should from 'should'
import { type CellType, caseOf } from '../../bench/cases'
import { agrees, differences, relativeError } from '../../bench/compare'
import { batchMajor, learningRate, problemOf, threshold } from '../../bench/problem'
import { plain } from '../../bench/sides/plain'
import { applyUpdate, bpttGradient, clipGradient, optimizer, rnnCell, tensor, unroll } from '../../src'

describe('bench problem', () => {
  it('is the same each time, and another one for another case', () => {
    const of = caseOf('gru', 8, 2, 5)
    should(problemOf(of)).eql(problemOf(of))
    should(problemOf(caseOf('gru', 8, 2, 6)).parameters[0].data).not.eql(problemOf(of).parameters[0].data)
  })

  it('batch major: [T, B, N] to [B, T, N]', () => {
    const of = { ...caseOf('rnn', 8, 2, 3), features: 2 }
    const data = Float32Array.from({ length: 12 }, (_, index) => index)
    should([...batchMajor(data, of)]).eql([0, 1, 4, 5, 8, 9, 2, 3, 6, 7, 10, 11])
  })

  for (const type of ['rnn', 'gru', 'lstm'] as CellType[])
    it(`plain JavaScript has the gradient of a ${type}, and after twenty steps, clipped ones, its loss`, async () => {
      // sizes that are no multiples of the blocks its products are taken in, and errors that are worth clipping
      const of = { ...caseOf(type, 7, 3, 9), features: 5 }
      const drawn = problemOf(of)
      const problem = { ...drawn, targets: drawn.targets.map((target) => 20 * target) }
      const shape = [3, 9, 5]
      const inputs = tensor('float32', shape, batchMajor(problem.inputs, of))
      const targets = tensor('float32', shape, batchMajor(problem.targets, of))
      let cell = rnnCell({
        type,
        inputSize: 5,
        hiddenSize: 7,
        outputSize: 5,
        precision: 'float64',
        parameters: Object.fromEntries(
          problem.parameters.map(({ name, shape: own, data }) => [name, tensor('float32', own, data)]),
        ),
      })
      const gradient = () => bpttGradient(unroll(cell, inputs, { topology: 'many-to-many' }), targets)
      const { loss, norm, parameters } = gradient()
      should(norm).be.above(threshold)

      const side = plain()
      await side.setUp(problem)
      const expected = Object.fromEntries(Object.entries(parameters).map(([name, { data }]) => [name, data]))
      const off = differences(await side.lossAndGradients(), { loss, parameters: expected })
      should(agrees(off)).be.true(JSON.stringify(off))

      const adam = optimizer({ rule: 'adam', learningRate })
      for (let step = 0; step < 20; step++) {
        const clipped = clipGradient(gradient(), { rule: 'global-norm', threshold })
        cell = applyUpdate(cell, adam.update(clipped, cell))
      }
      await side.run(20)
      const learned = (await side.lossAndGradients()).loss
      should(learned).be.below(loss)
      should(relativeError([learned], [gradient().loss])).be.below(1e-6)
    })
})
