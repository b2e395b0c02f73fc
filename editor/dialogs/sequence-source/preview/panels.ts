/** What a preview shows, one thing under the other: lines of numbers, strips of symbols, a grid of what may follow. */
import type { SourcePreview } from '../../../../nodes/sequence-source/preview/wire'
import type { TaskName } from '../../../../src/sequence-source/options'
import { shortNumber } from '../../common/numbers'
import { className, symbolName } from './names'

export type Numbers = readonly (number | null)[]

export interface LinePanel {
  readonly kind: 'line'
  readonly name: string
  readonly values: Numbers
  readonly isTarget: boolean
  /** targets that are the same quantity, each `ahead` steps later than the value in its place */
  readonly targets?: Numbers
  /** the step of the first of these targets */
  readonly targetsFrom?: number
}

export interface Strip {
  readonly name: string
  readonly labels: readonly string[]
  readonly isTarget: boolean
}

/** Strips side by side: they are as long as each other. */
export interface CellsPanel {
  readonly kind: 'cells'
  readonly strips: readonly Strip[]
}

export interface GridPanel {
  readonly kind: 'grid'
  readonly name: string
  readonly rows: readonly string[]
  /** by row, whether the cell of each step is filled */
  readonly cells: readonly (readonly boolean[])[]
}

export type Panel = LinePanel | CellsPanel | GridPanel

export interface Shown {
  readonly panels: readonly Panel[]
  /** the one target of the sequence, where it is in no panel */
  readonly answer?: string
}

export interface PanelWords {
  readonly task: TaskName
  /** steps from an input to the target that says how it goes on; undefined if targets are another quantity */
  readonly ahead: number | undefined
  readonly target: string
  readonly word: (name: string) => string
}

export function panelsOf(preview: SourcePreview, words: PanelWords): Shown {
  const inputs = inputPanels(preview, words)
  const { targetsPer, targetKind, targets } = preview
  if (targetKind === 'class') {
    const labels = targets.map(([place]) => className(Number(place), preview, words.task, words.word))
    if (targetsPer === 'sequence') return { panels: inputs, answer: labels[0] }
    const strip = { name: words.target, labels: unmasked(labels, preview, ''), isTarget: true }
    return { panels: withStrip(inputs, strip) }
  }
  const features = featuresOf(preview, words)
  if (features) return { panels: withTargets(inputs, preview, features, words.ahead ?? 0) }
  if (targetsPer === 'sequence') return { panels: inputs, answer: targets[0].map(showNumber).join(', ') }
  return { panels: [...inputs, ...targetPanels(preview, words)] }
}

/** Of each value of a target, which feature it says more of; undefined if targets are another quantity. */
function featuresOf(preview: SourcePreview, { ahead }: PanelWords): number[] | undefined {
  const { names, targetNames, outputSize, symbols } = preview
  if (ahead === undefined || symbols) return undefined
  if (!names || !targetNames) return Array.from({ length: outputSize }, (_, feature) => feature)
  const features = targetNames.map((name) => names.indexOf(name))
  return features.includes(-1) ? undefined : features
}

const showNumber = (value: number | null) => (value === null ? '?' : shortNumber(value))

/** What does not count is left blank. */
const unmasked = <Entry>(entries: readonly Entry[], { targetMask }: SourcePreview, blank: Entry): Entry[] =>
  entries.map((entry, index) => (targetMask?.[index] === 0 ? blank : entry))

const column = (rows: readonly Numbers[], feature: number): Numbers => rows.map((row) => row[feature] ?? null)

function inputPanels(preview: SourcePreview, { task, word }: PanelWords): Panel[] {
  const { symbols, inputs, names } = preview
  if (symbols) {
    const labels = symbols.map((place) => symbolName(place, preview, task, word))
    return [{ kind: 'cells', strips: [{ name: 'x', labels, isTarget: false }] }]
  }
  return (inputs[0] ?? []).map((_, feature) => ({
    kind: 'line',
    name: names?.[feature] ?? (inputs[0].length === 1 ? 'x' : `x${subscript(feature + 1)}`),
    values: column(inputs, feature),
    isTarget: false,
  }))
}

function withStrip(panels: readonly Panel[], strip: Strip): Panel[] {
  const [first] = panels
  const isAlike = first?.kind === 'cells' && first.strips[0].labels.length === strip.labels.length
  if (isAlike) return [{ ...first, strips: [...first.strips, strip] }]
  return [...panels, { kind: 'cells', strips: [strip] }]
}

function withTargets(
  panels: readonly Panel[],
  preview: SourcePreview,
  features: readonly number[],
  ahead: number,
): Panel[] {
  const isOfSequence = preview.targetsPer === 'sequence'
  return panels.map((panel, feature) => {
    const value = features.indexOf(feature)
    if (panel.kind !== 'line' || value < 0) return panel
    const targets = unmasked(column(preview.targets, value), preview, null)
    return { ...panel, targets, targetsFrom: (isOfSequence ? preview.length : 1) + ahead }
  })
}

function targetPanels(preview: SourcePreview, { task, target, word }: PanelWords): Panel[] {
  const { targets, outputSize, targetNames } = preview
  const isGrid = outputSize > 1 && targets.flat().every((value) => value === 0 || value === 1)
  const columns = targets[0].map((_, value) => unmasked(column(targets, value), preview, null))
  if (isGrid)
    return [
      {
        kind: 'grid',
        name: target,
        rows: columns.map((_, value) => className(value, preview, task, word)),
        cells: columns.map((values) => values.map((entry) => entry === 1)),
      },
    ]
  return columns.map((values, value) => ({
    kind: 'line',
    name: `${target} ${targetNames?.[value] ?? (outputSize === 1 ? '' : subscript(value + 1))}`.trim(),
    values,
    isTarget: true,
  }))
}

const subscript = (number: number) => [...String(number)].map((digit) => '₀₁₂₃₄₅₆₇₈₉'[Number(digit)]).join('')
