/** The series that a source over one long series has cut its windows from, read back from the windows. */
import should from 'should'
import { type Batch, type SourceOptions, sequenceSource } from '../../../src'

/** Window after window, in the units of the data: rows of one column a quantity. */
export function seriesOf(options: SourceOptions): { train: number[][]; validation: number[][] } {
  const source = sequenceSource({
    ...options,
    length: 1,
    stride: 1,
    targetsPer: 'sequence',
    scaling: 'none',
    shuffle: false,
    epochs: 1,
    batch: 1000,
  })
  const rowsOf = (batches: Iterable<Batch>) =>
    [...batches].flatMap(({ inputs }) => {
      const [count, , size] = inputs.shape
      return Array.from({ length: count }, (_, row) => [...inputs.data.slice(row * size, (row + 1) * size)])
    })
  const series = { train: rowsOf(source), validation: rowsOf(source.validation()) }
  should(series.train).not.be.empty()
  return series
}
