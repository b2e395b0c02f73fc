/** The gradient and its terms from δ: a share of the work each, cut so that every number is made in one place. */
import { at, type Call, type Machine } from './machine'
import type { Partial } from './partials'

/** Norms of the terms: none, of each term's sum over the batch, or of each sequence's. */
export type TermsKind = 'none' | 'batch' | 'sequence'

/** Where the norms of the terms of a partial go. */
export interface TermSlot {
  /** float64 [T] */
  readonly batch: number
  /** float64 [T, B] each, of the rows of a and of b */
  readonly rows: number
  readonly columns: number
}

/** Share `share` of so many of the sums over all steps and sequences: some rows of each gradient. */
export function gradientCalls(
  machine: Machine,
  partials: readonly Partial[],
  share: number,
  shares: number,
  scratch: number,
): Call[] {
  const { kernel, plan, layout } = machine
  return partials.flatMap(({ name, offset, ldOut, a, b, steps, accumulate, cellStates }) => {
    if (cellStates) return []
    const from = cut(a.columns, share, shares)
    const rows = cut(a.columns, share + 1, shares) - from
    const k = steps * plan.batch
    const adds = accumulate ? 1 : 0
    if (rows === 0) return []
    const pointer = at(machine, a.pointer, from)
    if (!b) {
      const out = at(machine, layout.gradients[name], offset + from)
      return () => kernel.sumRows(out, pointer, a.ld, k, rows, adds)
    }
    const out = at(machine, layout.gradients[name], offset + from * ldOut)
    return () =>
      kernel.productTN(out, ldOut, pointer, a.ld, b.pointer, b.ld, rows, b.columns, k, adds, scratch)
  })
}

/** At whole groups of eight rows, as the products take them. */
const cut = (rows: number, share: number, shares: number): number =>
  share === shares ? rows : Math.min(rows, Math.round((rows * share) / shares / 8) * 8)

/** Norms of the terms of a share of the steps, summed over the batch. */
export function termCalls(
  machine: Machine,
  { a, b, first, steps, cellStates }: Partial,
  { batch: out }: TermSlot,
  share: number,
  shares: number,
  scratch: number,
): Call[] {
  const { kernel, plan } = machine
  const from = Math.floor((steps * share) / shares)
  const count = Math.floor((steps * (share + 1)) / shares) - from
  if (count === 0 || cellStates) return []
  const { batch } = plan
  const own = out + 8 * (first - 1 + from)
  const rows = at(machine, a.pointer, from * batch * a.ld)
  if (!b) return [() => kernel.rowSumNorms(own, count, batch, rows, a.ld, a.columns, batch * a.ld)]
  const columns = at(machine, b.pointer, from * batch * b.ld)
  return [
    () =>
      kernel.termNorms(
        own,
        count,
        batch,
        rows,
        a.ld,
        a.columns,
        batch * a.ld,
        columns,
        b.ld,
        b.columns,
        batch * b.ld,
        scratch,
      ),
  ]
}

/** The same of each sequence by itself: ‖δ hᵀ‖ = ‖δ‖ ‖h‖. */
export function sequenceTermCalls(
  machine: Machine,
  { a, b, first, steps, cellStates }: Partial,
  slot: TermSlot,
): Call[] {
  if (cellStates) return []
  const { kernel, plan } = machine
  const { batch } = plan
  const skipped = 8 * (first - 1) * batch
  const calls = [
    () => kernel.rowNorms(slot.rows + skipped, steps, batch, a.pointer, a.ld, a.columns, batch * a.ld),
  ]
  if (b)
    calls.push(() =>
      kernel.rowNorms(slot.columns + skipped, steps, batch, b.pointer, b.ld, b.columns, batch * b.ld),
    )
  return calls
}
