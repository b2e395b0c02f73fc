/** The lessons of the pictures that learns.test.ts leaves out: one to one, one to many, encoder-decoder. */
import should from 'should'
import { runLesson, table } from './run-lesson'

const seeds = [1, 2, 3]

describe('1 one-to-one', () => {
  it('says the hours of daylight of days it has not seen to within 15 minutes, and W has nothing to learn, seeds 1 to 3', async () => {
    const lessons = await runLesson('1 one-to-one', seeds, async ({ says, said, asked }) => {
      const [, minutes, average] = await says(
        /held-out days: off by ([\d.]+) minutes; always saying the average: ([\d.]+) minutes/,
      )
      const terms = said(/step \d+ of 1000: .* the only term of W (\S+), of U ([\d.]+)/)
      return {
        minutes: Number(minutes),
        average: Number(average),
        ofW: terms.map(([, W]) => W),
        ofU: terms.map(([, , U]) => Number(U)),
        june: minutesOf(await asked('one-june', 'daylight', /\d+ h \d+ min/)),
        december: minutesOf(await asked('one-december', 'daylight', /\d+ h \d+ min/)),
      }
    })
    table(
      'minutes off',
      seeds,
      lessons.map(({ minutes }) => minutes),
    )
    for (const { minutes, average, ofW, ofU, june, december } of lessons) {
      should(minutes).be.below(15)
      should(average).be.above(100)
      should(ofW).eql(ofW.map(() => '0'))
      should(ofW.length).be.above(4)
      for (const term of ofU) should(term).be.above(0)
      should(june).be.approximately(daylight(172), 15)
      should(december).be.approximately(daylight(355), 15)
    }
  })
})

const minutesOf = (text: string): number => {
  const [hours, minutes] = (text.match(/\d+/g) as string[]).map(Number)
  return 60 * hours + minutes
}

/** In Melbourne, in minutes: from half the arc that the sun goes above the horizon. */
function daylight(day: number): number {
  const radians = Math.PI / 180
  const sun = -23.44 * Math.cos((2 * Math.PI * (day + 10)) / 365) * radians
  return ((24 * 60) / Math.PI) * Math.acos(Math.tan(37.8 * radians) * Math.tan(sun))
}

describe('2 one-to-many', () => {
  it('draws each wave from its name to a mean squared error below 0.001, seeds 1 to 3', async () => {
    const lessons = await runLesson('2 one-to-many', seeds, async ({ says, said, asked }) => {
      const [, error] = await says(/the four waves: error ([\d.]+)/)
      return {
        error: Number(error),
        terms: said(/step .* terms that are not 0: W (\d+), U (\d+)/).map(([, W, U]) => [W, U]),
        square: await asked('wave-square', 'the wave', /[▁-█]+/),
        sawtooth: await asked('wave-sawtooth', 'the wave', /[▁-█]+/),
      }
    })
    table(
      'mean squared error',
      seeds,
      lessons.map(({ error }) => error),
    )
    console.log(`      seed 1 draws ${lessons[0].square} and ${lessons[0].sawtooth}`)
    for (const { error, terms, square, sawtooth } of lessons) {
      // always saying 0 has 0.54
      should(error).be.below(0.001)
      should(square).equal('██████████▁▁▁▁▁▁▁▁▁▁')
      should([...sawtooth].sort().join('')).equal(sawtooth)
      should(sawtooth).match(/^▁.*█$/)
      // W acts at every step but the first, U at the first alone
      should(terms.length).be.above(4)
      for (const counts of terms) should(counts).eql(['19', '1'])
    }
  })
})

describe('5 encoder-decoder', () => {
  it('says six letters backwards, more than 99 % of them right, seeds 1 to 3', async () => {
    const lessons = await runLesson('5 encoder-decoder', seeds, async ({ says, asked }) => {
      const [, right] = await says(/held-out rows: ([\d.]+) % of the letters right/)
      return {
        right: Number(right),
        answers: [
          await asked('reverse-facade', 'backwards', /[A-H]+/),
          await asked('reverse-decade', 'backwards', /[A-H]+/),
        ],
      }
    })
    table(
      '% of the letters right',
      seeds,
      lessons.map(({ right }) => right),
    )
    for (const { right, answers } of lessons) {
      should(right).be.above(99)
      should(answers).eql(['EDACAF', 'EDACED'])
    }
  })
})
