/** How numbers and tables are written. */
import should from 'should'
import { duration, ratio, table } from '../../bench/table'

describe('bench table', () => {
  it('durations: two digits, three from a leading 1, in the unit that suits', () => {
    should([0.0017, 0.0064, 0.129, 1.764, 27.4, 111.3, 3021].map(duration)).eql([
      '1.7 µs',
      '6.4 µs',
      '129 µs',
      '1.76 ms',
      '27 ms',
      '111 ms',
      '3 s',
    ])
    should(duration(undefined)).equal('')
  })

  it('ratios likewise', () => {
    should([0.523, 1.352, 8.8, 127.4, 543.2].map(ratio)).eql(['0.52', '1.35', '8.8', '127', '540'])
    should(ratio(Number.NaN)).equal('')
  })

  it('tables: columns as wide as their widest entry, missing entries blank', () => {
    should(table(['case', 'us'], [['8, 1, 20', '1.7 µs'], ['32']])).equal(
      [
        '| case     |     us |',
        '|----------|-------:|',
        '| 8, 1, 20 | 1.7 µs |',
        '| 32       |        |',
      ].join('\n'),
    )
  })
})
