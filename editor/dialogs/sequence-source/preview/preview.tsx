/** The first sequence of a source: its picture, and in words what the picture does not say. */
import type { SourcePreview } from '../../../../nodes/sequence-source/preview/wire'
import type { TaskName } from '../../../../src/sequence-source/options'
import { rangeOf } from '../../chart/scale'
import { shortNumber } from '../../common/numbers'
import type { Say } from '../../common/words'
import { mostCells } from './layout'
import { type Panel, panelsOf } from './panels'
import { Picture } from './picture'

interface PreviewProps {
  readonly preview: SourcePreview
  readonly task: TaskName
  readonly ahead: number | undefined
  readonly say: Say
}

export function Preview({ preview, task, ahead, say }: PreviewProps) {
  const word = (name: string) => say(`name.${name}`)
  const { panels, answer } = panelsOf(preview, { task, ahead, target: say('preview.target'), word })
  const title = say('preview.title', { length: preview.length, size: preview.inputSize })
  const said = [
    answer !== undefined && say('preview.answer', { answer }),
    panels.some((panel) => panel.kind === 'line' && panel.targets?.length === 1) && say('preview.diamond'),
    panels.some((panel) => panel.kind === 'line' && (panel.targets?.length ?? 0) > 1) &&
      say('preview.dashed'),
    preview.isScaled && say('preview.scaled'),
    isCut(preview, panels) && say('preview.cut'),
  ].filter((sentence) => sentence !== false)
  return (
    <figure>
      <figcaption>{title}</figcaption>
      <Picture
        panels={panels}
        title={title}
        description={[...panels.map((panel) => describe(panel, say)), ...said].join(' ')}
      />
      <figcaption>{said.join(' ')}</figcaption>
    </figure>
  )
}

/** A panel for somebody who does not see it. */
function describe(panel: Panel, say: Say): string {
  if (panel.kind === 'line') {
    const { from, to } = rangeOf([...panel.values, ...(panel.targets ?? [])])
    return say('preview.line', { name: panel.name, from: shortNumber(from, 3), to: shortNumber(to, 3) })
  }
  if (panel.kind === 'grid') return `${panel.name}: ${panel.rows.join(' ')}.`
  return panel.strips.map(({ name, labels }) => `${name}: ${labels.slice(0, mostCells).join(' ')}.`).join(' ')
}

/** Whether there is more of the sequence than the picture shows. */
function isCut(preview: SourcePreview, panels: readonly Panel[]): boolean {
  const { length, inputSize, inputs, symbols, targetLength, targets } = preview
  const hidden = symbols ? length > symbols.length : length > inputs.length || inputSize > inputs[0].length
  const cells = panels.some((panel) => panel.kind === 'cells' && panel.strips[0].labels.length > mostCells)
  return hidden || cells || targetLength > targets.length
}
