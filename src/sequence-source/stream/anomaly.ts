/**
 * How unusual the error of a prediction is: its z-score against the running mean and variance of the errors before it. The
 * warm-up gives the first of both; after it they follow as exponential averages of what is left of an error when its excess
 * beyond the band is cut off, so that an anomaly does not make the next one look usual (as ZClip has it for norms, Kumar et
 * al. 2025, arXiv:2504.02507). The state has hysteresis, as a Schmitt trigger.
 */
import { describe, ExpectedError, numberIn } from '../../expected'

export interface AnomalyOptions {
  /** half the width of the band, in standard deviations of the error; default 4 */
  band?: number
  /** the running distribution is that of about so many latest errors; default 100 */
  memory?: number
  /** so many errors are only learned from; default 30 */
  warmUp?: number
  /** an alert ends when the score is below this share of `band`; default 0.7 */
  leaveBelow?: number
  /** and was so for this many errors in a row; default 3 */
  leaveAfter?: number
}

/** All by output, in the units of the data. */
export interface Anomaly {
  readonly truth: readonly number[]
  /** that was made of it `horizon` steps before */
  readonly prediction: readonly number[]
  /** truth - prediction */
  readonly error: readonly number[]
  /** standard deviations that the error is off its mean, of several outputs the most; null in the warm-up */
  readonly score: number | null
  /** where the truth was to be expected, from and to; null in the warm-up */
  readonly band: readonly [low: readonly number[], high: readonly number[]] | null
  readonly state: 'ok' | 'alert'
}

/** Plain numbers, safe in JSON. */
export interface AnomalyState {
  /** errors so far */
  readonly count: number
  /** of the error, by output */
  readonly mean: readonly number[]
  readonly variance: readonly number[]
  readonly alert: boolean
  /** clearly lower scores in a row since the alert began */
  readonly calm: number
}

export interface AnomalyDetector {
  /**
   * @param usual deviations of the readings, by output: a hundredth of them is as little as one of the error counts for;
   *   without them, nothing is too little
   * @throws ExpectedError for another number of outputs than before
   */
  observe(prediction: readonly number[], truth: readonly number[], usual?: readonly number[]): Anomaly
  /** what `anomalyDetector(options, state)` continues from, bit for bit */
  state(): AnomalyState
}

/** Where readings never change and are predicted exactly, rounding errors are no anomalies. */
const leastShare = 0.01

/** Beyond it a variance would not be finite. */
const largest = 1e150

/**
 * @param state of an earlier detector
 * @throws ExpectedError for an option out of its range, or a state that no detector has been in
 */
export function anomalyDetector(options: AnomalyOptions = {}, state?: AnomalyState): AnomalyDetector {
  const { band, memory, warmUp, leaveBelow, leaveAfter } = anomalySettings(options)
  if (state) checkState(state)
  let { count, mean, variance, alert, calm } = state ?? {
    count: 0,
    mean: [],
    variance: [],
    alert: false,
    calm: 0,
  }

  const follow = (error: readonly number[], deviation: readonly number[]) => {
    count += 1
    const isWarm = count > warmUp
    const share = isWarm ? 1 / memory : 1 / count
    const before = mean
    const within = error.map((value, output) => {
      const most = isWarm ? band * deviation[output] : largest
      return clamp(value - before[output], Math.min(most, largest))
    })
    mean = within.map((off, output) => before[output] + share * off)
    // of a first value the deviation is 0; from then on West 1979 (CACM 22:9), with equal or with falling weights
    variance = within.map((off, output) => (1 - share) * (variance[output] + share * off * off))
  }

  const judge = (score: number) => {
    if (score > band) {
      alert = true
      calm = 0
      return
    }
    calm = alert && score < leaveBelow * band ? calm + 1 : 0
    if (calm >= leaveAfter) {
      alert = false
      calm = 0
    }
  }

  return {
    observe(prediction, truth, usual) {
      const size = truth.length
      if (prediction.length !== size || (count > 0 && mean.length !== size))
        throw new ExpectedError(
          `${count > 0 ? mean.length : size} predictions and truths`,
          describe(prediction),
        )
      if (count === 0) [mean, variance] = [truth.map(() => 0), truth.map(() => 0)]
      const error = truth.map((value, output) => value - prediction[output])
      const deviation = variance.map((value, output) =>
        Math.max(Math.sqrt(value), leastShare * (usual?.[output] ?? 0), Number.MIN_VALUE),
      )
      const isKnown = count >= warmUp
      const scores = error.map((value, output) => Math.abs(value - mean[output]) / deviation[output])
      const score = isKnown ? Math.min(Math.max(...scores), Number.MAX_VALUE) : null
      const edge = (side: 1 | -1) =>
        prediction.map((value, output) => value + mean[output] + side * band * deviation[output])
      const expected = isKnown ? ([edge(-1), edge(1)] as const) : null
      if (score !== null) judge(score)
      follow(error, deviation)
      return { truth, prediction, error, score, band: expected, state: alert ? 'alert' : 'ok' }
    },
    state: () => ({ count, mean, variance, alert, calm }),
  }
}

function checkState(state: AnomalyState): void {
  const { count, mean, variance, alert, calm } = state
  const isState =
    [count, calm].every((number) => Number.isSafeInteger(number) && number >= 0) &&
    [mean, variance].every((row) => Array.isArray(row) && row.every(Number.isFinite)) &&
    mean.length === variance.length &&
    variance.every((value) => value >= 0) &&
    typeof alert === 'boolean'
  if (!isState)
    throw new ExpectedError('a state { count, mean, variance, alert, calm } of a detector', describe(state))
}

const clamp = (value: number, most: number): number => Math.max(Math.min(value, most), -most)

/** @throws ExpectedError for an option out of its range */
const anomalySettings = (options: AnomalyOptions): Required<AnomalyOptions> => ({
  band: numberIn('band', options.band ?? 4, { min: 0, above: true }),
  memory: numberIn('memory', options.memory ?? 100, { min: 1, max: 1_000_000 }),
  warmUp: numberIn('warmUp', options.warmUp ?? 30, { min: 2, max: 1_000_000, integer: true }),
  leaveBelow: numberIn('leaveBelow', options.leaveBelow ?? 0.7, { min: 0, above: true, max: 1 }),
  leaveAfter: numberIn('leaveAfter', options.leaveAfter ?? 3, { min: 1, integer: true }),
})
