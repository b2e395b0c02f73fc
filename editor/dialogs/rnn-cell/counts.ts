/** How many numbers a cell learns, letter by letter. */
import type { CellForm } from '../../../src/rnn-cell/form'
import { parameterShapes } from '../../../src/rnn-cell/lanes'

export interface Count {
  /** W, U, b, bn, p, V or c: of all layers and directions, and of the decoder */
  readonly letter: string
  /** as the cell calls them: W, W2, Wr … */
  readonly names: readonly string[]
  /** of the first of them; D and O stand for sizes that are not known */
  readonly shape: string
  /** NaN if a size is not known */
  readonly numbers: number
}

export function countsOf(form: CellForm): Count[] {
  const counts = new Map<string, Count>()
  for (const [name, shape] of Object.entries(parameterShapes(form))) {
    const letter = name.replace(/[2-8]?[rd]?$/, '')
    const before = counts.get(letter)
    counts.set(letter, {
      letter,
      names: [...(before?.names ?? []), name],
      shape: before?.shape ?? showShape(letter, shape),
      numbers: (before?.numbers ?? 0) + shape.reduce((product, size) => product * size, 1),
    })
  }
  return [...counts.values()]
}

const showShape = (letter: string, shape: readonly number[]) =>
  shape.map((size, axis) => (Number.isNaN(size) ? unknownSize(letter, axis) : String(size))).join(' × ')

/** The letters of the README: U [H, D], V [O, H], c [O]. */
function unknownSize(letter: string, axis: number): string {
  if (letter === 'U' && axis === 1) return 'D'
  return (letter === 'V' && axis === 0) || letter === 'c' ? 'O' : 'H'
}

export const totalOf = (counts: readonly Count[]): number =>
  counts.reduce((sum, { numbers }) => sum + numbers, 0)
