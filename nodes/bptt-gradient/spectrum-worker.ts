/** What a worker thread loads that measures a spectrum. */
import { answering } from '../../src'
import { measureSpectrum } from '../common/spectrum-message'

export const run = answering(measureSpectrum)
