/** Temporal order against its definition, with two, three and four symbols. */
import fc from 'fast-check'
import should from 'should'
import { random } from '../../../../src/random/random'
import { temporalOrder } from '../../../../src/sequence-source/tasks/temporal-order'
import { throwsExpected } from '../../../support/throws'
import { hot, seed } from '../drawn'

describe('temporal order', () => {
  const classOf = (early: number, late: number) => ['XX', 'XY', 'YX', 'YY'].indexOf('XY'[early] + 'XY'[late])

  it('has one of X, Y in [T/10, 2T/10), one in [5T/10, 6T/10), distractors elsewhere, and asks which pair', () => {
    fc.assert(
      fc.property(seed, fc.integer({ min: 10, max: 120 }), (from, steps) => {
        const { inputs, target } = temporalOrder({ length: steps }).draw(random(from))
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
        const { inputs, target } = temporalOrder({ length: steps }).draw(random(from))
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
      const { inputs, target } = temporalOrder({ length: 10 }).draw(draws)
      classes[target[0]]++
      for (const row of inputs) symbols[row.indexOf(1)]++
    }
    for (const count of classes) should(count).be.within(880, 1120)
    for (const count of symbols.slice(2)) should(count).be.within(7600, 8400)
  })

  /** Experiment 6b has 10-20, 33-43 and 66-76 of 100 steps; here in hundredths of T, the end left out. */
  const places = {
    3: [
      [10, 20],
      [100 / 3, 100 / 3 + 10],
      [200 / 3, 200 / 3 + 10],
    ],
    4: [
      [10, 20],
      [25, 35],
      [50, 60],
      [75, 85],
    ],
  } as const

  for (const symbols of [3, 4] as const)
    it(`has ${symbols} of X, Y in ${symbols} places a tenth wide, and asks which of ${2 ** symbols} orders`, () => {
      const orders = Array.from({ length: 2 ** symbols }, (_, index) =>
        index.toString(2).padStart(symbols, '0').replaceAll('0', 'X').replaceAll('1', 'Y'),
      )
      should(orders.slice(0, 2)).eql(symbols === 3 ? ['XXX', 'XXY'] : ['XXXX', 'XXXY'])
      fc.assert(
        fc.property(seed, fc.constantFrom(60, 100, 120, 300), (from, length) => {
          const generator = temporalOrder({ length, symbols })
          const { inputs, target } = generator.draw(random(from))
          const sequence = inputs.map(hot)
          should([sequence.length, inputs[0].length, generator.outputSize]).eql([length, 6, 2 ** symbols])
          const steps = sequence.flatMap((symbol, step) => (symbol < 2 ? [step] : []))
          should(steps).have.length(symbols)
          steps.forEach((step, index) => {
            const [start, end] = places[symbols][index]
            should(step).be.aboveOrEqual(Math.floor((start * length) / 100 + 1e-9))
            should(step).be.below(Math.floor((end * length) / 100 + 1e-9))
          })
          should(orders[target[0]]).equal(steps.map((step) => 'XY'[sequence[step]]).join(''))
        }),
      )
    })

  it('draws all orders, and all steps of a place, about equally often', () => {
    const draws = random(6)
    const classes = new Array(16).fill(0)
    const steps = new Array(40).fill(0)
    for (let count = 0; count < 3200; count++) {
      const { inputs, target } = temporalOrder({ length: 40, symbols: 4 }).draw(draws)
      classes[target[0]]++
      inputs.forEach((row, step) => {
        if (row.indexOf(1) < 2) steps[step]++
      })
    }
    for (const count of classes) should(count).be.within(140, 260)
    const used = steps.flatMap((count, step) => (count > 0 ? [step] : []))
    should(used).eql([4, 5, 6, 7, 10, 11, 12, 13, 20, 21, 22, 23, 30, 31, 32, 33])
    for (const step of used) should(steps[step]).be.within(680, 920)
  })

  it('has different places in every sequence that is long enough for its symbols', () => {
    for (const symbols of [2, 3, 4])
      for (let length = symbols; length < 30; length++) {
        const { inputs } = temporalOrder({ length, symbols }).draw(random(length))
        should(inputs.map(hot).filter((symbol) => symbol < 2)).have.length(symbols)
      }
  })

  it('refuses other numbers of symbols, and sequences too short for them', () => {
    const message = (symbols: number) =>
      `expected symbols to be a whole number from 2 up to 4, got ${symbols}`
    for (const symbols of [1, 5, 2.5])
      throwsExpected(() => temporalOrder({ length: 20, symbols }), message(symbols))
    throwsExpected(
      () => temporalOrder({ length: 3, symbols: 4 }),
      'expected length to be a whole number from 4 up to 100000, got 3',
    )
  })
})
