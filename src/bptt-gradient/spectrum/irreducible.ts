/**
 * The irreducible blocks of a square matrix: the strongly connected components of the graph of its non-zero
 * entries (Tarjan 1972). Ordered by them the matrix is block triangular, and its eigenvalues are those of the
 * blocks. So a matrix that is nilpotent by its pattern has eigenvalues that are exactly 0.
 */

/**
 * @param matrix [size, size], row major
 * @returns for each block the rows (and columns) in it, rising
 */
export function irreducibleBlocks(matrix: Float64Array, size: number): number[][] {
  const blocks: number[][] = []
  const order = new Int32Array(size)
  const lowest = new Int32Array(size)
  const open = new Uint8Array(size)
  const stack: number[] = []
  let visited = 0
  const visit = (row: number) => {
    order[row] = lowest[row] = ++visited
    open[row] = 1
    stack.push(row)
    for (let column = 0; column < size; column++) {
      if (matrix[row * size + column] === 0) continue
      if (order[column] === 0) {
        visit(column)
        lowest[row] = Math.min(lowest[row], lowest[column])
      } else if (open[column]) lowest[row] = Math.min(lowest[row], order[column])
    }
    if (lowest[row] !== order[row]) return
    const block = stack.splice(stack.lastIndexOf(row))
    for (const member of block) open[member] = 0
    blocks.push(block.sort((a, b) => a - b))
  }
  for (let row = 0; row < size; row++) if (order[row] === 0) visit(row)
  return blocks
}
