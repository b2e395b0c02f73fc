/** What a worker thread loads that goes forward step by step. */
import { answering } from '../kernel/pool/aside'
import { stepForward } from './unroll-aside'

export const run = answering(stepForward)
