import { type Tensor, tensor } from '../../tensor/tensor'

/** Rows for columns: V [O, S] is a matrix [S, O] behind the states in ONNX. */
export function transposed({ shape: [rows, columns], dtype, data }: Tensor): Tensor {
  const turned = tensor(dtype, [columns, rows])
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      turned.data[column * rows + row] = data[row * columns + column]
  return turned
}
