/** Flat numbers as rows, and a matrix times a vector. */
export const asRows = (data: ArrayLike<number>, columns: number): number[][] =>
  Array.from({ length: data.length / columns }, (_, row) =>
    Array.from({ length: columns }, (_, column) => data[row * columns + column]),
  )

/** A v */
export const timesVector = (A: readonly number[][], v: readonly number[]): number[] =>
  A.map((row) => row.reduce((sum, value, index) => sum + value * v[index], 0))

/** Aᵀ v */
export const transposedTimes = (A: readonly number[][], v: readonly number[]): number[] =>
  A[0].map((_, column) => A.reduce((sum, row, index) => sum + row[column] * v[index], 0))

/** a bᵀ, row major */
export const outer = (a: readonly number[], b: readonly number[]): number[] =>
  a.flatMap((left) => b.map((right) => left * right))
