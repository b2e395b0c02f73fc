/** A program backward: from ∂L/∂(V s_t + c) to δ_t of every step and strand, for the sequences of a shard. */
import type { ShardLayout } from './layout'
import { at, type Call, inputParts, type Machine, readRuns, topStrands } from './machine'
import { gateSize, readSize } from './plan'
import { productOfRows } from './product-of-rows'

/** @param visit what is to be done with δ of a strand while it stands under the exponents of its steps */
export function backwardCalls(
  machine: Machine,
  shard: ShardLayout,
  memory: WebAssembly.Memory,
  visit: (stretch: number, strand: number) => readonly Call[],
): Call[] {
  const { plan, stretches } = machine
  const calls = [...clear(machine, shard, memory), ...throughReadout(machine, shard, memory)]
  for (let stretch = stretches.length - 1; stretch >= 0; stretch--)
    for (let strand = plan.lanes.length - 1; strand >= 0; strand--)
      calls.push(
        stepsBack(machine, shard, stretch, strand),
        ...visit(stretch, strand),
        ...restoreSizes(machine, shard, stretch, strand),
        ...passDown(machine, shard, stretch, strand),
      )
  return calls
}

/** The losses are all at the step where the way back begins: they are what is carried from the start. */
const lossesAtEnd = ({ plan: { readouts, steps, bidirectional, readsOnce } }: Machine): boolean =>
  readouts.length === 1 && readouts[0] === steps && (!bidirectional || readsOnce)

/** Nothing is carried yet, and no layer has anything from above. */
function clear(machine: Machine, { row, rows, exponents }: ShardLayout, memory: WebAssembly.Memory): Call[] {
  const { plan, layout, width } = machine
  const { batch, hiddenSize, steps } = plan
  const bytesOf = (pointer: number, count: number) => ({ from: pointer, to: pointer + count * width })
  const tops = topStrands(machine)
  const regions = layout.strands.flatMap(({ carried, carriedCell, external }, strand) => {
    const own = [carried, carriedCell].flatMap((pointer) =>
      pointer ? bytesOf(at(machine, pointer, row * hiddenSize), rows * hiddenSize) : [],
    )
    if (!tops.includes(strand) || plan.readouts.length === steps || lossesAtEnd(machine)) return own
    const ofSteps = Array.from({ length: steps }, (_, step) =>
      bytesOf(at(machine, external, (step * batch + row) * hiddenSize), rows * hiddenSize),
    )
    return [...own, ...(rows === batch ? [bytesOf(external, steps * batch * hiddenSize)] : ofSteps)]
  })
  // made at the first call, when the memory has grown; views of a shared memory stay valid
  let views: Uint8Array[] | undefined
  return [
    () => {
      views ??= [
        ...regions.map(({ from, to }) => new Uint8Array(memory.buffer, from, to - from)),
        ...exponents.map((pointer) => new Uint8Array(memory.buffer, pointer, 4)),
      ]
      for (const view of views) view.fill(0)
    },
  ]
}

/** ∂L/∂s_t = Vᵀ ∂L/∂(V s_t + c), at the steps that are read. */
function throughReadout(machine: Machine, shard: ShardLayout, memory: WebAssembly.Memory): Call[] {
  const { plan, layout } = machine
  const { batch, hiddenSize, outputSize } = plan
  return readRuns(plan).flatMap(({ readout, count, t }) =>
    topStrands(machine).map((strand, index) => {
      const { external, carried } = layout.strands[strand]
      const step = plan.lanes[strand].reverse && plan.readsOnce ? 1 : t
      const pointer = lossesAtEnd(machine) ? carried : at(machine, external, (step - 1) * batch * hiddenSize)
      if (outputSize === 0) return copyHalf(machine, shard, memory, { readout, count, side: index, pointer })
      return productOfRows(machine, shard, {
        a: {
          pointer: at(machine, layout.logitGradient, readout * batch * outputSize),
          ld: outputSize,
          columns: outputSize,
        },
        b: { pointer: at(machine, layout.parameters.V, index * hiddenSize), ld: readSize(plan) },
        transposed: false,
        out: { pointer, ld: hiddenSize, columns: hiddenSize },
        steps: count,
      })
    }),
  )
}

/** Without a readout ∂L/∂s_t is given: each direction takes its half. */
function copyHalf(
  machine: Machine,
  { row, rows }: ShardLayout,
  memory: WebAssembly.Memory,
  { readout, count, side, pointer }: { readout: number; count: number; side: number; pointer: number },
): Call {
  const { plan, layout, width } = machine
  const { batch, hiddenSize } = plan
  const size = readSize(plan)
  return () => {
    const bytes = new Uint8Array(memory.buffer)
    for (let step = 0; step < count; step++)
      for (let own = row; own < row + rows; own++) {
        const from = at(
          machine,
          layout.logitGradient,
          ((readout + step) * batch + own) * size + side * hiddenSize,
        )
        bytes.copyWithin(
          at(machine, pointer, (step * batch + own) * hiddenSize),
          from,
          from + hiddenSize * width,
        )
      }
  }
}

/** How the way back goes through a stretch: from the last step of a forward strand down, from the first of a reverse one up. */
function wayBackOf({ plan, stretches }: Machine, stretchIndex: number, strand: number) {
  const { first, steps, lanes } = stretches[stretchIndex]
  const { reverse } = lanes[strand]
  return {
    sign: reverse ? 1 : -1,
    /** the step it begins with, from 0 */
    begin: reverse ? first - 1 : first + steps - 2,
    /** steps back that were taken before these */
    taken: reverse ? 0 : plan.steps - (first + steps - 1),
  }
}

function stepsBack(machine: Machine, shard: ShardLayout, stretchIndex: number, strand: number): Call {
  const { plan, layout, kernel, stretches } = machine
  const { first, steps, lanes } = stretches[stretchIndex]
  const { suffix, reverse } = lanes[strand]
  const { batch, hiddenSize, activation, gateActivation, clip, kind } = plan
  const { row, rows, scratch } = shard
  const own = layout.strands[strand]
  const { sign, begin, taken } = wayBackOf(machine, stretchIndex, strand)
  const [after, before] = reverse ? [first - 1, first] : [first + steps - 1, first + steps - 2]
  const columns = gateSize(plan)
  const state = batch * hiddenSize
  const ofState = (pointer: number, entry: number) => at(machine, pointer, entry * state + row * hiddenSize)
  const ofGates = (pointer: number) => at(machine, pointer, (begin * batch + row) * columns)

  const w = layout.parameters[`W${suffix}`]
  const peepholes = layout.parameters[`p${suffix}`] ?? 0
  const [stateStride, gateStride, presentStride] = [sign * state, sign * batch * columns, sign * batch]
  const present = layout.present && layout.present + begin * batch + row
  const external = hasExternal(machine, stretchIndex, strand) ? ofState(own.external, begin) : 0
  const [gates, delta] = [ofGates(own.gates), ofGates(own.delta)]
  const [inner, innerDelta] = [ofState(own.inner, begin), ofState(own.innerDelta, begin)]
  const [carried, carriedCell] = [ofState(own.carried, 0), ofState(own.carriedCell, 0)]
  const norms = shard.norms[strand] + 16 * taken
  const exponents = shard.exponents[strand] + 4 * taken
  const keepLast = stretchIndex > 0 ? 1 : 0
  const resetAfter = plan.resetAfter ? 1 : 0

  if (kind === 'rnn') {
    const states = ofState(own.hidden, after)
    return () =>
      kernel.rnnBackward(
        steps,
        rows,
        hiddenSize,
        w,
        states,
        stateStride,
        activation,
        clip,
        external,
        stateStride,
        delta,
        gateStride,
        carried,
        norms,
        exponents,
        present,
        presentStride,
        keepLast,
        scratch,
      )
  }
  if (kind === 'lstm') {
    const cellBefore = ofState(own.cellState, before)
    return () =>
      kernel.lstmBackward(
        steps,
        rows,
        hiddenSize,
        w,
        peepholes,
        gates,
        gateStride,
        inner,
        stateStride,
        cellBefore,
        stateStride,
        activation,
        gateActivation,
        clip,
        external,
        stateStride,
        delta,
        gateStride,
        carried,
        carriedCell,
        norms,
        exponents,
        present,
        presentStride,
        keepLast,
        scratch,
      )
  }
  const states = ofState(own.hidden, before)
  return () =>
    kernel.gruBackward(
      steps,
      rows,
      hiddenSize,
      w,
      resetAfter,
      gates,
      gateStride,
      inner,
      stateStride,
      states,
      stateStride,
      activation,
      gateActivation,
      clip,
      external,
      stateStride,
      delta,
      gateStride,
      innerDelta,
      stateStride,
      carried,
      norms,
      exponents,
      present,
      presentStride,
      keepLast,
      scratch,
    )
}

/** Whether something comes in besides what is carried: from the layer above, or from losses within the stretch. */
function hasExternal(machine: Machine, stretchIndex: number, strand: number): boolean {
  if (!topStrands(machine).includes(strand)) return true
  const { first, steps } = machine.stretches[stretchIndex]
  return !lossesAtEnd(machine) && machine.plan.readouts.some((t) => t >= first && t < first + steps)
}

/** δ at its true size again, whatever the exponents of its steps. */
function restoreSizes(machine: Machine, shard: ShardLayout, stretchIndex: number, strand: number): Call[] {
  const { plan, layout, kernel, stretches } = machine
  const { steps } = stretches[stretchIndex]
  const { delta, innerDelta } = layout.strands[strand]
  const { sign, begin, taken } = wayBackOf(machine, stretchIndex, strand)
  const exponents = shard.exponents[strand] + 4 * taken
  return [
    { pointer: delta, columns: gateSize(plan) },
    { pointer: innerDelta, columns: plan.hiddenSize },
  ]
    .filter(({ pointer }) => pointer !== 0)
    .map(({ pointer, columns }) => {
      const from = at(machine, pointer, (begin * plan.batch + shard.row) * columns)
      const stride = sign * plan.batch * columns
      return () => kernel.scaleSteps(from, steps, shard.rows * columns, stride, exponents)
    })
}

/** ∂L/∂ the states of the layer below: Uᵀ δ_t, added up over the directions that read them. */
function passDown(machine: Machine, shard: ShardLayout, stretchIndex: number, strand: number): Call[] {
  const { plan, layout, stretches } = machine
  const { first, steps, lanes } = stretches[stretchIndex]
  const { suffix, inputSize, reverse } = lanes[strand]
  const columns = gateSize(plan)
  return inputParts(machine, stretchIndex, strand).flatMap((part) => {
    if (part.strand === undefined) return []
    return productOfRows(machine, shard, {
      a: {
        pointer: at(machine, layout.strands[strand].delta, (first - 1) * plan.batch * columns),
        ld: columns,
        columns,
      },
      b: { pointer: at(machine, layout.parameters[`U${suffix}`], part.column), ld: inputSize },
      transposed: false,
      out: {
        pointer: at(
          machine,
          layout.strands[part.strand].external,
          (first - 1) * plan.batch * plan.hiddenSize,
        ),
        ld: plan.hiddenSize,
        columns: plan.hiddenSize,
      },
      steps,
      // the strands come from the last one down: the reverse one of a layer before the forward one
      accumulate: plan.bidirectional && !reverse,
    })
  })
}
