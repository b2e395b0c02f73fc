/** A program forward: the inputs of all steps in one product, the steps themselves, and all readouts in one product. */
import type { ShardLayout } from './layout'
import { at, type Call, entryRead, inputParts, type Machine, readRuns, topStrands } from './machine'
import { gateSize, readSize } from './plan'
import { productOfRows } from './product-of-rows'

/** All steps of a shard's sequences. */
export const forwardCalls = (machine: Machine, shard: ShardLayout): Call[] => [
  ...machine.stretches.flatMap((_, stretch) =>
    machine.plan.lanes.flatMap((_, strand) => [
      ...projectInputs(machine, shard, stretch, strand),
      takeSteps(machine, shard, stretch, strand),
    ]),
  ),
  ...readOut(machine, shard),
]

/** U x_t + b for all steps, where the gates will be. */
function projectInputs(machine: Machine, shard: ShardLayout, stretchIndex: number, strand: number): Call[] {
  const { plan, layout, stretches } = machine
  const { first, steps, lanes } = stretches[stretchIndex]
  const { suffix, inputSize, reverse } = lanes[strand]
  const { hidden, gates } = layout.strands[strand]
  const columns = gateSize(plan)
  const perStep = plan.batch * columns
  const pointer =
    gates === 0
      ? at(machine, hidden, (reverse ? first - 1 : first) * perStep)
      : at(machine, gates, (first - 1) * perStep)
  return inputParts(machine, stretchIndex, strand).map((part, index) =>
    productOfRows(machine, shard, {
      a: { pointer: part.pointer, ld: part.size, columns: part.size },
      b: { pointer: at(machine, layout.parameters[`U${suffix}`], part.column), ld: inputSize },
      transposed: true,
      out: { pointer, ld: columns, columns },
      steps,
      ...(index === 0 ? { bias: layout.parameters[`b${suffix}`] } : { accumulate: true }),
    }),
  )
}

function takeSteps(machine: Machine, shard: ShardLayout, stretchIndex: number, strand: number): Call {
  const { plan, layout, kernel, stretches } = machine
  const { first, steps, lanes } = stretches[stretchIndex]
  const { suffix, reverse } = lanes[strand]
  const { batch, hiddenSize, activation, gateActivation, clip } = plan
  const { row, rows, scratch } = shard
  const own = layout.strands[strand]
  const sign = reverse ? -1 : 1
  /** the step that is taken first, from 0, and the entry of the state before it */
  const begin = reverse ? first + steps - 2 : first - 1
  const before = reverse ? first + steps - 1 : first - 1
  const state = batch * hiddenSize
  const ofState = (pointer: number, entry: number) => at(machine, pointer, entry * state + row * hiddenSize)
  const columns = gateSize(plan)
  const gates = at(machine, own.gates, (begin * batch + row) * columns)
  const present = layout.present && layout.present + begin * batch + row
  const { parameters } = layout
  const w = parameters[`W${suffix}`]
  const peepholes = parameters[`p${suffix}`] ?? 0
  const innerBias = parameters[`bn${suffix}`] ?? 0
  const [stateStride, gateStride, presentStride] = [sign * state, sign * batch * columns, sign * batch]
  const [hidden, after] = [ofState(own.hidden, before), ofState(own.hidden, before + sign)]
  const [cellState, inner] = [ofState(own.cellState, before), ofState(own.inner, begin)]
  const resetAfter = plan.resetAfter ? 1 : 0
  if (plan.kind === 'rnn')
    return () =>
      kernel.rnnForward(
        steps,
        rows,
        hiddenSize,
        w,
        after,
        stateStride,
        hidden,
        stateStride,
        activation,
        clip,
        present,
        presentStride,
        scratch,
      )
  if (plan.kind === 'lstm')
    return () =>
      kernel.lstmForward(
        steps,
        rows,
        hiddenSize,
        w,
        peepholes,
        gates,
        gateStride,
        hidden,
        stateStride,
        cellState,
        stateStride,
        inner,
        stateStride,
        activation,
        gateActivation,
        clip,
        present,
        presentStride,
        scratch,
      )
  return () =>
    kernel.gruForward(
      steps,
      rows,
      hiddenSize,
      w,
      innerBias,
      resetAfter,
      gates,
      gateStride,
      inner,
      stateStride,
      hidden,
      stateStride,
      activation,
      gateActivation,
      clip,
      present,
      presentStride,
      scratch,
    )
}

/** V s_t + c at all readouts. Without a readout the states themselves are copied by whoever asks. */
function readOut(machine: Machine, shard: ShardLayout): Call[] {
  const { plan, layout } = machine
  const { outputSize, batch, hiddenSize } = plan
  if (outputSize === 0) return []
  return readRuns(plan).flatMap(({ readout, count, t }) =>
    topStrands(machine).map((strand, index) => {
      const entry = entryRead(machine, strand, t)
      return productOfRows(machine, shard, {
        a: {
          pointer: at(machine, layout.strands[strand].hidden, entry * batch * hiddenSize),
          ld: hiddenSize,
          columns: hiddenSize,
        },
        b: { pointer: at(machine, layout.parameters.V, index * hiddenSize), ld: readSize(plan) },
        transposed: true,
        out: {
          pointer: at(machine, layout.logits, readout * batch * outputSize),
          ld: outputSize,
          columns: outputSize,
        },
        steps: count,
        ...(index === 0 ? { bias: layout.parameters.c } : { accumulate: true }),
      })
    }),
  )
}
