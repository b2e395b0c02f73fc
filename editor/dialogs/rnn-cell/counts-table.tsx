/** The weights of a cell as a table: letter, shape, how many numbers. */
import type { Count } from './counts'

export interface TableWords {
  readonly caption: string
  /** how many there are in all, or what is not known yet */
  readonly total: string
  /** in the place of a shape: there are so many */
  readonly several: (count: number) => string
}

const show = (numbers: number) => (Number.isNaN(numbers) ? '?' : numbers.toLocaleString())

export const CountsTable = ({ counts, words }: { counts: readonly Count[]; words: TableWords }) => (
  <table class="rnn-counts">
    <caption>{words.caption}</caption>
    <tbody>
      {counts.map(({ letter, names, shape, numbers }) => (
        <tr key={letter} title={names.join(', ')}>
          <th scope="row">{letter}</th>
          <td>{names.length > 1 ? words.several(names.length) : shape}</td>
          <td>{show(numbers)}</td>
        </tr>
      ))}
    </tbody>
    <tfoot>
      <tr>
        <td colSpan={3}>{words.total}</td>
      </tr>
    </tfoot>
  </table>
)
