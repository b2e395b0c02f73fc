/** What the preview in sequence-source's dialog shows of a sequence, and where. */
import should from 'should'
import {
  allLabels,
  cellsIn,
  lastStep,
  mostCells,
  placed,
  plotLeft,
  plotRight,
} from '../../../editor/dialogs/sequence-source/preview/layout'
import { className, symbolName } from '../../../editor/dialogs/sequence-source/preview/names'
import {
  type CellsPanel,
  type GridPanel,
  type LinePanel,
  type PanelWords,
  panelsOf,
} from '../../../editor/dialogs/sequence-source/preview/panels'
import type { SourcePreview } from '../../../nodes/sequence-source/preview/wire'
import type { TaskName } from '../../../src'

const word = (name: string) => `<${name}>`
const words = (task: TaskName, ahead?: number): PanelWords => ({ task, ahead, target: 'target', word })

const preview = (given: Partial<SourcePreview>): SourcePreview => ({
  length: 3,
  inputSize: 1,
  inputs: [[1], [2], [3]],
  targetsPer: 'sequence',
  targetKind: 'value',
  targetLength: 1,
  outputSize: 1,
  targets: [[4]],
  isScaled: false,
  ...given,
})

describe('the panels of a preview', () => {
  it('are a line a feature, called as in the data', () => {
    const inputs = [
      [1, 10],
      [2, 20],
      [3, null],
    ]
    const { panels } = panelsOf(preview({ inputs, inputSize: 2, names: ['a', 'b'] }), words('dataset'))
    should(panels).match([
      { kind: 'line', name: 'a', values: [1, 2, 3] },
      { kind: 'line', name: 'b', values: [10, 20, null] },
    ])
    const unnamed = panelsOf(preview({ inputs, inputSize: 2 }), words('adding'))
    should(unnamed.panels.map((panel) => (panel as LinePanel).name)).eql(['x₁', 'x₂'])
  })

  it('have the target of a forecast where it lies: so many steps after the last', () => {
    const { panels, answer } = panelsOf(preview({}), words('sine', 1))
    should(panels[0]).match({ targets: [4], targetsFrom: 4 })
    should(answer).be.undefined()
    const later = panelsOf(preview({}), words('sine-mixture', 5)).panels[0]
    should(later).match({ targets: [4], targetsFrom: 8 })
  })

  it('have a target at every step as a second line, as far ahead', () => {
    const given = preview({ targetsPer: 'step', targetLength: 3, targets: [[2], [3], [4]] })
    should(panelsOf(given, words('sine', 1)).panels).match([{ targets: [2, 3, 4], targetsFrom: 2 }])
  })

  it('mark the targets of those columns that are inputs too', () => {
    const given = preview({
      inputs: [[1, 5]],
      inputSize: 2,
      names: ['a', 'b'],
      targetNames: ['b'],
      targets: [[6]],
    })
    const [a, b] = panelsOf(given, words('dataset', 1)).panels as LinePanel[]
    should(a.targets).be.undefined()
    should(b.targets).eql([6])
  })

  it('say the target of another quantity in words', () => {
    const sum = panelsOf(preview({ targets: [[1.23456]] }), words('adding'))
    should(sum.answer).equal('1.235')
    should((sum.panels[0] as LinePanel).targets).be.undefined()
    const other = preview({ names: ['a'], targetNames: ['b'], targets: [[7]] })
    should(panelsOf(other, words('dataset', 1)).answer).equal('7')
    should(panelsOf(preview({ targets: [[1, null]], outputSize: 2 }), words('narma10')).answer).equal('1, ?')
  })

  it('leave out targets that do not count', () => {
    const echo = {
      targetsPer: 'step',
      targetLength: 3,
      targets: [[0], [1], [2]],
      targetMask: [0, 1, 1],
    } as const
    const [, target] = panelsOf(preview(echo), words('delayed-echo')).panels
    should(target).match({ kind: 'line', name: 'target', isTarget: true, values: [null, 1, 2] })
  })

  it('are strips of symbols, the targets beside them where there are as many', () => {
    const given = preview({
      inputs: [],
      symbols: [0, 1, 2],
      symbolNames: { 0: 'a', 1: ' ', 2: '\n' },
      classNames: { 0: 'a', 1: ' ', 2: '\n' },
      targetKind: 'class',
      targetsPer: 'step',
      targetLength: 3,
      targets: [[1], [2], [0]],
    })
    const [panel, ...others] = panelsOf(given, words('text')).panels
    should(others).be.empty()
    should((panel as CellsPanel).strips).eql([
      { name: 'x', labels: ['a', '␣', '↵'], isTarget: false },
      { name: 'target', labels: ['␣', '↵', 'a'], isTarget: true },
    ])
    const shorter = panelsOf({ ...given, targets: [[1]], targetLength: 1 }, words('reverse')).panels
    should(shorter).have.length(2)
  })

  it('say the class of a sequence', () => {
    const given = preview({ targetKind: 'class', targets: [[2]], classNames: { 2: 'up' } })
    should(panelsOf(given, words('dataset')).answer).equal('up')
    const parity = preview({ targetKind: 'class', targets: [[1]], outputSize: 2 })
    should(panelsOf(parity, words('parity')).answer).equal('<odd>')
  })

  it('are a grid where each of several may be or not', () => {
    const given = preview({
      inputs: [],
      symbols: [0, 1],
      targetsPer: 'step',
      targetLength: 2,
      outputSize: 3,
      targets: [
        [1, 1, 0],
        [0, 0, 1],
      ],
    })
    const [, grid] = panelsOf(given, words('embedded-reber')).panels
    should((grid as GridPanel).rows).eql(['B', 'T', 'P'])
    should((grid as GridPanel).cells).eql([
      [true, false],
      [true, false],
      [false, true],
    ])
  })

  it('are lines where targets are several numbers of another quantity', () => {
    const given = preview({
      targetsPer: 'step',
      targetLength: 2,
      outputSize: 2,
      targets: [
        [1, 0.5],
        [0, 1],
      ],
    })
    const names = panelsOf(given, words('dataset')).panels.map((panel) => (panel as LinePanel).name)
    should(names).eql(['x', 'target ₁', 'target ₂'])
  })
})

describe('the names of symbols and classes', () => {
  const of = (given: Partial<SourcePreview>) => preview({ inputs: [], ...given })

  it('are those of the literature', () => {
    const symbols = (task: TaskName, count: number) =>
      Array.from({ length: count }, (_, place) => symbolName(place, of({}), task, word)).join(' ')
    should(symbols('temporal-order', 6)).equal('X Y a b c d')
    should(symbols('embedded-reber', 7)).equal('B T P S X V E')
    should(symbols('copy-memory', 10)).equal('0 1 2 3 4 5 6 7 · ?')
    should(symbols('waveform', 4)).equal('<sine> <square> <triangle> <sawtooth>')
    should(symbols('reverse', 3)).equal('0 1 2')
  })

  it('are the orders that came, of two symbols, three or four', () => {
    const order = (place: number, outputSize: number) =>
      className(place, of({ outputSize }), 'temporal-order', word)
    should([0, 1, 2, 3].map((place) => order(place, 4))).eql(['XX', 'XY', 'YX', 'YY'])
    should(order(5, 8)).equal('YXY')
    should(order(2, 16)).equal('XXYX')
  })

  it('are those of the data, where the data have some', () => {
    should(symbolName(1, of({ symbolNames: { 1: 'b' } }), 'text', word)).equal('b')
    should(className(1, of({ classNames: { 1: '<b>bold</b>' } }), 'dataset', word)).equal('<b>bold</b>')
  })
})

describe('the layout of a preview', () => {
  const line = (length: number, more: Partial<LinePanel> = {}): LinePanel => ({
    kind: 'line',
    name: 'x',
    values: Array.from({ length }, () => 0),
    isTarget: false,
    ...more,
  })
  const cells = (...labels: string[]): CellsPanel => ({
    kind: 'cells',
    strips: [{ name: 'x', labels, isTarget: false }],
  })

  it('goes to the last target', () => {
    should(lastStep([line(20)])).equal(20)
    should(lastStep([line(20, { targets: [1], targetsFrom: 25 })])).equal(25)
    should(lastStep([line(1)])).equal(2)
    should(lastStep([cells('a')])).equal(2)
  })

  it('puts panels under one another, lower where there are many lines', () => {
    const few = placed([line(5), line(5)])
    const many = placed(Array.from({ length: 8 }, () => line(5)))
    for (const { placed: all, height } of [few, many])
      for (const [index, { top, height: own }] of all.entries())
        should(all[index + 1]?.top ?? height).be.aboveOrEqual(top + own)
    should(many.height).be.below(330)
    should(many.placed[0].height).be.below(few.placed[0].height)
  })

  it('breaks strips where there is no more room, and shows the beginning of long ones', () => {
    const letters = cellsIn(['a', 'b'])
    should(letters.inRow * letters.cellWidth).be.belowOrEqual(plotRight - plotLeft)
    should(cellsIn(['sawtooth']).inRow).be.below(letters.inRow)
    should(cellsIn(['x'.repeat(200)])).match({ inRow: 1, cellWidth: plotRight - plotLeft })
    const long = cells(...Array.from({ length: 500 }, () => 'a'))
    should(allLabels(long.strips)).have.length(mostCells)
    should(placed([long]).height).be.below(100)
  })
})
