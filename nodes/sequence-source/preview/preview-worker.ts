/** What the worker thread of `aside` loads. */
export { firstSequence as run } from './first-sequence'
