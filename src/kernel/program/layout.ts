/** Where everything of a program lies in its memory, in bytes from its beginning. */
import { firstFreeByte, scratchCount } from '../kernel'
import { gateSize, type ProgramPlan, readSize, stretchesOf } from './plan'

/** The states of a lane over time, and what its way back leaves. */
export interface StrandLayout {
  /** h [T+1, B, H] */
  readonly hidden: number
  /** c [T+1, B, H], or 0 */
  readonly cellState: number
  /** [T, B, G]; of the plain cell 0: there the states themselves take the place */
  readonly gates: number
  /** what else a step keeps [T, B, H]: an LSTM φ(c), a GRU the inner part of its reset; or 0 */
  readonly inner: number
  /** δ [T, B, G] */
  readonly delta: number
  /** [T, B, H], of a GRU that resets after the product; or 0 */
  readonly innerDelta: number
  /** ∂L/∂h_t from the readout or the layer above [T, B, H] */
  readonly external: number
  /** [B, H] */
  readonly carried: number
  /** [B, H], or 0 */
  readonly carriedCell: number
}

export interface ShardLayout {
  /** its first sequence, and how many it has */
  readonly row: number
  readonly rows: number
  readonly scratch: number
  /** by strand: float64 [T, 2] and int32 [T+1] */
  readonly norms: readonly number[]
  readonly exponents: readonly number[]
}

export interface Layout {
  /** by name, one after the other, so that all of them are one block of `parameterCount` numbers */
  readonly parameters: Readonly<Record<string, number>>
  readonly gradients: Readonly<Record<string, number>>
  readonly parameterBlock: number
  readonly gradientBlock: number
  /** with the gaps between them, which are zero */
  readonly parameterCount: number
  /** what each stretch takes in [steps, B, D] */
  readonly inputs: readonly number[]
  readonly strands: readonly StrandLayout[]
  /** bytes [T, B], or 0 */
  readonly present: number
  /** [L, B, O]; with no readout they are the states */
  readonly logits: number
  readonly logitGradient: number
  readonly shards: readonly ShardLayout[]
  /** bytes for the way forward alone, and for both */
  readonly forwardBytes: number
  readonly bytes: number
}

export function layoutOf(plan: ProgramPlan): Layout {
  const { dtype, kind, resetAfter, batch, steps, hiddenSize, outputSize, readouts, lanes, masked } = plan
  const width = dtype === 'float32' ? 4 : 8
  let next = firstFreeByte
  const bytes = (count: number): number => {
    const pointer = next
    next = Math.ceil((next + count) / 64) * 64
    return pointer
  }
  const numbers = (count: number) => bytes(count * width)
  const named = (make: (count: number) => number) =>
    Object.fromEntries(plan.parameters.map(([name, count]) => [name, make(count)]))
  const each = <T>(make: () => T): T[] => lanes.map(make)
  const state = batch * hiddenSize

  const parameterBlock = next
  const parameters = named(numbers)
  const parameterCount = (next - parameterBlock) / width
  const inputs = stretchesOf(plan).map((stretch) =>
    numbers(stretch.steps * batch * stretch.lanes[0].inputSize),
  )
  const forward = each(() => ({
    hidden: numbers((steps + 1) * state),
    cellState: kind === 'lstm' ? numbers((steps + 1) * state) : 0,
    gates: kind === 'rnn' ? 0 : numbers(steps * batch * gateSize(plan)),
    inner: kind === 'rnn' ? 0 : numbers(steps * state),
  }))
  const present = masked ? bytes(steps * batch) : 0
  const logitCount = readouts.length * batch * (outputSize || readSize(plan))
  const logits = numbers(logitCount)
  const columns = Math.max(gateSize(plan), readSize(plan), outputSize, ...inputSizes(plan))
  let row = 0
  const scratches = plan.shards.map((rows) => {
    const own = { row, rows, scratch: numbers(scratchCount(rows, columns, columns)) }
    row += rows
    return own
  })
  const forwardBytes = next

  const gradientBlock = next
  const gradients = named(numbers)
  const backward = each(() => ({
    delta: numbers(steps * batch * gateSize(plan)),
    innerDelta: kind === 'gru' && resetAfter ? numbers(steps * state) : 0,
    external: numbers(steps * state),
    carried: numbers(state),
    carriedCell: kind === 'lstm' ? numbers(state) : 0,
  }))
  const logitGradient = numbers(logitCount)
  const shards = scratches.map((own) => ({
    ...own,
    norms: each(() => bytes(16 * steps)),
    exponents: each(() => bytes(4 * (steps + 1))),
  }))
  return {
    parameters,
    gradients,
    parameterBlock,
    gradientBlock,
    parameterCount,
    inputs,
    strands: forward.map((own, strand) => ({ ...own, ...backward[strand] })),
    present,
    logits,
    logitGradient,
    shards,
    forwardBytes,
    bytes: next,
  }
}

const inputSizes = ({ lanes, decoder }: ProgramPlan): number[] =>
  [...lanes, ...(decoder ?? [])].map(({ inputSize }) => inputSize)
