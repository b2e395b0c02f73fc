/** What all losses have in common: their table, reductions, masks, and options that they refuse. */
import should from 'should'
import {
  type LossName,
  type LossOptions,
  losses,
  lossNames,
  lossOptions,
} from '../../../src/bptt-gradient/loss/loss'
import { tensor } from '../../../src/tensor/tensor'
import { throwsExpected } from '../../support/throws'

const of = (shape: number[], values: number[]) => tensor('float64', shape, Float64Array.from(values))

/** Three readouts of two outputs; targets that each loss can read. */
const outputs = of([3, 1, 2], [1, -2, 0.5, 3, -1, 0.25])
const targets = of([3, 1, 2], [0, 1, 1, 0, 0.25, 0.75])
const compare = (
  name: LossName,
  options?: LossOptions,
  mask?: number[],
  [seen, wanted] = [outputs, targets],
) => {
  const result = losses[name].compare(
    { outputs: seen, targets: wanted, mask: mask && Uint8Array.from(mask) },
    options,
  )
  return { ...result, der: [...result.der] }
}

describe('losses', () => {
  it('say what they read', () => {
    should(lossNames).eql(['mse', 'mae', 'huber', 'cross-entropy', 'binary-cross-entropy'])
    should(lossNames.map((name) => [losses[name].targetKind, losses[name].readsLogits])).eql([
      ['value', false],
      ['value', false],
      ['value', false],
      ['class', true],
      ['value', true],
    ])
  })

  const given: Required<LossOptions> = {
    reduction: 'mean',
    delta: 1,
    classWeights: [1, 1],
    ignoreIndex: -100,
    positiveWeights: [1, 1],
  }
  for (const name of lossNames)
    it(`${name} takes its own options and refuses the others by name`, () => {
      for (const option of Object.keys(given) as (keyof LossOptions)[]) {
        const run = () => compare(name, { [option]: given[option] })
        if ((lossOptions[name] as readonly string[]).includes(option)) should(run).not.throw()
        else
          throwsExpected(
            run,
            `expected ${name} with no options but ${lossOptions[name].join(', ')}, got ${option}`,
          )
        should(() => compare(name, { [option]: undefined })).not.throw()
      }
    })

  it('refuse a reduction that there is not', () => {
    for (const name of lossNames)
      throwsExpected(
        () => compare(name, { reduction: 'none' as 'sum' }),
        'expected reduction to be one of mean, sum, got the text "none"',
      )
  })

  it('do not write into what they are given', () => {
    const [seen, wanted] = [[...outputs.data], [...targets.data]]
    for (const name of lossNames) compare(name, {}, [1, 0, 1])
    should([[...outputs.data], [...targets.data]]).eql([seen, wanted])
  })

  it('read single precision and compare in double', () => {
    const single = tensor('float32', [1, 1, 1], Float32Array.of(0.1))
    const { loss } = losses.mae.compare({ outputs: single, targets: of([1, 1, 1], [0]) })
    should(loss).equal(Math.fround(0.1))
  })
})

for (const name of lossNames)
  describe(`reductions and masks of ${name}`, () => {
    const numbersOfRow = name === 'cross-entropy' ? 1 : 2

    it('mean, which is the default, is the sum divided by what counts, and so is its derivative', () => {
      const [mean, sum] = [compare(name), compare(name, { reduction: 'sum' })]
      should(compare(name, { reduction: 'mean' })).eql(mean)
      const count = 3 * numbersOfRow
      should([mean.count, mean.weight, sum.count]).eql([count, count, count])
      should(mean.loss).equal(sum.loss / count)
      should(mean.der).eql(sum.der.map((value) => value / count))
      should(sum.loss).be.above(0)
    })

    for (const reduction of ['mean', 'sum'] as const)
      it(`what is masked does not count, ${reduction}`, () => {
        const rows = (data: ArrayLike<number>) => [data[0], data[1], data[4], data[5]]
        const masked = compare(name, { reduction }, [1, 0, 1])
        const without = compare(name, { reduction }, undefined, [
          of([2, 1, 2], rows(outputs.data)),
          of([2, 1, 2], rows(targets.data)),
        ])
        should(masked.loss).equal(without.loss)
        should(masked.count).equal(2 * numbersOfRow)
        should(rows(masked.der)).eql(without.der)
        should(masked.der.slice(2, 4)).eql([0, 0])
      })

    it('what is masked may be no number at all', () => {
      const garbage = of([3, 1, 2], [1, -2, Number.NaN, Number.POSITIVE_INFINITY, -1, 0.25])
      const nonsense = of([3, 1, 2], [0, 1, Number.NaN, 7e300, 0.25, 0.75])
      should(compare(name, {}, [1, 0, 1], [garbage, nonsense])).eql(compare(name, {}, [1, 0, 1]))
    })

    it('a mask of ones changes nothing', () => {
      should(compare(name, {}, [1, 1, 1])).eql(compare(name))
    })

    it('the mean of nothing is an error, where PyTorch gives NaN; the sum of nothing is 0', () => {
      throwsExpected(
        () => compare(name, {}, [0, 0, 0]),
        'expected at least one target that counts, to take the mean of the loss, got only masked or ignored ones',
      )
      should(compare(name, { reduction: 'sum' }, [0, 0, 0])).eql({
        loss: 0,
        der: [0, 0, 0, 0, 0, 0],
        count: 0,
        weight: 0,
      })
    })
  })
