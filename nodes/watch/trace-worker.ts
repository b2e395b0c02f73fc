/** What the worker thread of `aside` loads. */
export { timedTrace as run } from './trace'
