/** The lessons with data of real buildings: an office minute by minute, walks of different lengths. */
import should from 'should'
import { runLesson, table } from './run-lesson'

const seeds = [1, 2, 3]
const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

describe('12 office occupancy', () => {
  it('says of 90 % of the minutes of two other days whether somebody is there, seeds 1 to 3', async () => {
    const lessons = await runLesson('12 office occupancy', seeds, async ({ says }) => {
      const [, right, minutes, empty] = await says(
        /the test file: ([\d.]+) % of (\d+) minutes right; always saying that nobody is there: ([\d.]+) %/,
      )
      return { right: Number(right), minutes: Number(minutes), empty: Number(empty) }
    })
    table(
      '% of the minutes right',
      seeds,
      lessons.map(({ right }) => right),
    )
    for (const { right, minutes, empty } of lessons) {
      should(minutes).equal(2665)
      should(empty).be.approximately(63.5, 0.1)
      should(right).be.aboveOrEqual(90)
    }
  })
})

describe('13 indoor movement', () => {
  it('tells of 85 % of the walks where they end, mean of seeds 1 to 3, and answers for one', async () => {
    const lessons = await runLesson('13 indoor movement', seeds, async ({ says, asked }) => {
      const [, epochs, right, walks] = await says(
        /the best, after (\d+) epochs: ([\d.]+) % of (\d+) held-out walks right/,
      )
      return {
        epochs: Number(epochs),
        right: Number(right),
        walks: Number(walks),
        answer: await asked('walk-ask', 'room', /[a-z ]+ \(\d+ % sure\); in truth: [a-z ]+/),
      }
    })
    table(
      '% of the walks right',
      seeds,
      lessons.map(({ right, epochs }) => `${right} after ${epochs} epochs`),
    )
    for (const { walks, answer } of lessons) {
      should(walks).equal(63)
      should(answer).match(/^(stays in the room|changes rooms) .*: (stays in the room|changes rooms)$/)
    }
    should(meanOf(lessons.map(({ right }) => right))).be.above(85)
  })
})
