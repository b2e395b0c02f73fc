/** What a worker thread loads to run shards of programs. */
export { runJob as run } from './job'
