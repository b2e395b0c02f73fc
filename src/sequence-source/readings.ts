/** Readings in any form they come in (CSV text, numbers, rows, objects), as columns of numbers. */
import { parse } from 'csv-parse/sync'
import { describe, ExpectedError } from '../expected'
import { checkSize } from '../limits'

/** CSV text with or without a header; numbers; rows of numbers; or objects by field names. Oldest first. */
export type Readings =
  | string
  | readonly number[]
  | readonly (readonly number[])[]
  | readonly Record<string, unknown>[]

interface Table {
  readonly names: readonly string[]
  readonly count: number
  /** row and column counted from 0; undefined if there is none */
  readonly at: (row: number, column: number) => unknown
  /** the row a person would count, for errors */
  readonly rowNumber: (row: number) => number
}

export interface Columns {
  readonly names: string[]
  readonly columns: Float64Array[]
}

/** Readings, to be read by columns: by their name; a table without names calls them 1, 2, … */
export interface ReadingsTable {
  /**
   * Columns of numbers; no names: every column of numbers, without those in `except`.
   *
   * @throws ExpectedError for an unknown column, or naming row and column of an entry that is no finite number
   */
  readonly numbers: (names: readonly string[], except?: readonly string[]) => Columns
  /**
   * A column of finite numbers and texts.
   *
   * @throws ExpectedError for an unknown column, or naming row and column of an entry that is neither
   */
  readonly labels: (name: string) => (number | string)[]
}

/** @throws ExpectedError if these are no readings, none, or too many */
export function readings(given: unknown): ReadingsTable {
  const table = tableOf(given)
  if (table.count === 0) throw new ExpectedError('at least one reading', 'none')
  checkSize('maxElements', table.count * table.names.length, 'numbers in the readings')
  const isNumber = (value: unknown) => typeof value === 'number' && Number.isFinite(value)
  return {
    numbers(names, except = []) {
      const chosen =
        names.length > 0 ? [...names] : numericNames(table).filter((name) => !except.includes(name))
      if (chosen.length === 0)
        throw new ExpectedError('a column of numbers', `the columns ${table.names.join(', ')}`)
      checkSize('maxElements', chosen.length * table.count, 'numbers in the columns')
      return {
        names: chosen,
        columns: chosen.map((name) =>
          Float64Array.from(entries(table, name, 'a finite number', isNumber) as number[]),
        ),
      }
    },
    labels(name) {
      const isLabel = (value: unknown) => isNumber(value) || (typeof value === 'string' && value !== '')
      return entries(table, name, 'a finite number or a text', isLabel) as (number | string)[]
    },
  }
}

/** A column, every entry of which fits. */
function entries(table: Table, name: string, wanted: string, fits: (value: unknown) => boolean): unknown[] {
  const column = table.names.indexOf(name)
  if (column < 0) throw new ExpectedError(`one of the columns ${table.names.join(', ')}`, `"${name}"`)
  return Array.from({ length: table.count }, (_, row) => {
    const value = table.at(row, column)
    if (fits(value)) return value
    throw new ExpectedError(`${wanted} in column ${name}, row ${table.rowNumber(row)}`, describe(value))
  })
}

/** Columns whose first entry, leaving gaps out, is a number. */
function numericNames(table: Table): string[] {
  const isGap = (value: unknown) => value === undefined || value === null || value === ''
  return table.names.filter((_, column) => {
    let row = 0
    while (row < table.count - 1 && isGap(table.at(row, column))) row++
    return typeof table.at(row, column) === 'number'
  })
}

function tableOf(given: unknown): Table {
  if (typeof given === 'string') return csvTable(given)
  if (ArrayBuffer.isView(given) && !(given instanceof DataView)) {
    const view = given as unknown as ArrayLike<number>
    checkSize('maxReadings', view.length, 'readings')
    return tableOf(Array.from(view))
  }
  if (!Array.isArray(given)) throw new ExpectedError('readings as CSV text or an array', describe(given))
  const count = checkSize('maxReadings', given.length, 'readings')
  const first: unknown = given[0]
  const rowNumber = (row: number) => row + 1
  if (Array.isArray(first)) {
    const width = checkSize('maxFeatures', first.length, 'columns')
    for (let row = 0; row < count; row++)
      if (!Array.isArray(given[row]) || given[row].length !== width)
        throw new ExpectedError(`${width} numbers in row ${row + 1} as in the first`, describe(given[row]))
    return {
      names: Array.from({ length: width }, (_, column) => `${column + 1}`),
      count,
      at: (row, column) => given[row][column],
      rowNumber,
    }
  }
  if (typeof first === 'object' && first !== null) {
    const names = Object.keys(first)
    checkSize('maxFeatures', names.length, 'columns')
    return { names, count, at: (row, column) => given[row]?.[names[column]], rowNumber }
  }
  return { names: ['1'], count, at: (row) => given[row], rowNumber }
}

/** Each line becomes its numbers and texts at once: what the parser makes of a line is several times as large. */
function csvTable(text: string): Table {
  checkSize('maxFileSize', text.length, 'characters of CSV')
  const rows: (number | string)[][] = []
  const lines: number[] = []
  const heads: string[][] = []
  const take = (record: string[], info: { lines: number }): null => {
    if (rows.length === 0) checkSize('maxFeatures', record.length, 'columns')
    if (heads.length < 2) heads.push(record)
    rows.push(record.map(numberOrText))
    lines.push(info.lines)
    checkSize('maxReadings', rows.length - 1, 'readings')
    return null
  }
  try {
    const options = { bom: true, trim: true, skip_empty_lines: true } as const
    parse(text, { ...options, delimiter: delimiterOf(text), on_record: take as never })
  } catch (error) {
    if (error instanceof ExpectedError) throw error
    throw new ExpectedError('CSV with the same number of fields in every line', (error as Error).message)
  }
  const [first = [], second] = heads
  const skipped = isHeader(first, second) ? 1 : 0
  const count = checkSize('maxReadings', Math.max(0, rows.length - skipped), 'readings')
  return {
    names: skipped === 1 ? first : first.map((_, column) => `${column + 1}`),
    count,
    at: (row, column) => rows[row + skipped][column],
    rowNumber: (row) => lines[row + skipped],
  }
}

/** No number in the first line, or a text in it with a number under it. */
function isHeader(first: readonly string[], second: readonly string[] = []): boolean {
  const isNumber = (field: string | undefined) =>
    field !== undefined && typeof numberOrText(field) === 'number'
  return !first.some(isNumber) || first.some((field, column) => !isNumber(field) && isNumber(second[column]))
}

const numberOrText = (field: string): number | string => {
  const value = Number(field)
  return field === '' || Number.isNaN(value) ? field : value
}

/** So many characters of a line tell what its fields are separated by. */
const longestHead = 100_000

/** Comma, semicolon or tab: whichever the first line has most of outside of quotes. */
function delimiterOf(text: string): string {
  const [line] = text.slice(0, longestHead).split(/\r?\n/, 1)
  const unquoted = line.replace(/"[^"]*"/g, '')
  const count = (delimiter: string) => unquoted.split(delimiter).length
  return [',', ';', '\t'].reduce((best, delimiter) => (count(delimiter) > count(best) ? delimiter : best))
}
