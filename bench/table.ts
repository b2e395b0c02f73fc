/** Numbers as a person reads them, and tables of them in Markdown. */

/** Two significant digits, three from a leading 1 on; in the unit that suits. */
export function duration(milliseconds: number | undefined): string {
  if (milliseconds === undefined || Number.isNaN(milliseconds)) return ''
  if (milliseconds < 1) return `${digits(milliseconds * 1000)} µs`
  if (milliseconds < 1000) return `${digits(milliseconds)} ms`
  return `${digits(milliseconds / 1000)} s`
}

/** A ratio: whole from 10 on, else two significant digits. */
export const ratio = (value: number | undefined): string =>
  value === undefined || Number.isNaN(value) ? '' : digits(value)

function digits(value: number): string {
  const leadsWithOne = String(value.toExponential()).startsWith('1')
  return String(Number(value.toPrecision(leadsWithOne ? 3 : 2)))
}

/** Columns as wide as their widest entry: readable in a terminal too. Numbers stand to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(3, title.length, ...rows.map((row) => (row[column] ?? '').length)),
  )
  const line = (cells: readonly string[]) =>
    `| ${widths
      .map((width, column) =>
        column === 0 ? (cells[column] ?? '').padEnd(width) : (cells[column] ?? '').padStart(width),
      )
      .join(' | ')} |`
  const rule = `|${widths.map((width, column) => (column === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`
  return [line(head), rule, ...rows.map(line)].join('\n')
}
