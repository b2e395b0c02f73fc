/** Seeded random numbers: repeatable, resumable, and of the right distribution. */
import fc from 'fast-check'
import should from 'should'
import { type Random, random } from '../../../src/random/random'

/** Some of everything that can be drawn. */
const draw = (from: Random) => [
  from.uniform(),
  from.normal(),
  from.integer(-3, 9),
  ...from.permutation(7),
  from.uniform(-2, 5),
]
const seed = fc.integer()

describe('random', () => {
  it('draws the same numbers from the same seed', () => {
    fc.assert(
      fc.property(seed, (number) => {
        should(draw(random(number))).eql(draw(random(number)))
      }),
    )
  })

  it('draws other numbers from another seed', () => {
    const first = [1, 2, 3, -1, 0, 1000].map((number) => random(number).uniform())
    should(new Set(first).size).equal(6)
  })

  it('draws a first number that the seed spreads over the whole range', () => {
    const first = Array.from({ length: 2000 }, (_, number) => random(number).uniform())
    for (let tenth = 0; tenth < 10; tenth++)
      should(first.filter((value) => Math.floor(value * 10) === tenth).length).be.within(140, 260)
  })

  it('resumes bit for bit from its state, also when that went through JSON', () => {
    fc.assert(
      fc.property(seed, fc.integer({ min: 0, max: 20 }), (number, before) => {
        const original = random(number)
        for (let index = 0; index < before; index++) original.uniform()
        const state = JSON.parse(JSON.stringify(original.state()))
        should(draw(random(state))).eql(draw(original))
      }),
    )
  })

  it('hands over its state as four integers that go on as they were', () => {
    const original = random(5)
    const state = original.state()
    should(state).have.length(4)
    should(state.every(Number.isInteger)).be.true()
    original.uniform()
    should(original.state()).not.eql(state)
    should(random(state).state()).eql(state)
  })

  it('permutes: every number once', () => {
    fc.assert(
      fc.property(seed, fc.integer({ min: 0, max: 60 }), (number, count) => {
        const order = random(number).permutation(count)
        should([...order].sort((a, b) => a - b)).eql(Array.from({ length: count }, (_, index) => index))
      }),
    )
  })

  it('permutes into every order about equally often', () => {
    const counts = new Map<string, number>()
    const { permutation } = random(1)
    for (let index = 0; index < 6000; index++) {
      const order = permutation(3).join('')
      counts.set(order, (counts.get(order) ?? 0) + 1)
    }
    should(counts.size).equal(6)
    for (const count of counts.values()) should(count).be.within(850, 1150)
  })

  it('draws whole numbers from low to high, both included, about equally often', () => {
    const { integer } = random(3)
    const counts = new Array(5).fill(0)
    for (let index = 0; index < 5000; index++) counts[integer(-2, 2) + 2]++
    should(counts).have.length(5)
    for (const count of counts) should(count).be.within(850, 1150)
    should(integer(4, 4)).equal(4)
  })

  it('draws uniform numbers from low up to high, spread evenly', () => {
    const { uniform } = random(8)
    const values = Array.from({ length: 20000 }, () => uniform(-1, 3))
    should(values.every((value) => value >= -1 && value < 3)).be.true()
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
    should(mean).be.approximately(1, 0.05)
    should(variance).be.approximately(16 / 12, 0.05)
    should(values.filter((value) => value < 0).length / values.length).be.approximately(0.25, 0.02)
  })

  it('draws normal numbers with mean 0, variance 1 and the tails of a bell', () => {
    const { normal } = random(11)
    const values = Array.from({ length: 20000 }, () => normal())
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
    should(mean).be.approximately(0, 0.03)
    should(variance).be.approximately(1, 0.05)
    should(values.filter((value) => Math.abs(value) < 1).length / values.length).be.approximately(
      0.6827,
      0.02,
    )
    should(values.filter((value) => Math.abs(value) > 2).length / values.length).be.approximately(
      0.0455,
      0.01,
    )
    should(values.every(Number.isFinite)).be.true()
  })
})
