/** All tasks by their name. */
import { oneOf } from '../expected'
import { type Generator, generatedTask } from './generated'
import { type SourceOptions, type TaskName, taskNames } from './options'
import type { Task } from './task'
import { adding } from './tasks/adding'
import { copyMemory } from './tasks/copy-memory'
import { dataset } from './tasks/dataset'
import { delayedEcho } from './tasks/delayed-echo'
import { embeddedReber } from './tasks/embedded-reber'
import { lorenz } from './tasks/lorenz'
import { mackeyGlass } from './tasks/mackey-glass'
import { narma10 } from './tasks/narma10'
import { parity } from './tasks/parity'
import { reverse } from './tasks/reverse'
import { sine } from './tasks/sine'
import { sineMixture } from './tasks/sine-mixture'
import { temporalOrder } from './tasks/temporal-order'
import { text } from './tasks/text'
import { waveform } from './tasks/waveform'

type MakeTask = (options: SourceOptions, seed: number) => Task

const drawn =
  (generator: (options: SourceOptions) => Generator): MakeTask =>
  (options, seed) =>
    generatedTask(generator(options), options, seed)

const tasks: Readonly<Record<TaskName, MakeTask>> = {
  dataset,
  sine: drawn(sine),
  adding: drawn(adding),
  'temporal-order': drawn(temporalOrder),
  'copy-memory': drawn(copyMemory),
  parity: drawn(parity),
  'delayed-echo': drawn(delayedEcho),
  'embedded-reber': drawn(embeddedReber),
  'sine-mixture': drawn(sineMixture),
  'mackey-glass': mackeyGlass,
  lorenz,
  narma10: drawn(narma10),
  text,
  reverse: drawn(reverse),
  waveform: drawn(waveform),
}

/** @throws ExpectedError for an unknown task, an option out of its range, or data that cannot be read */
export const makeTask = (options: SourceOptions, seed: number): Task =>
  tasks[oneOf('task', options.task, taskNames)](options, seed)
