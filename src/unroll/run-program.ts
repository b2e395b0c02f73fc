/** Forward by a program: what goes into its memory, and what is taken out. */
import type { Cell } from '../rnn-cell/cell'
import { entry } from '../tensor/axes'
import { type Tensor, tensor } from '../tensor/tensor'
import type { Extent } from './compile'
import { loadParameters, type Runner, rememberTape, runnerFor } from './programs'
import { type InitialState, startOf } from './state'
import type { Strand, Unrolled } from './unrolled'

export interface ProgramInput {
  readonly cell: Cell
  /** [inputSteps, B, D] */
  readonly inputs: Tensor
  /** what the steps after those take in [T - inputSteps, B, D'] */
  readonly fed?: Tensor
  readonly present?: Uint8Array
  readonly start: InitialState
}

/** A runner with everything in its memory that the way forward needs. */
export function loaded({ cell, inputs, fed, present, start }: ProgramInput, extent: Extent): Runner {
  const runner = runnerFor(cell, extent)
  const { program } = runner
  const { layout, plan } = program
  runner.generation += 1
  loadParameters(runner, cell)
  const [first, second] = layout.inputs
  program.floats(first, inputs.data.length).set(inputs.data)
  if (fed) program.floats(second ?? first + inputs.data.byteLength, fed.data.length).set(fed.data)
  if (present) program.bytes(layout.present, present.length).set(present)
  const size = plan.batch * plan.hiddenSize
  layout.strands.forEach(({ hidden, cellState }, strand) => {
    const index = plan.lanes[strand].reverse ? plan.steps : 0
    const states = (pointer: number) => program.floats(pointer, (plan.steps + 1) * size)
    states(hidden).set(entry(start.hidden, strand), index * size)
    if (start.cellState) states(cellState).set(entry(start.cellState, strand), index * size)
  })
  return runner
}

export interface Taken {
  readonly strands: readonly Strand[]
  /** missing without a readout */
  readonly logits?: Tensor
}

/** What the way forward left, as values of its own. The tape stays where it is for the way back. */
export function takeOut(runner: Runner, input: ProgramInput): Taken {
  const { program } = runner
  const { layout, plan } = program
  const { batch, steps, hiddenSize, outputSize, readouts, dtype } = plan
  const copy = (pointer: number, shape: readonly number[]): Tensor => {
    const count = shape.reduce((product, size) => product * size, 1)
    return tensor(dtype, shape, program.floats(pointer, count).slice())
  }
  const shape = [steps + 1, batch, hiddenSize]
  const strands = layout.strands.map(({ hidden, cellState }, strand) => ({
    layer: plan.lanes[strand].layer,
    reverse: plan.lanes[strand].reverse,
    hidden: copy(hidden, shape),
    ...(cellState && { cellState: copy(cellState, shape) }),
  }))
  rememberTape(runner, strands[0].hidden.data, input)
  return {
    strands,
    ...(outputSize > 0 && { logits: copy(layout.logits, [readouts.length, batch, outputSize]) }),
  }
}

/** A runner with the inputs and the first states of a tape that is no longer in any memory. */
export function loadTape(unrolled: Unrolled): Runner {
  const { cell, topology, batch, steps, inputSteps, readouts, inputs, fed, present } = unrolled
  const start = startOf(unrolled)
  const extent = { topology, batch, steps, inputSteps, readouts, masked: present !== undefined }
  return loaded({ cell, inputs, start, ...(fed && { fed: fed.inputs }), ...(present && { present }) }, extent)
}
