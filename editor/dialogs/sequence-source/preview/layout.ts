/** Where the panels of a preview lie, in units of its picture. */
import type { LinePanel, Panel } from './panels'

export const width = 440
/** of the part that numbers are drawn in */
export const plotLeft = 104
export const plotRight = 430

export const axisHeight = 16
const gap = 8

/** Symbols that are drawn of a long sequence. */
export const mostCells = 48
const cellHeight = 18
export const gridRow = 11

export interface Placed<Of extends Panel = Panel> {
  readonly panel: Of
  readonly top: number
  readonly height: number
}

/** The last step of any line. */
export const lastStep = (panels: readonly Panel[]): number =>
  Math.max(
    2,
    ...panels
      .filter((panel): panel is LinePanel => panel.kind === 'line')
      .map(({ values, targets = [], targetsFrom = 1 }) =>
        Math.max(values.length, targetsFrom + targets.length - 1),
      ),
  )

/** Cells in a row: as many as there is room for, were each as wide as the longest label. */
export function cellsIn(labels: readonly string[]): { readonly inRow: number; readonly cellWidth: number } {
  const longest = Math.max(1, ...labels.slice(0, mostCells).map(({ length }) => length))
  const cellWidth = Math.min(plotRight - plotLeft, Math.max(15, 7 * longest + 8))
  return { inRow: Math.max(1, Math.floor((plotRight - plotLeft) / cellWidth)), cellWidth }
}

export function placed(panels: readonly Panel[]): { readonly placed: Placed[]; readonly height: number } {
  const lines = panels.filter(({ kind }) => kind === 'line').length
  let top = 4
  const all = panels.map((panel) => {
    const height = heightOf(panel, lines > 2 ? 28 : 46)
    const place = { panel, top, height }
    top += height + gap
    return place
  })
  return { placed: all, height: top + (lines > 0 ? axisHeight : 0) }
}

function heightOf(panel: Panel, lineHeight: number): number {
  if (panel.kind === 'line') return lineHeight
  if (panel.kind === 'grid') return gridRow * panel.rows.length
  const { labels } = panel.strips[0]
  const rows = Math.ceil(Math.min(labels.length, mostCells) / cellsIn(allLabels(panel.strips)).inRow)
  return rows * (panel.strips.length * cellHeight + 4)
}

export const allLabels = (strips: readonly { readonly labels: readonly string[] }[]): string[] =>
  strips.flatMap(({ labels }) => labels.slice(0, mostCells))

export { cellHeight }
