/** Where windows of a stream begin: where others have ended. */
import should from 'should'
import { tensor, warmStarts } from '../../../src'

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index)
/** Row b of lane k is [100 k + b + 1, -(100 k + b + 1)]. */
const states = (lanes: number, batch: number) =>
  tensor(
    'float32',
    [lanes, batch, 2],
    Float32Array.from(
      upTo(lanes).flatMap((lane) =>
        upTo(batch).flatMap((row) => [100 * lane + row + 1, -(100 * lane + row + 1)]),
      ),
    ),
  )
const rowsOf = ({ data }: { data: ArrayLike<number> }) =>
  upTo(data.length / 2).map((row) => [data[2 * row], data[2 * row + 1]])

describe('warm starts', () => {
  it('are where other sequences have ended, each once at most, and one in four is zero', () => {
    const ended = states(1, 12)
    const made = warmStarts(ended, 5) as typeof ended
    should(made.shape).eql([1, 12, 2])
    should(made.dtype).equal('float32')
    const rows = rowsOf(made)
    const cold = rows.filter(([value]) => value === 0)
    should(cold).eql([
      [0, 0],
      [0, 0],
      [0, 0],
    ])
    const warm = rows.filter(([value]) => value !== 0)
    should(new Set(warm.map(([value]) => value)).size).equal(9)
    should(warm.every(([value, other]) => value >= 1 && value <= 12 && other === -value)).be.true()
    should(rows).not.eql(rowsOf(ended))
    should(rowsOf(ended)).eql(rowsOf(states(1, 12)))
  })

  it('are those of one sequence in all lanes, and of an LSTM in h and c', () => {
    const { h, c } = warmStarts({ h: states(3, 8), c: states(3, 8) }, 2) as Record<
      'h' | 'c',
      ReturnType<typeof states>
    >
    should(rowsOf(h)).eql(rowsOf(c))
    const lane = (which: number) => rowsOf(h).slice(8 * which, 8 * (which + 1))
    for (const which of [1, 2])
      should(lane(which).map(([value]) => value && value - 100 * which)).eql(lane(0).map(([value]) => value))
  })

  it('are the same for the same seed, others for another', () => {
    const made = (seed: number) => rowsOf(warmStarts(states(1, 16), seed) as ReturnType<typeof states>)
    should(made(1)).eql(made(1))
    should(made(1)).not.eql(made(2))
    should(rowsOf(warmStarts(states(1, 1), 1) as ReturnType<typeof states>)).eql([[1, -1]])
  })
})
