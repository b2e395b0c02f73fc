/** Readings in any form they come in (CSV text, numbers, rows, objects), as columns of numbers. */
import { parse } from 'csv-parse/sync'
import { describe, ExpectedError } from '../expected'

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

/** @throws ExpectedError if these are no readings, or none */
export function readings(given: unknown): ReadingsTable {
  const table = tableOf(given)
  if (table.count === 0) throw new ExpectedError('at least one reading', 'none')
  const isNumber = (value: unknown) => typeof value === 'number' && Number.isFinite(value)
  return {
    numbers(names, except = []) {
      const chosen =
        names.length > 0 ? [...names] : numericNames(table).filter((name) => !except.includes(name))
      if (chosen.length === 0)
        throw new ExpectedError('a column of numbers', `the columns ${table.names.join(', ')}`)
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
  if (ArrayBuffer.isView(given) && !(given instanceof DataView))
    return tableOf(Array.from(given as unknown as ArrayLike<number>))
  if (!Array.isArray(given)) throw new ExpectedError('readings as CSV text or an array', describe(given))
  const [first] = given
  const rowNumber = (row: number) => row + 1
  if (Array.isArray(first)) {
    const ragged = given.findIndex((row) => !Array.isArray(row) || row.length !== first.length)
    if (ragged >= 0)
      throw new ExpectedError(
        `${first.length} numbers in row ${ragged + 1} as in the first`,
        describe(given[ragged]),
      )
    return {
      names: first.map((_, column) => `${column + 1}`),
      count: given.length,
      at: (row, column) => given[row][column],
      rowNumber,
    }
  }
  if (typeof first === 'object' && first !== null) {
    const names = Object.keys(first)
    return { names, count: given.length, at: (row, column) => given[row]?.[names[column]], rowNumber }
  }
  return { names: ['1'], count: given.length, at: (row) => given[row], rowNumber }
}

function csvTable(text: string): Table {
  let rows: { record: string[]; info: { lines: number } }[]
  try {
    const options = { bom: true, trim: true, skip_empty_lines: true, info: true } as const
    rows = parse(text, { ...options, delimiter: delimiterOf(text) }) as unknown as typeof rows
  } catch (error) {
    throw new ExpectedError('CSV with the same number of fields in every line', (error as Error).message)
  }
  const first = rows[0]?.record ?? []
  const hasHeader = isHeader(first, rows[1]?.record)
  const data = hasHeader ? rows.slice(1) : rows
  return {
    names: hasHeader ? first : first.map((_, column) => `${column + 1}`),
    count: data.length,
    at: (row, column) => numberOrText(data[row].record[column]),
    rowNumber: (row) => data[row].info.lines,
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

/** Comma, semicolon or tab: whichever the first line has most of outside of quotes. */
function delimiterOf(text: string): string {
  const [line] = text.split(/\r?\n/, 1)
  const unquoted = line.replace(/"[^"]*"/g, '')
  const count = (delimiter: string) => unquoted.split(delimiter).length
  return [',', ';', '\t'].reduce((best, delimiter) => (count(delimiter) > count(best) ? delimiter : best))
}
