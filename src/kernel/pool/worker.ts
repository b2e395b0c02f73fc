/** What a worker thread loads: the function that runs its jobs. */
export { runJob as run } from './job'
