/** A product over the sequences of a shard, at all steps. */
import type { ShardLayout } from './layout'
import { at, type Call, type Machine } from './machine'

export interface Matrix {
  readonly pointer: number
  /** numbers from row to row */
  readonly ld: number
  readonly columns: number
}

export interface RowProduct {
  /** a [steps, B, …] */
  readonly a: Matrix
  readonly b: { readonly pointer: number; readonly ld: number }
  /** whether it is a · bᵀ */
  readonly transposed: boolean
  /** out [steps, B, …] */
  readonly out: Matrix
  readonly steps: number
  readonly bias?: number
  readonly accumulate?: boolean
}

/** out = a · b (or bᵀ): one product if the shard is the whole batch, otherwise one a step. */
export function productOfRows(
  machine: Machine,
  { row, rows, scratch }: ShardLayout,
  given: RowProduct,
): Call {
  const { kernel } = machine
  const { batch } = machine.plan
  const { a, b, out, steps, transposed, bias = 0 } = given
  const accumulate = given.accumulate ? 1 : 0
  const [n, k, all] = [out.columns, a.columns, steps * batch]
  if (rows === batch && transposed)
    return () =>
      kernel.productNT(
        out.pointer,
        out.ld,
        a.pointer,
        a.ld,
        b.pointer,
        b.ld,
        all,
        n,
        k,
        bias,
        accumulate,
        scratch,
      )
  if (rows === batch)
    return () =>
      kernel.productNN(out.pointer, out.ld, a.pointer, a.ld, b.pointer, b.ld, all, n, k, accumulate, scratch)
  const [firstOut, nextOut] = [at(machine, out.pointer, row * out.ld), batch * out.ld * machine.width]
  const [firstA, nextA] = [at(machine, a.pointer, row * a.ld), batch * a.ld * machine.width]
  return () => {
    if (transposed) kernel.packNT(scratch, b.pointer, b.ld, n, k)
    else kernel.packNN(scratch, b.pointer, b.ld, n, k)
    for (let step = 0; step < steps; step++)
      kernel.productPacked(
        firstOut + step * nextOut,
        out.ld,
        firstA + step * nextA,
        a.ld,
        scratch,
        rows,
        n,
        k,
        bias,
        accumulate,
      )
  }
}
