/** What the symbols and classes of a sequence are called: by the data, by the literature, else by their number. */
import type { SourcePreview } from '../../../../nodes/sequence-source/preview/wire'
import type { TaskName } from '../../../../src/sequence-source/options'

/** The word for a name that differs between languages. */
type Word = (name: string) => string

type Name = (place: number, preview: SourcePreview, word: Word) => string | undefined

const reber: Name = (place) => 'BTPSXVE'[place]
const copied: Name = (place) => (place === 8 ? '·' : place === 9 ? '?' : String(place))

const symbols: Partial<Record<TaskName, Name>> = {
  'temporal-order': (place) => 'XYabcd'[place],
  'copy-memory': copied,
  'embedded-reber': reber,
  waveform: (place, _, word) => word(['sine', 'square', 'triangle', 'sawtooth'][place]),
}

const classes: Partial<Record<TaskName, Name>> = {
  // XX, XY, YX, YY: the digits of the class, of which there are as many as symbols that matter
  'temporal-order': (place, { outputSize }) =>
    place.toString(2).padStart(Math.log2(outputSize), '0').replace(/0/g, 'X').replace(/1/g, 'Y'),
  'copy-memory': copied,
  'embedded-reber': reber,
  parity: (place, _, word) => word(place === 1 ? 'odd' : 'even'),
}

const spaces: Readonly<Record<string, string>> = { ' ': '␣', '\n': '↵', '\r': '␍', '\t': '⇥' }

export const symbolName = (place: number, preview: SourcePreview, task: TaskName, word: Word): string =>
  visible(preview.symbolNames?.[place] ?? symbols[task]?.(place, preview, word) ?? String(place))

export const className = (place: number, preview: SourcePreview, task: TaskName, word: Word): string =>
  visible(preview.classNames?.[place] ?? classes[task]?.(place, preview, word) ?? String(place))

const visible = (name: string) => spaces[name] ?? name
