/** What a worker thread loads that goes back step by step. */
import { answering } from '../kernel/pool/aside'
import { finishGradient } from './gradient-aside'

export const run = answering(finishGradient)
