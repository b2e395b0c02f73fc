/** A training loop as a person would write it with the library, for what has to be learned in the tests. */
import {
  applyUpdate,
  type Batch,
  type BpttOptions,
  bpttGradient,
  type Cell,
  type CellOptions,
  type ClipOptions,
  clipGradient,
  combineEvaluations,
  type Evaluation,
  evaluate,
  type Gradient,
  type OptimizerOptions,
  optimizer,
  rnnCell,
  type SequenceSource,
  type SourceOptions,
  sequenceSource,
  type UnrollOptions,
  unroll,
} from '../../src'

export interface Training {
  readonly source: SourceOptions
  /** sizes come from the source */
  readonly cell: Omit<CellOptions, 'inputSize' | 'outputSize'>
  readonly unroll: UnrollOptions
  readonly loss: BpttOptions
  readonly optimizer: OptimizerOptions
  readonly clip?: ClipOptions
  readonly steps: number
  /** validate after so many steps; default 100 */
  readonly every?: number
  /** ends the training early */
  readonly until?: (trained: Trained) => boolean
  /** sees every gradient */
  readonly watch?: (gradient: Gradient) => void
}

export interface Trained {
  readonly cell: Cell
  readonly source: SequenceSource
  readonly step: number
  readonly validation: Evaluation
}

/** @returns what was validated, the last last */
export function train(training: Training): Trained[] {
  const { steps, every = 100 } = training
  const source = sequenceSource(training.source)
  const { inputSize, outputSize } = source.task
  const rules = optimizer(training.optimizer)
  let cell = rnnCell({ ...training.cell, inputSize, outputSize })
  const validated: Trained[] = []
  for (const batch of source) {
    const gradient = bpttGradient(unrollBatch(cell, batch, training), batch.targets, {
      ...training.loss,
      mask: batch.targetMask,
    })
    training.watch?.(gradient)
    const clipped = clipGradient(gradient, { rule: 'global-norm', threshold: 1, ...training.clip })
    cell = applyUpdate(cell, rules.update(clipped, cell))
    if (batch.step % every !== 0 && batch.step !== steps) continue
    const trained = { cell, source, step: batch.step, validation: validate(cell, source, training) }
    validated.push(trained)
    if (batch.step === steps || training.until?.(trained)) break
  }
  return validated
}

export const unrollBatch = (
  cell: Cell,
  { inputs, lengths, targets }: Batch,
  training: Pick<Training, 'unroll'>,
) => unroll(cell, inputs, { ...training.unroll, lengths, targets })

function validate(cell: Cell, source: SequenceSource, training: Training): Evaluation {
  return combineEvaluations(
    [...source.validation()].map((batch) =>
      evaluate(unrollBatch(cell, batch, training), batch.targets, {
        ...training.loss,
        mask: batch.targetMask,
      }),
    ),
  )
}

/** √(loss / variance of the targets) of the last validation, the loss being mse: 1 is what their mean would have. */
export function normalizedError({ source, validation }: Trained): number {
  const targets = [...source.validation()].flatMap((batch) => [...batch.targets.data])
  const mean = targets.reduce((sum, value) => sum + value, 0) / targets.length
  const variance = targets.reduce((sum, value) => sum + (value - mean) ** 2, 0) / targets.length
  return Math.sqrt(validation.loss / variance)
}
