/** The spectrum, beside the event loop where it takes long. */
import { extname, join } from 'node:path'
import { type Aside, aside, type Unrolled } from '../../src'
import type { MessageSpectrum } from '../common/message'
import { isMeasured, measureSpectrum, type SpectrumJob, spectrumJob } from '../common/spectrum-message'

const filename = join(__dirname, `spectrum-worker${extname(__filename)}`)
export const measure: Aside<SpectrumJob, MessageSpectrum> = aside(filename, measureSpectrum)

export function spectrumAside(
  unrolled: Unrolled,
  signal: AbortSignal,
): MessageSpectrum | Promise<MessageSpectrum> {
  const job = spectrumJob(unrolled)
  return measure.do(job, multiplyAdds(job), signal)
}

/** About: of each recurrent matrix that is measured the eigenvalues, and of each step its Jacobian. */
function multiplyAdds({ cell, along }: SpectrumJob): number {
  const numbers = Object.values(cell.parameters).reduce((sum, { data }) => sum + data.length, 0)
  const { hiddenSize } = cell.sizes
  const ofWeights = isMeasured(cell) ? eigenvalues * hiddenSize : 0
  return numbers * (ofWeights + (typeof along === 'string' ? 0 : along.steps * jacobians))
}

/** What QR iteration takes, in products of the matrix with itself. */
const eigenvalues = 30
/** What the norms along time take of each step, in passes over the recurrent weights. */
const jacobians = 10
