/** The measured parts of docs/performance.md. */
import should from 'should'
import { caseOf } from '../../bench/cases'
import { fillIn } from '../../bench/report'
import { columnsOf, flowTable, gridTable, pytorchTable, ratioTable } from '../../bench/report-tables'
import type { SideResult } from '../../bench/results'
import { best } from '../../bench/statistics'

const side = (milliseconds: number[], counts = true): SideResult => ({
  milliseconds,
  differences: { loss: 0 },
  counts,
})
const result = {
  rounds: 3,
  versions: {},
  cases: [
    {
      of: caseOf('rnn', 32, 16, 50),
      sides: {
        library: side([1, 2, 1]),
        flow: side([1.5, 2.5, 1.6]),
        PyTorch: side([9, 18, 9]),
        'tfjs cpu': side([40, 40, 40]),
        'tfjs wasm': side([16, 30, 16]),
        'brain.js': side([8, 16, 8], false),
        'plain JS': side([]),
      },
    },
  ],
}
const cells = (markdown: string): string[][] =>
  markdown.split('\n').map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )

describe('bench report', () => {
  it('shows medians, the better of the backends, brackets around what does not count, and no side that was not measured', () => {
    const [head, , row] = cells(gridTable(result))
    should(head).eql(['H, B, T', 'library', 'flow', 'PyTorch', 'tfjs best', 'brain.js'])
    should(row).eql(['32, 16, 50', '1 ms', '1.6 ms', '9 ms', '16 ms', '(8 ms)'])
    should(cells(gridTable(result, best))[2][2]).equal('1.5 ms')
  })

  it('pairs ratios round by round', () => {
    const [head, , row] = cells(ratioTable(result))
    should(head).eql(['ours is faster by', 'flow', 'PyTorch', 'tfjs best', 'brain.js'])
    should(row).eql(['32, 16, 50', '1.5', '9', '16', '(8)'])
  })

  it('takes the training loop for ours where it was measured', () => {
    const [of] = result.cases
    const sides = { ...of.sides, training: side([0.5, 1, 0.5]) }
    should(cells(ratioTable({ ...result, cases: [{ ...of, sides }] }))[2][2]).equal('18')
  })

  it('sets the ratio to PyTorch beside its floor and aim', () => {
    should(cells(pytorchTable(result))[2]).eql(['32, 16, 50', '9', '7', '12', ''])
  })

  it('says what the flow adds', () => {
    should(cells(flowTable(result))[2]).eql(['32, 16, 50', '1 ms', '1.6 ms', '500 µs'])
  })

  it('takes the median of a group, not a single lucky round', () => {
    const [of] = result.cases
    const sides = { 'tfjs cpu': side([1, 50, 50]), 'tfjs wasm': side([16, 16, 16]) }
    should(columnsOf({ ...of, sides })['tfjs best'].milliseconds).eql([16, 16, 16])
  })

  it('fills in what stands between the marks, and nothing else', () => {
    const text =
      'a\n<!-- measured: one -->\nold\nlines\n<!-- end -->\nb\n<!-- measured: two -->\n\n<!-- end -->\n'
    should(fillIn(text, { one: '$& 1', two: '2' })).equal(
      'a\n<!-- measured: one -->\n$& 1\n<!-- end -->\nb\n<!-- measured: two -->\n2\n<!-- end -->\n',
    )
    should(() => fillIn(text, { one: '1' })).throw(/two/)
  })
})
