/** Readings in every form they come in. */
import should from 'should'
import { readings as tableOf } from '../../../src/sequence-source/readings'
import { throwsExpected } from '../../support/throws'

const readColumns = (given: unknown, names: readonly string[]) => tableOf(given).numbers(names)
const read = (readings: unknown, ...names: string[]) => {
  const { names: chosen, columns } = readColumns(readings, names)
  return Object.fromEntries(chosen.map((name, index) => [name, [...columns[index]]]))
}

describe('readings', () => {
  const forms: [what: string, readings: unknown, wanted: Record<string, number[]>][] = [
    [
      'CSV with a header, only its columns of numbers',
      'date,temp,rain\n2020-01-01,5,0.5\n2020-01-02,-6.5,1e-3\n',
      { temp: [5, -6.5], rain: [0.5, 0.001] },
    ],
    ['CSV without a header', '1,2\n3,4\n5,6', { 1: [1, 3, 5], 2: [2, 4, 6] }],
    ['CSV with semicolons', 'a;b\n1;2\n3;4\n', { a: [1, 3], b: [2, 4] }],
    ['CSV with tabs', 'a\tb\n1\t2\n3\t4\n', { a: [1, 3], b: [2, 4] }],
    ['CSV of one column', 'temp\n1\n2\n', { temp: [1, 2] }],
    ['CSV with a byte order mark', '\uFEFFtemp,b\n1,2\n', { temp: [1], b: [2] }],
    ['CSV in quotes', '"Date","Temp"\n"2020-01-01","5.5"\n"2020-01-02","6"\n', { Temp: [5.5, 6] }],
    ['CSV with commas inside of quotes', 'name,x\n"a, b",1\n"c ""d""",2\n', { x: [1, 2] }],
    [
      'CSV with another delimiter inside of a quoted header',
      '"low; high; mean",x\n1,2\n3,4\n',
      { 'low; high; mean': [1, 3], x: [2, 4] },
    ],
    [
      'CSV with Windows line ends, spaces and empty lines',
      'a, b\r\n 1 , 2\r\n\r\n3,4\r\n\r\n',
      { a: [1, 3], b: [2, 4] },
    ],
    ['plain numbers', [5, 6, 7], { 1: [5, 6, 7] }],
    ['a typed array', Float32Array.of(0.5, 2), { 1: [0.5, 2] }],
    [
      'rows',
      [
        [1, 2],
        [3, 4],
      ],
      { 1: [1, 3], 2: [2, 4] },
    ],
    [
      'objects, only their fields of numbers',
      [
        { at: 'x', t: 1, u: 2 },
        { u: 4, t: 3, at: 'y' },
      ],
      { t: [1, 3], u: [2, 4] },
    ],
  ]
  for (const [what, readings, wanted] of forms)
    it(`come as ${what}`, () => should(read(readings)).eql(wanted))

  it('are read by the columns asked for, in the order asked for', () => {
    const { names, columns } = readColumns('a,b,c\n1,2,3\n4,5,6', ['c', 'a'])
    should(names).eql(['c', 'a'])
    should(columns.map((column) => [...column])).eql([
      [3, 6],
      [1, 4],
    ])
    should(
      read(
        [
          [1, 2],
          [3, 4],
        ],
        '2',
      ),
    ).eql({ 2: [2, 4] })
    should(read([{ t: 1, u: 2 }], 'u')).eql({ u: [2] })
  })

  it('are left as they are', () => {
    const rows = [
      [1, 2],
      [3, 4],
    ]
    readColumns(rows, []).columns[0].fill(0)
    should(rows).eql([
      [1, 2],
      [3, 4],
    ])
  })
})

describe('readings that cannot be used name row and column', () => {
  const wrong: [what: string, readings: unknown, names: string[], message: string][] = [
    ['an unknown column', 'a,b\n1,2', ['d'], 'expected one of the columns a, b, got "d"'],
    [
      'a column by number where there are names',
      'a,b\n1,2',
      ['1'],
      'expected one of the columns a, b, got "1"',
    ],
    [
      'a name that every object has',
      [{ t: 1 }],
      ['toString'],
      'expected one of the columns t, got "toString"',
    ],
    ['NaN', [1, Number.NaN, 3], [], 'expected a finite number in column 1, row 2, got NaN'],
    ['NaN at the start', [Number.NaN, 1], [], 'expected a finite number in column 1, row 1, got NaN'],
    ['null', [1, 2, null], [], 'expected a finite number in column 1, row 3, got null'],
    [
      'Infinity',
      [[1], [Number.POSITIVE_INFINITY]],
      [],
      'expected a finite number in column 1, row 2, got Infinity',
    ],
    ['a text among numbers', [1, '2'], [], 'expected a finite number in column 1, row 2, got the text "2"'],
    [
      'a field that is missing',
      [{ t: 1 }, { u: 1 }],
      [],
      'expected a finite number in column t, row 2, got undefined',
    ],
    [
      'an object that is missing',
      [{ t: 1 }, null],
      [],
      'expected a finite number in column t, row 2, got undefined',
    ],
    [
      'a text in CSV, counting the header',
      'a,b\n1,2\n3,x\n',
      [],
      'expected a finite number in column b, row 3, got the text "x"',
    ],
    [
      'an empty field in CSV',
      '1,2\n,4\n',
      [],
      'expected a finite number in column 1, row 2, got an empty text',
    ],
    ['NaN in CSV', 'a\n1\nNaN\n', [], 'expected a finite number in column a, row 3, got the text "NaN"'],
    ['no numbers at all', 'a,b\nx,y\n', [], 'expected a column of numbers, got the columns a, b'],
    ['only texts', ['x', 'y'], [], 'expected a column of numbers, got the columns 1'],
    ['no reading', [], [], 'expected at least one reading, got none'],
    ['an empty text', '', [], 'expected at least one reading, got none'],
    ['a header alone', 'a,b\n', [], 'expected at least one reading, got none'],
    ['ragged rows', [[1, 2], [3]], [], 'expected 2 numbers in row 2 as in the first, got an array of 1'],
    ['a number among rows', [[1, 2], 3], [], 'expected 2 numbers in row 2 as in the first, got 3'],
    ['an object', { a: 1 }, [], 'expected readings as CSV text or an array, got an object'],
    ['nothing', null, [], 'expected readings as CSV text or an array, got null'],
  ]
  for (const [what, readings, names, message] of wrong)
    it(what, () => throwsExpected(() => readColumns(readings, names), message))

  it('ragged CSV', () => {
    throwsExpected(
      () => readColumns('a,b\n1,2\n3\n', []),
      /^expected CSV with the same number of fields in every line, got .*line 3/,
    )
    throwsExpected(() => readColumns('a,b\n1,"2\n', []), /^expected CSV with the same number of fields/)
  })

  it('in a line counted with the empty lines before it', () => {
    throwsExpected(
      () => readColumns('a\n1\n\n\nx\n', []),
      'expected a finite number in column a, row 5, got the text "x"',
    )
  })

  it('not hidden by a gap at the start of a column', () => {
    throwsExpected(
      () => readColumns('a,b\n1,\n2,3\n', []),
      'expected a finite number in column b, row 2, got an empty text',
    )
  })
})

describe('readings as CSV with texts and without a header', () => {
  it('keep their first row', () => {
    const { names, columns } = readColumns('2020-01-01,5\n2020-01-02,6\n', [])
    should(names).eql(['2'])
    should([...columns[0]]).eql([5, 6])
  })
})
