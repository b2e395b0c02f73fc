/** The lesson of the vanishing gradient: what an LSTM learns and an RNN, on the same sequences, does not. */
import should from 'should'
import { type Lesson, runLesson, table } from './run-lesson'

const seeds = [1, 2, 3]

const ended = async ({ says }: Lesson, cell: string) => {
  const [, error, vanishing] = await says(
    new RegExp(`${cell}, held-out sequences: error ([\\d.]+), vanishing at (\\d+) of 1000 steps`),
  )
  return { error: Number(error), vanishing: Number(vanishing) }
}

describe('8 vanishing RNN against LSTM', () => {
  it('the RNN stays at what guessing has, its gradient vanishing; the LSTM learns to add, seeds 1 to 3', async () => {
    const lessons = await runLesson('8 vanishing RNN against LSTM', seeds, async (lesson) => ({
      rnn: await ended(lesson, 'RNN'),
      lstm: await ended(lesson, 'LSTM'),
    }))
    for (const cell of ['rnn', 'lstm'] as const)
      table(
        `${cell}: mean squared error, steps at which the gradient vanishes`,
        seeds,
        lessons.map((lesson) => `${lesson[cell].error} ${lesson[cell].vanishing}`),
      )
    for (const { rnn, lstm } of lessons) {
      // always saying 1 has 0.167
      should(rnn.error).be.within(0.12, 0.2)
      should(rnn.vanishing).be.above(500)
      should(lstm.error).be.below(0.02)
      should(lstm.vanishing).be.below(100)
    }
  })
})
