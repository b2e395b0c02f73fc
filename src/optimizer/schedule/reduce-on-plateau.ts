/**
 * Less learning rate when the validation loss no longer improves: torch.optim.lr_scheduler.ReduceLROnPlateau
 * with mode min and threshold_mode rel.
 */
export interface PlateauSettings {
  /** what the rate is multiplied with */
  readonly factor: number
  /** so many losses in a row without improvement are borne, one more is not */
  readonly patience: number
  /** an improvement is a loss below best · (1 - threshold) */
  readonly threshold: number
  /** so many losses after a reduction are not counted */
  readonly cooldown: number
  /** no reduction goes below it */
  readonly minLearningRate: number
}

/** Plain numbers: it survives JSON. */
export interface PlateauState {
  /** best loss so far; null before the first finite one */
  readonly best: number | null
  /** losses in a row without improvement: num_bad_epochs */
  readonly badCount: number
  /** losses that are still not counted: cooldown_counter */
  readonly cooldownLeft: number
  /** what the learning rate is multiplied with now */
  readonly factor: number
  /** learning rate of the last update, before the schedule */
  readonly learningRate: number
}

export const plateauStart = (learningRate: number): PlateauState => ({
  best: null,
  badCount: 0,
  cooldownLeft: 0,
  factor: 1,
  learningRate,
})

/** The state after one more validation loss; a loss that is not finite is no improvement. */
export function plateauNext(state: PlateauState, loss: number, settings: PlateauSettings): PlateauState {
  const improved =
    Number.isFinite(loss) && (state.best === null || loss < state.best * (1 - settings.threshold))
  const counted = improved || state.cooldownLeft > 0 ? 0 : state.badCount + 1
  const reduces = counted > settings.patience
  return {
    best: improved ? loss : state.best,
    badCount: reduces ? 0 : counted,
    cooldownLeft: reduces ? settings.cooldown : Math.max(state.cooldownLeft - 1, 0),
    factor: reduces ? reduced(state, settings) : state.factor,
    learningRate: state.learningRate,
  }
}

/** A reduction by 1e-8 or less is not made: PyTorch's eps. */
function reduced({ factor, learningRate }: PlateauState, settings: PlateauSettings): number {
  const before = learningRate * factor
  const after = Math.max(before * settings.factor, settings.minLearningRate)
  return before - after > 1e-8 ? after / learningRate : factor
}
