/** A matrix small enough to be looked at. */
import type { Tensor } from '../../src'
import { finiteOrNull } from '../common/missing'
import type { Figure } from './wire'

export interface Picture {
  /** as it is, whatever of it is shown */
  readonly rows: number
  readonly columns: number
  /** each value shown stands for a square of so many by so many, of which it is the one farthest from zero */
  readonly stride: number
  readonly values: Figure[][]
}

const mostSide = 96

export function pictureOf({ shape, data }: Tensor): Picture {
  const [rows, columns] = shape
  const stride = Math.ceil(Math.max(rows, columns) / mostSide)
  const values: Figure[][] = []
  for (let row = 0; row < rows; row += stride) {
    const shown: Figure[] = []
    for (let column = 0; column < columns; column += stride) {
      let most = data[row * columns + column]
      for (let r = row; r < Math.min(row + stride, rows); r++)
        for (let c = column; c < Math.min(column + stride, columns); c++)
          if (isFarther(data[r * columns + c], most)) most = data[r * columns + c]
      shown.push(finiteOrNull(stride > 1 || shape[0] * shape[1] > 1000 ? Number(most.toPrecision(5)) : most))
    }
    values.push(shown)
  }
  return { rows, columns, stride, values }
}

const isFarther = (value: number, than: number): boolean =>
  !Number.isNaN(than) && !(Math.abs(value) <= Math.abs(than))
