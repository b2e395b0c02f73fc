/** Each generated task against its definition, over random seeds and lengths. */
import fc from 'fast-check'
import should from 'should'
import { random } from '../../../src/random/random'
import { adding } from '../../../src/sequence-source/tasks/adding'
import { copyMemory } from '../../../src/sequence-source/tasks/copy-memory'
import { sine } from '../../../src/sequence-source/tasks/sine'
import { temporalOrder } from '../../../src/sequence-source/tasks/temporal-order'

const seed = fc.integer({ min: 1, max: 1e6 })
const length = fc.integer({ min: 2, max: 61 })
/** The position of the one 1 in a row of zeros. */
const hot = (row: readonly number[]): number => {
  should([...row].sort((a, b) => a - b)).eql([...new Array(row.length - 1).fill(0), 1])
  return row.indexOf(1)
}

describe('adding problem', () => {
  it('marks two steps, one in each half, and asks for the sum of their numbers', () => {
    fc.assert(
      fc.property(seed, length, (from, steps) => {
        const { inputs, target } = adding(steps).draw(random(from))
        should(inputs).have.length(steps)
        should(inputs.every((row) => row.length === 2 && row[0] >= 0 && row[0] < 1)).be.true()
        const marked = inputs.flatMap(([, mark], step) => (mark === 1 ? [step] : []))
        should(inputs.filter(([, mark]) => mark !== 0)).have.length(2)
        should(marked).have.length(2)
        should(marked[0]).be.below(Math.floor(steps / 2))
        should(marked[1]).be.aboveOrEqual(Math.floor(steps / 2))
        should(target).eql([inputs[marked[0]][0] + inputs[marked[1]][0]])
      }),
    )
  })

  it('marks every step of a half about equally often', () => {
    const draws = random(4)
    const counts = new Array(5).fill(0)
    for (let count = 0; count < 3000; count++)
      adding(5)
        .draw(draws)
        .inputs.forEach(([, mark], step) => {
          counts[step] += mark
        })
    for (const count of counts.slice(0, 2)) should(count).be.within(1400, 1600)
    for (const count of counts.slice(2)) should(count).be.within(880, 1120)
  })

  it('has a mean squared error of about 1/6 if the answer is always 1', () => {
    const draws = random(1)
    const generator = adding(9)
    let sum = 0
    for (let count = 0; count < 20000; count++) sum += (generator.draw(draws).target[0] - 1) ** 2
    should(sum / 20000).be.approximately(1 / 6, 0.005)
  })
})

describe('temporal order', () => {
  const classOf = (early: number, late: number) => ['XX', 'XY', 'YX', 'YY'].indexOf('XY'[early] + 'XY'[late])

  it('has one of X, Y in [T/10, 2T/10), one in [5T/10, 6T/10), distractors elsewhere, and asks which pair', () => {
    fc.assert(
      fc.property(seed, fc.integer({ min: 10, max: 120 }), (from, steps) => {
        const { inputs, target } = temporalOrder(steps).draw(random(from))
        const symbols = inputs.map(hot)
        should(symbols).have.length(steps)
        should(inputs.every((row) => row.length === 6)).be.true()
        const [early, late, ...others] = symbols.flatMap((symbol, step) => (symbol < 2 ? [step] : []))
        should(others).be.empty()
        should(early).be.within(Math.floor(steps / 10), Math.floor((2 * steps) / 10) - 1)
        should(late).be.within(Math.floor((5 * steps) / 10), Math.floor((6 * steps) / 10) - 1)
        should(target).eql([classOf(symbols[early], symbols[late])])
      }),
    )
  })

  it('still has two different places in sequences shorter than ten steps', () => {
    fc.assert(
      fc.property(seed, fc.integer({ min: 2, max: 9 }), (from, steps) => {
        const { inputs, target } = temporalOrder(steps).draw(random(from))
        const pair = inputs.map(hot).filter((symbol) => symbol < 2)
        should(pair).have.length(2)
        should(inputs).have.length(steps)
        should(target).eql([classOf(pair[0], pair[1])])
      }),
    )
  })

  it('draws the four classes, and the four distractors, about equally often', () => {
    const draws = random(2)
    const classes = new Array(4).fill(0)
    const symbols = new Array(6).fill(0)
    for (let count = 0; count < 4000; count++) {
      const { inputs, target } = temporalOrder(10).draw(draws)
      classes[target[0]]++
      for (const row of inputs) symbols[row.indexOf(1)]++
    }
    for (const count of classes) should(count).be.within(880, 1120)
    for (const count of symbols.slice(2)) should(count).be.within(7600, 8400)
  })
})

describe('copy memory', () => {
  const [blank, cue] = [8, 9]

  it('is symbols, blanks, a cue, blanks; and asks for blanks, then the symbols', () => {
    fc.assert(
      fc.property(
        seed,
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 40 }),
        (from, remember, delay) => {
          const generator = copyMemory(remember, delay)
          const { inputs, target } = generator.draw(random(from))
          const steps = inputs.map(hot)
          should(generator.length).equal(2 * remember + delay)
          should(steps).have.length(generator.length)
          should(inputs.every((row) => row.length === 10)).be.true()
          const symbols = steps.slice(0, remember)
          should(symbols.every((symbol) => symbol >= 0 && symbol < 8)).be.true()
          should(steps.slice(remember, remember + delay - 1).every((symbol) => symbol === blank)).be.true()
          should(steps[remember + delay - 1]).equal(cue)
          should(steps.slice(remember + delay).every((symbol) => symbol === blank)).be.true()
          should(target).have.length(generator.length)
          should(target.slice(0, remember + delay).every((symbol) => symbol === blank)).be.true()
          should(target.slice(remember + delay)).eql(symbols)
          should([generator.inputSize, generator.outputSize]).eql([10, 9])
        },
      ),
    )
  })

  it('draws all eight symbols', () => {
    const { inputs } = copyMemory(400, 1).draw(random(1))
    const counts = new Array(8).fill(0)
    for (const row of inputs.slice(0, 400)) counts[row.indexOf(1)]++
    for (const count of counts) should(count).be.within(25, 75)
  })
})

describe('sine', () => {
  /** Of a wave w: w[t+1] = 2 cos(step) w[t] - w[t-1]. */
  const coefficient = (wave: readonly number[]) => (wave[0] + wave[2]) / wave[1]

  it('asks at every step for the next value; without noise the inputs are the wave itself', () => {
    fc.assert(
      fc.property(seed, length, (from, steps) => {
        const { inputs, target } = sine(steps, 0, 'step').draw(random(from))
        should(inputs).have.length(steps)
        should(target).have.length(steps)
        should(inputs.slice(1).map(([value]) => value)).eql(target.slice(0, -1))
      }),
    )
  })

  it('is a wave of amplitude 1 and a period between 10 and 40 steps', () => {
    fc.assert(
      fc.property(seed, (from) => {
        const { target } = sine(80, 0, 'step').draw(random(from))
        const steepest = target
          .slice(1, -1)
          .reduce((best, value, at) => (Math.abs(value) > Math.abs(target[best]) ? at + 1 : best), 1)
        const twoCos = coefficient(target.slice(steepest - 1, steepest + 2))
        for (let t = 1; t < 79; t++)
          should(target[t + 1]).be.approximately(twoCos * target[t] - target[t - 1], 1e-9)
        const period = (2 * Math.PI) / Math.acos(twoCos / 2)
        should(period).be.within(10 - 1e-6, 40 + 1e-6)
        const [largest, smallest] = [Math.max(...target), Math.min(...target)]
        should(largest).be.within(Math.cos(Math.PI / 10), 1)
        should(smallest).be.within(-1, -Math.cos(Math.PI / 10))
      }),
    )
  })

  it('asks for the next value without noise, once a sequence: the last of those asked at every step', () => {
    fc.assert(
      fc.property(seed, length, (from, steps) => {
        const [once, each] = (['sequence', 'step'] as const).map((per) =>
          sine(steps, 0.5, per).draw(random(from)),
        )
        should(once.inputs).eql(each.inputs)
        should(once.target).eql(each.target.slice(-1))
      }),
    )
  })

  it('puts normal noise of the given size on the inputs, none on the targets', () => {
    const [noisy, clean] = [0.3, 0].map((noise) => sine(5000, noise, 'step').draw(random(7)))
    should(noisy.target).eql(clean.target)
    const errors = noisy.inputs.slice(1).map(([value], at) => value - clean.target[at])
    const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length
    const deviation = Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length)
    should(mean).be.approximately(0, 0.02)
    should(deviation).be.approximately(0.3, 0.015)
  })
})
