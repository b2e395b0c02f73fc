/** What the worker thread of `aside` loads. */
export { traceOf as run } from './trace'
